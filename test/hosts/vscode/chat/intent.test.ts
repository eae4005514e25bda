/** What lines to @fermata mean, by rules alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Intent,
  type Offered,
  readIntent,
  startLine,
} from "../../../../src/hosts/vscode/chat/intent.ts";

const TEXT = { type: "string", required: true } as const;
const OFFERED: readonly Offered[] = [
  {
    name: "interactive-planning",
    inputs: { task_description: TEXT, depth: { type: "number", default: 3 } },
  },
  { name: "research-question", inputs: { question: TEXT } },
  { name: "deploy-service", inputs: { service: TEXT, environment: TEXT } },
  { name: "deploy-docs", inputs: {} },
];

function planning(inputs: Readonly<Record<string, string>>, missing: readonly string[] = []) {
  return { kind: "start", workflow: "interactive-planning", inputs, missing } as const;
}

const RATE = planning({ task_description: "adding rate limiting" });
const RUN = "run_7k2m4c2d5x2a";

const CASES: readonly (readonly [line: string, Intent])[] = [
  ["plan adding rate limiting", RATE],
  ["Plan: adding rate limiting", RATE],
  ["please start interactive-planning adding rate limiting", RATE],
  ["run Interactive Planning: adding rate limiting", RATE],
  ['interactive-planning task_description="adding rate limiting"', RATE],
  [
    "plan depth=5 how long requests may take",
    planning({ depth: "5", task_description: "how long requests may take" }),
  ],
  ["plan x=y for z", planning({ task_description: "x=y for z" })],
  ["plan", planning({}, ["task_description"])],
  [
    "deploy-service environment=staging",
    {
      kind: "start",
      workflow: "deploy-service",
      inputs: { environment: "staging" },
      missing: ["service"],
    },
  ],
  ["deploy it", { kind: "which", workflows: ["deploy-service", "deploy-docs"] }],
  ["how long did it take compared with one after the other?", { kind: "work" }],
  [`how long did ${RUN} take`, { kind: "work", run: RUN }],
  ["was it faster in parallel", { kind: "work" }],
  [RUN, { kind: "run", run: RUN }],
  ["how is it going", { kind: "run" }],
  ["show the last run", { kind: "run" }],
  ["list runs", { kind: "runs" }],
  ["what is running", { kind: "runs" }],
  ["which workflows are there?", { kind: "workflows" }],
  ["", { kind: "help" }],
  ["help", { kind: "help" }],
  ["make me a sandwich", { kind: "unknown", text: "make me a sandwich" }],
  ["plans-and-more of mine", { kind: "unknown", text: "plans-and-more of mine" }],
];

for (const [line, intent] of CASES) {
  test(`"${line}"`, () => assert.deepEqual(readIntent({ text: line }, OFFERED), intent));
}

test("a slash command says what is meant", () => {
  const read = (command: string, text = "") => readIntent({ command, text }, OFFERED);
  assert.deepEqual(read("run", "plan adding rate limiting"), RATE);
  assert.deepEqual(read("run", "nothing of ours"), { kind: "unknown", text: "nothing of ours" });
  assert.deepEqual(read("runs"), { kind: "runs" });
  assert.deepEqual(read("workflows"), { kind: "workflows" });
  assert.deepEqual(read("show", RUN), { kind: "run", run: RUN });
  assert.deepEqual(read("time"), { kind: "work" });
});

test("the line that is offered is read as it was meant", () => {
  const inputs = { task_description: 'say "x=1" twice', depth: "4" };
  const line = startLine("interactive-planning", inputs);
  assert.deepEqual(
    readIntent({ text: line }, OFFERED),
    planning({ ...inputs, task_description: "say 'x=1' twice" }),
  );
});
