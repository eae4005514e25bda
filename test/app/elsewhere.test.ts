/** A run whose agent only one host can provide: the others leave it as it is, and say where it goes on. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { LanguageModels } from "../../src/agents/languageModels.ts";
import {
  answer,
  asks,
  ends,
  resultOf,
  scene,
  start,
  workflow,
} from "../integration/harness/product.ts";

const FILES = {
  "workflows/it.workflow.yaml": workflow(
    "it",
    `
steps:
  - { id: sure, type: prompt, input: confirm, message: Sure? }
  - { id: say, type: delegate, agent: "@poet", instructions: Say it. }
  - { id: end, type: return, value: { said: "{{ steps.say.response }}" } }
`,
  ),
};

const EDITOR: LanguageModels = {
  list: async () => [{ id: "echo", name: "Echo", family: "echo", maxInputTokens: 1000 }],
  ask: async ({ messages, receive }) => {
    receive(`echo: ${messages.at(-1) ?? ""}`);
    return { type: "answered", model: "echo", input: 2, output: 3 };
  },
};
const SETTINGS = { agents: { "@poet": { adapter: "vscode-lm" } } };

test("a run that chose a model of the editor stays Interrupted elsewhere, and goes on in the editor", async (t) => {
  const place = await scene(t, FILES);
  const editor = await place.open({ languageModels: EDITOR, settings: SETTINGS });
  const run = await start(editor, "it");
  await asks(editor, run, "sure");
  await editor.dispose();

  const terminal = await place.open({ settings: SETTINGS });
  const refused = await terminal.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.match(JSON.stringify(refused), /this host is not VS Code/);
  assert.deepEqual(await terminal.resumeInterrupted(), []);
  const opened = await terminal.openRun(run);
  assert.ok(!opened.ok);
  assert.equal(opened.failure.code, "agent_unavailable");
  assert.match(
    opened.failure.message,
    /@poet .* Open the folder in VS Code: the run goes on there\./,
  );
  const found = (await terminal.listRuns()).find((each) => each.run === run);
  assert.equal(found?.ownership, "nobody");
  await terminal.dispose();

  const again = await place.open({ languageModels: EDITOR, settings: { agents: {} } });
  assert.deepEqual(await again.resumeInterrupted(), [run]);
  await answer(again, run, "sure", true);
  const state = await ends(again, run);
  assert.deepEqual(resultOf(state), { said: "echo: Say it." });
});

const TOOL = `#!/bin/sh
cat >/dev/null
echo "It is said."
`;

test("a run whose agent's program is missing stays Interrupted, and goes on where it is there", async (t) => {
  const place = await scene(t, FILES);
  const tool = join(place.root, "bin", "poet-tool");
  await mkdir(dirname(tool));
  await writeFile(tool, TOOL, { mode: 0o755 });
  const settings = { agents: { "@poet": { adapter: "command", command: ["poet-tool"] } } };
  const env = { ...place.env, PATH: `${dirname(tool)}:${place.env.PATH}` };
  const here = await place.open({ settings, env });
  const run = await start(here, "it");
  await asks(here, run, "sure");
  await here.dispose();

  const without = await place.open({ settings });
  assert.deepEqual(await without.resumeInterrupted(), []);
  const opened = await without.openRun(run);
  assert.ok(!opened.ok);
  assert.equal(opened.failure.code, "agent_unavailable");
  assert.match(opened.failure.message, /@poet is the program poet-tool/);
  assert.match(
    opened.failure.message,
    /is not any more\. Install it again, or put its folder back/,
  );
  const found = (await without.listRuns()).find((each) => each.run === run);
  assert.equal(found?.ownership, "nobody");
  // What was never there fails at its step, as ever: no host is known that has it.
  const never = await without.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.ok(never.ok);
  await answer(without, never.run, "sure", true);
  const failed = await ends(without, never.run);
  assert.equal(failed.failure?.code, "agent_unavailable");
  await without.dispose();

  const again = await place.open({ settings, env });
  assert.deepEqual(await again.resumeInterrupted(), [run]);
  await answer(again, run, "sure", true);
  const state = await ends(again, run);
  assert.deepEqual(resultOf(state), { said: "It is said." });
});
