import assert from "node:assert/strict";
import { test } from "node:test";
import { formatWorkflow } from "../../src/language/format.ts";
import { hoverAt } from "../../src/language/hover.ts";
import { type OutlineNode, outlineOf } from "../../src/language/outline.ts";
import { cursorOf, opened, PLAN, WORLD } from "./marked.ts";

function hover(part: string, marked: string): string | undefined {
  const { text, offset } = cursorOf(PLAN.replace(part, marked));
  return hoverAt(opened(text), offset, WORLD)?.markdown;
}

test("keys, types and names say what they are", () => {
  assert.match(hover("needs_state:", "needs_‸state:") ?? "", /`needs_state` \(list\)/);
  assert.match(hover("type: prompt", "type: pro‸mpt") ?? "", /Asks a person and waits/);
  assert.match(hover("| upper", "| up‸per") ?? "", /`upper` \(filter\)/);
  assert.match(hover("answer.input.split()", "answer.input.sp‸lit()") ?? "", /split\(/);
  assert.match(
    hover("inputs.topic", "inputs.to‸pic") ?? "",
    /\(input, string, required\)\n\nWhat it is about/,
  );
  assert.match(
    hover("state.draft | upper", "state.dr‸aft | upper") ?? "",
    /state field\)\n\nfirst `"first"`/,
  );
  assert.match(hover("steps.ask_you", "steps.ask_‸you") ?? "", /`ask-you` \(prompt\)/);
  const call = "  - { id: w, type: worker_call, worker: qual‸ity, operation: x }\n";
  const { text, offset } = cursorOf(`${PLAN.trimEnd()}\n${call}`);
  assert.match(
    hoverAt(opened(text), offset, WORLD)?.markdown ?? "",
    /`quality` \(worker\)\n\n`http:\/\/127\.0\.0\.1:8002`/,
  );
  assert.match(hover('"@writer"', '"@wri‸ter"') ?? "", /Writes well/);
});

test("text of a file is quoted as code, so that none of it becomes a link", () => {
  const text = PLAN.replace('draft: "first"', 'draft: "`[x](command:evil)`"');
  const { offset } = cursorOf(text.replace("draft | upper", "dr‸aft | upper"));
  assert.match(
    hoverAt(opened(text), offset, WORLD)?.markdown ?? "",
    /`` "`\[x\]\(command:evil\)`" ``$/,
  );
});

function lines(nodes: readonly OutlineNode[], depth = 0): string[] {
  return nodes.flatMap(({ name, detail, children }) => [
    `${"  ".repeat(depth)}${name}${detail ? ` (${detail})` : ""}`,
    ...lines(children, depth + 1),
  ]);
}

test("the outline is the file in its order, steps within steps", () => {
  const text = PLAN.replace(
    "  - id: keep",
    "  - id: choose\n    type: condition\n    if: 1 > 0\n    then:\n      - id: inner\n        type: shell\n        command: x\n  - id: keep",
  );
  const { workflow, source } = opened(text);
  assert.deepEqual(lines(outlineOf(workflow, source)), [
    "inputs",
    "  topic",
    "initial_state",
    "  draft",
    "look-up (task)",
    "  inputs",
    "    question",
    "  initial_state",
    "    draft",
    "  ask-web (shell)",
    "ask-you (prompt)",
    "research (foreach)",
    "choose (condition)",
    "  inner (shell)",
    "keep (set_state)",
    "write (delegate)",
  ]);
});

test("formatting keeps comments and meaning, and is stable", () => {
  const messy =
    "# head\nname:   a\nversion: 1.0.0   # why\nsteps:\n- id: one\n  type:   shell\n  # before\n  command: |\n    echo  'a'   \n    # not a comment\n\n- {id: two, type: shell, command: x}\n# end\n";
  const laid = formatWorkflow(messy);
  assert.ok(laid.ok, laid.ok ? "" : laid.why);
  assert.equal(
    laid.text,
    "# head\nname: a\nversion: 1.0.0 # why\nsteps:\n  - id: one\n    type: shell\n    # before\n    command: |\n      echo  'a'   \n      # not a comment\n\n  - { id: two, type: shell, command: x }\n\n# end\n",
  );
  assert.deepEqual(formatWorkflow(laid.text), laid);
  assert.deepEqual(formatWorkflow(PLAN), { ok: true, text: PLAN });
});

test("a broken file is left as it is, with the reason", () => {
  assert.deepEqual(formatWorkflow("a: [1\n"), {
    ok: false,
    why: "This is not valid YAML; mend it first.",
  });
});
