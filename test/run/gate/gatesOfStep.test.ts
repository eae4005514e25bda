/** Gates of a file with no run: which step is meant wherever it stands, what can be judged, and what is not asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyGates } from "../../../src/run/gate/gatesOfStep.ts";
import { createProgram } from "../../../src/run/start/program.ts";
import type { Json } from "../../../src/util/json.ts";
import { secretsIn } from "../../../src/workflow/read/secret.ts";
import { bundleOf } from "../simulate.ts";

const check = (check: Json, severity = "fail") => ({ name: `g${++named}`, check, severity });
let named = 0;

const gate = (id: string, ...gates: Json[]) => ({ id, type: "gate", gates });

const file: Json = {
  name: "test",
  version: "1.0.0",
  inputs: {
    topic: { type: "string", required: true },
    least: { type: "number", required: true },
    unread: { type: "string", required: true },
  },
  initial_state: { title: "{{ inputs.topic | upper }}", most: 3, later: null },
  steps: [
    {
      id: "call",
      type: "http",
      url: "http://127.0.0.1:1/",
      headers: { token: "{{ secret('TOKEN') }}" },
      output_to: "later",
    },
    {
      id: "both",
      type: "parallel",
      branches: [
        { id: "left", steps: [gate("same", check("state.most == 3"))] },
        {
          id: "right",
          steps: [
            {
              id: "if",
              type: "condition",
              if: "{{ true }}",
              then: [gate("same", check("state.title == 'A'"))],
            },
          ],
        },
      ],
    },
    {
      id: "each",
      type: "foreach",
      items: [1, 2],
      steps: [gate("item", check("item > 0"), check("steps.none is defined or loop.first"))],
    },
    {
      id: "turns",
      type: "while",
      condition: "{{ false }}",
      steps: [
        {
          ...{
            id: "work",
            type: "shell",
            command: "true",
            on_error: [gate("mend", check("1 == 1"))],
          },
          gates: [
            check("output.exit_code == 0"),
            check({ command: "test {{ inputs.least }} -gt 1" }),
            check({ schema: { type: "object" } }),
            check("state.later > 1", "warn"),
            check("run.id != ''"),
          ],
        },
      ],
    },
    { id: "again", type: "foreach", items: [1], task: "part" },
  ],
  tasks: {
    part: {
      inputs: { size: { type: "number", default: 2 } },
      initial_state: { own: "{{ inputs.size }}", from: "{{ item }}" },
      steps: [gate("inner", check("state.own == 2"), check("state.from == 1"))],
    },
  },
};
const bundle = bundleOf(JSON.stringify(file));

const program = createProgram();
const only = (step?: string, output?: Json) =>
  onlyGates(program, bundle, {
    ...(step === undefined ? {} : { step }),
    ...(output === undefined ? {} : { output }),
  });

function found(step: string, output?: Json) {
  const alone = only(step, output);
  assert.ok(alone.ok, alone.ok ? "" : alone.failure.message);
  const main = alone.bundle.workflows[alone.bundle.main];
  assert.ok(main);
  return { ...alone, main, gates: main.steps.flatMap((one) => one.gates ?? []) };
}

function refusal(step?: string): string {
  const alone = only(step);
  return alone.ok ? "" : alone.failure.message;
}

test("steps are reached in branches, items, turns, handlers and tasks, and named by their way where ids are alike", () => {
  assert.equal(found("both.left/same").gates.length, 1);
  assert.equal(found("both.right/if.then/same").name, "both.right/if.then/same");
  assert.equal(found("mend").gates.length, 1);
  assert.equal(found("inner").main.inputs.size?.default, 2);
  assert.match(refusal("same"), /Gates are at both\.left\/same, both\.right\/if\.then\/same\.$/);
  assert.match(
    refusal(),
    /^Which step of .*\? Gates are at both\.left\/same, .*item, work, mend, inner\.$/,
  );
  assert.match(refusal("inne"), /Did you mean inner\?/);
});

test("what only a run has is not judged, and said gate by gate", () => {
  const reasons = (step: string, output?: Json) =>
    found(step, output).unjudged.map(({ needs, reason }) => `${needs}: ${reason}`);
  const ofRun = ["run: reads state.later, which steps write", "run: reads run.id"];
  const looks = "output: looks at what the step gave";
  assert.deepEqual(reasons("work"), [looks, looks, ...ofRun]);
  assert.deepEqual(reasons("work", { exit_code: 0 }), ofRun);
  assert.deepEqual(reasons("inner"), ["run: reads state.from, made of an item"]);
  const none = refusal("item");
  assert.match(none, /No gate of item can be judged without a run: g\d+ reads item; g\d+ reads /);
  assert.match(none, /run the workflow, then the gates of its task\.$/);
});

test("only what these gates read has to be given", () => {
  const required = (step: string) =>
    Object.entries(found(step).main.inputs).flatMap(([name, { required }]) =>
      required ? [name] : [],
    );
  assert.deepEqual(required("both.left/same"), []);
  assert.deepEqual(required("both.right/if.then/same"), ["topic"]);
  assert.deepEqual(required("work"), ["least"]);
  assert.deepEqual(secretsIn(bundle), ["TOKEN"]);
  assert.deepEqual(secretsIn(found("work").bundle), []);
});
