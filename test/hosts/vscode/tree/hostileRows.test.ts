/**
 * Three hundred hostile texts through everything that the side bar, the status bar, messages and picks are handed: what
 * arrives is one line of plain text without letters that steer, no markdown, no link, no icon of a stranger's choice.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunWatch, TemplateInfo } from "../../../../src/app/app.ts";
import { createHostModel } from "../../../../src/hosts/vscode/hostModel.ts";
import type { Session } from "../../../../src/hosts/vscode/session.ts";
import { fold } from "../../../../src/run/evolve/evolve.ts";
import { hostileStrings } from "../../../e2e/page/hostileStrings.ts";
import { begin, bundleOf, createProgram, simulate } from "../../../run/simulate.ts";
import { handed } from "../fakeEditor.ts";

const { createApprovalsView } = await import("../../../../src/hosts/vscode/tree/approvalsView.ts");
const { createRunsView } = await import("../../../../src/hosts/vscode/tree/runsView.ts");
const { createTemplatesView } = await import("../../../../src/hosts/vscode/tree/templatesView.ts");
const { createStatusBar } = await import("../../../../src/hosts/vscode/attention/statusBar.ts");
const { askMany } = await import("../../../../src/hosts/vscode/ask/quickInput.ts");
const { tell } = await import("../../../../src/hosts/vscode/tell.ts");

const TEXTS = hostileStrings();
/** Control characters, marks that turn the reading direction, line breaks. */
const STEERING = /\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/u;

test("every row of every tree is plain text on one line, and its command takes nothing from it", async (context) => {
  const session = await hostileSession();
  const views: { dispose(): void }[] = [];
  context.after(() => {
    for (const view of views) view.dispose();
  });
  for (const create of [createApprovalsView, createRunsView, createTemplatesView, createStatusBar])
    views.push(create(session));
  const rows = await Promise.all([...handed.trees].map(([id]) => rowsOf(id)));
  const counts = rows.map(({ length }) => length);
  assert.ok(Math.min(...counts) >= TEXTS.length, `too few rows: ${counts}`);
  for (const item of rows.flat()) {
    const { label, description, tooltip, accessibilityInformation, command, resourceUri } = item;
    plain(label);
    if (description !== undefined) plain(description);
    if (accessibilityInformation !== undefined)
      plain((accessibilityInformation as { label: unknown }).label);
    for (const line of linesOf(tooltip ?? label)) plain(line);
    const { command: name, arguments: given } = (command ?? {}) as Record<string, unknown>;
    assert.match(
      String(name),
      /^(undefined|fermata\.(approvals|runs)\.open|fermata\.openTemplate)$/,
    );
    if (name !== "fermata.openTemplate") assert.equal(given, undefined);
    const { scheme } = (resourceUri ?? {}) as { scheme?: string };
    assert.ok(scheme === undefined || scheme === "fermata-row");
  }
  const [status] = handed.statusItems;
  assert.match(
    String(status?.text),
    /^Fermata: (\$\(sync~spin\) \d+ running {2})?\$\(bell-dot\) \d+ /,
  );
  for (const line of linesOf(status?.tooltip)) plain(line);
});

test("messages hold no link, and picks no icon, of a stranger's", async () => {
  for (const text of TEXTS) await tell("warning", text, "Retry");
  for (const [said, button] of handed.messages) {
    plain(said);
    // The editor makes a link of "[words](address)" in a message, a command's too.
    assert.doesNotMatch(String(said), /\]\(/);
    assert.equal(button, "Retry");
  }
  const items = TEXTS.map((text) => ({ value: 1, label: text, description: text, detail: text }));
  await askMany({ title: "Pick", items });
  for (const { label, description, detail } of handed.picks.flat())
    for (const text of [label, description, detail]) {
      plain(text);
      assert.doesNotMatch(String(text), /(?<!\\)\$\(/);
    }
  assert.equal(handed.picks.flat().length, TEXTS.length);
});

function plain(text: unknown): void {
  assert.equal(typeof text, "string");
  assert.doesNotMatch(String(text), STEERING);
}

/** A tooltip is plain text, never the editor's markdown; lines are ours. */
function linesOf(tooltip: unknown): readonly string[] {
  assert.equal(typeof tooltip, "string");
  return String(tooltip).split("\n");
}

async function rowsOf(id: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const provider = handed.trees.get(id);
  assert.ok(provider, id);
  const below = async (node: unknown): Promise<readonly unknown[]> => {
    const children = (await provider.getChildren(node)) as readonly unknown[];
    return (await Promise.all(children.map(async (each) => [each, ...(await below(each))]))).flat();
  };
  return (await below(undefined)).map((node) => provider.getTreeItem(node));
}

/** A window on a folder with one run that asks with the texts, and a template by the name of each. */
async function hostileSession(): Promise<Session> {
  const run = "run_1";
  const state = hostileState();
  const watch: RunWatch = {
    ...{ run, state, busy: true, stopped: undefined, refused: new Map() },
    ownership: "here",
    live: new Map(TEXTS.map((text, index) => [`work/${index}/one`, text])),
    onChange: () => () => undefined,
    dispose: () => undefined,
  };
  const model = createHostModel({
    app: () => ({ listRuns: async () => [], watchRun: async () => watch }),
    names: async () => [run],
    fault: (message, cause) => assert.fail(`${message}: ${cause}`),
  });
  await model.look();
  const templates = TEXTS.map(
    (text, index): TemplateInfo => ({
      ...{ name: text, version: text, description: text, source: "user", inputs: {}, secrets: [] },
      ...{ file: `/t/${index}`, ...(index % 2 === 0 ? {} : { problem: text }) },
    }),
  );
  const session = {
    model,
    me: "me",
    fault: assert.fail,
    app: { listTemplates: async () => templates },
  };
  const watching = {
    folder: { uri: {} },
    context: { workspaceState: { get: (_: string, preset: unknown) => preset } },
  };
  return { ...session, ...watching } as unknown as Session;
}

/** A run with the texts as names of steps and items, as failures, and in questions of every kind. */
function hostileState() {
  const program = createProgram();
  const prompt = { type: "prompt", input: "choice", options: ["a", "b"] };
  const bundle = bundleOf(
    JSON.stringify({
      ...{ name: "hostile", version: "1.0.0", inputs: { texts: { type: "array" } } },
      steps: [
        {
          ...{ id: "each", type: "foreach", items: "{{ inputs.texts }}", mode: "continue" },
          ...{ key: "{{ item }}", max_parallel: TEXTS.length },
          steps: [
            {
              id: "one",
              name: "{{ item }}",
              type: "delegate",
              instructions: "{{ item }}",
              on_error: "continue",
            },
            { id: "ask", ...prompt, message: "{{ item }}" },
          ],
        },
        ...TEXTS.map((name, index) => ({
          ...{ id: `step-${index}`, type: "set_state", updates: {} },
          name: name.slice(0, 2000),
        })),
      ],
    }),
  );
  const started = begin(program, bundle, { texts: [...TEXTS] });
  const { records } = simulate(program, [started], {
    outcome: ({ path }) => {
      const index = Number(/\[(\d+)\]/.exec(path)?.[1] ?? -1);
      if (index % 2 === 0) return { type: "completed", result: { response: TEXTS[index] ?? "" } };
      const failure = { code: "agent_error", message: TEXTS[index] ?? "" } as const;
      return { type: "failed", failure };
    },
    answer: () => undefined,
  });
  const state = fold(structuredClone(records));
  assert.ok(state);
  return state;
}
