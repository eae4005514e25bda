/** What cannot run says so before anything runs: file, line, column, what was expected, what was meant. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { App, StartRequest } from "../../src/app/app.ts";
import { formatDiagnostic } from "../../src/workflow/diagnostic.ts";
import { type Files, scene, workflow } from "./harness/product.ts";

const BAD_SERVER = fileURLToPath(new URL("../mcp/servers/badServer.ts", import.meta.url));

async function runFolders(app: App): Promise<readonly string[]> {
  return readdir(join(app.stateFolder, "runs")).catch(() => []);
}

/** Every error of a start that must be refused, one a line; nothing may have happened. */
async function refusal(app: App, request: Partial<StartRequest>): Promise<string> {
  const started = await app.startRun({ template: "it", inputs: {}, startedBy: "t", ...request });
  assert.ok(!started.ok, "it was started");
  assert.deepEqual(await runFolders(app), [], "a run folder was left behind");
  assert.deepEqual(await app.listRuns(), []);
  assert.ok(!existsSync(join(app.workspace, "ran")), "a step ran");
  const errors = started.diagnostics.filter(({ severity }) => severity === "error");
  return errors.length > 0 ? errors.map(formatDiagnostic).join("\n") : started.failure.message;
}

const FILE = "workflows/it.workflow.yaml";
const it = (body: string): Files => ({ [FILE]: workflow("it", body) });

/** A step that leaves a trace comes first everywhere. */
const RAN = `{ id: ran, type: shell, command: "touch ran" }`;

const INPUTS = it(`
inputs:
  subject: { type: string, required: true, description: What it is about }
  count: { type: number, default: 3, validation: { max: 5 } }
steps: [${RAN}]
`);

const CASES: readonly {
  readonly what: string;
  readonly files: Files;
  readonly request?: Partial<StartRequest>;
  readonly says: RegExp;
}[] = [
  {
    what: "a missing input",
    files: INPUTS,
    says: /it\.workflow\.yaml:5:3: error: The input `subject`: .*(missing|required|needed|given).* Expected a text.*\[input\]$/i,
  },
  {
    what: "a wrong input",
    files: INPUTS,
    request: { inputs: { subject: "x", count: "many" } },
    says: /it\.workflow\.yaml:6:3: error: The input `count`: .*"many".* Expected a number/,
  },
  {
    what: "an input that breaks its rule",
    files: INPUTS,
    request: { inputs: { subject: "x", count: 9 } },
    says: /it\.workflow\.yaml:6:3: error: The input `count`: 9 is too large\. Expected at most 5/,
  },
  {
    what: "an unknown input",
    files: INPUTS,
    request: { inputs: { subject: "x", cuont: 2 } },
    says: /it\.workflow\.yaml:4:1: error: The input `cuont`: .* Did you mean `count`\?/,
  },
  {
    what: "an unknown step type",
    files: it(`steps: [${RAN}, { id: two, type: promt, message: x }]`),
    says: /it\.workflow\.yaml:4:\d+: error: .*`?promt`?.* Did you mean `prompt`\?/,
  },
  {
    what: "an unknown key",
    files: it(`steps: [${RAN}, { id: two, type: prompt, mesage: x }]`),
    says: /it\.workflow\.yaml:4:\d+: error: .*mesage.* Did you mean `message`\?/,
  },
  {
    what: "an unknown agent",
    files: it(`steps: [${RAN}, { id: two, type: delegate, agent: "@taks", instructions: x }]`),
    says: /it\.workflow\.yaml:4:\d+: error: There is no agent `@taks`\. Expected one of .* Did you mean `@task`\?/,
  },
  {
    what: "an unknown tool",
    files: it(`steps: [${RAN}, { id: two, type: mcp_call, tool: memory.sav, parameters: {} }]`),
    says: /it\.workflow\.yaml:4:\d+: error: .*`memory` has no tool `sav`.*Did you mean `memory\.save`\?/,
  },
  {
    what: "an unknown server",
    files: it(`steps: [${RAN}, { id: two, type: mcp_call, tool: memroy.save, parameters: {} }]`),
    says: /it\.workflow\.yaml:4:\d+: error: There is no MCP server `memroy`.* Did you mean `memory`\?/,
  },
  {
    what: "an unknown state field",
    files: it(`
initial_state: { plan: null }
steps: [${RAN}, { id: two, type: return, value: "{{ state.plna }}" }]
`),
    says: /it\.workflow\.yaml:5:\d+: error: .*`?plna`?.*Did you mean `(state\.)?plan`\?/,
  },
  {
    what: "an unknown input in an expression",
    files: it(`
inputs: { subject: { type: string, default: x } }
steps: [${RAN}, { id: two, type: return, value: "{{ inputs.subjct }}" }]
`),
    says: /it\.workflow\.yaml:5:\d+: error: .*subjct.*Did you mean `(inputs\.)?subject`\?/,
  },
  {
    what: "an expression that does not parse",
    files: it(`steps: [${RAN}, { id: two, type: return, value: "{{ 1 + }}" }]`),
    says: /it\.workflow\.yaml:4:\d+: error: /,
  },
  {
    what: "a cycle of workflows",
    files: {
      ...it(`steps: [${RAN}, { id: two, type: workflow, workflow: other }]`),
      "workflows/other.workflow.yaml": workflow(
        "other",
        `steps: [{ id: back, type: workflow, workflow: it }]`,
      ),
    },
    says: /\.workflow\.yaml:4:\d+: error: .*(cycle|itself|calls).*/i,
  },
  {
    what: "a task file that is not there",
    files: it(`steps: [${RAN}, { id: two, type: foreach, items: "{{ [1] }}", task: nowhere }]`),
    says: /it\.workflow\.yaml:4:\d+: error: `nowhere` is neither a task of this file nor/,
  },
  {
    what: "an error in the file of a task",
    files: {
      ...it(`steps: [${RAN}, { id: two, type: foreach, items: "{{ [1] }}", task: part }]`),
      "workflows/part.workflow.yaml": workflow(
        "part",
        `steps: [{ id: x, type: shel, command: y }]`,
      ),
    },
    says: /part\.workflow\.yaml:4:\d+: error: .*shel.* Did you mean `shell`\?/,
  },
  {
    what: "a file that is no YAML",
    files: { [FILE]: "name: it\n  version: [" },
    request: { template: FILE },
    says: /it\.workflow\.yaml:\d+:\d+: error: /,
  },
  {
    what: "a name that no workflow has",
    files: INPUTS,
    request: { template: "interactive-planing" },
    says: /There is no workflow named interactive-planing\. Did you mean interactive-planning\?/,
  },
  {
    what: "a server that cannot start: its command, its last words, the next move",
    files: {
      ...it(`steps: [${RAN}, { id: two, type: mcp_call, tool: bad.work, parameters: {} }]`),
      ".mcp.json": JSON.stringify({
        mcpServers: { bad: { command: process.execPath, args: [BAD_SERVER, "exits"] } },
      }),
    },
    says: /it\.workflow\.yaml:4:\d+: error: [\s\S]*`bad` did not start[\s\S]*code 3[\s\S]*reason 26\nreason 27\nreason 28\nreason 29\nreason 30\n[\s\S]*Run `.*badServer\.ts exits` in a terminal/,
  },
  {
    what: "a server whose program is not there",
    files: {
      ...it(`steps: [${RAN}, { id: two, type: mcp_call, tool: bad.work, parameters: {} }]`),
      ".mcp.json": JSON.stringify({ mcpServers: { bad: { command: "no-such-program-here" } } }),
    },
    says: /`bad` did not start: .*no-such-program-here[\s\S]*\.mcp\.json:1:\d+/,
  },
  {
    what: "a broken MCP configuration",
    files: {
      ...it(`steps: [${RAN}, { id: two, type: mcp_call, tool: bad.work, parameters: {} }]`),
      ".mcp.json": JSON.stringify({ mcpServers: { bad: { comand: "x" } } }),
    },
    says: /`bad`[\s\S]*\.mcp\.json:1:\d+[\s\S]*(command|comand)/,
  },
];

for (const { what, files, request = {}, says } of CASES) {
  test(`${what} is told before anything runs`, async (t: TestContext) => {
    const app = await (await scene(t, files)).open();
    assert.match(await refusal(app, request), says);
  });
}

test("each of several errors is told once, in the order of the text", async (t) => {
  const files = it(`
steps:
  - ${RAN}
  - { id: a, type: promt, message: x }
  - { id: b, type: delegate, agent: "@taks", instructions: "{{ nonsense }}" }
`);
  const app = await (await scene(t, files)).open();
  const lines = (await refusal(app, {})).split("\n");
  assert.deepEqual(
    lines.map((line) => /:(\d+):\d+: error/.exec(line)?.[1]),
    ["6", "7", "7"],
  );
});

for (const { what, files, says } of CASES) {
  if (!/unknown (?:step|key|agent|tool|server|state|input in)|cycle/.test(what)) continue;
  test(`${what} is found by validate, where nothing is trusted`, async (t: TestContext) => {
    const app = await (await scene(t, files)).open({ trusted: false });
    const checked = await app.validate("it");
    assert.equal(checked.ok, false);
    assert.match(checked.diagnostics.map(formatDiagnostic).join("\n"), says);
  });
}
