/** Real MCP servers from npm behind `mcp_call` steps: configured in files, started once, kept for many calls. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isFinished } from "../../src/run/state.ts";
import { until } from "../process/until.ts";
import { processesIn } from "./harness/processes.ts";
import { play, reaches, resultOf, scene, stand, start, workflow } from "./harness/product.ts";

const EVERYTHING = fileURLToPath(
  new URL(
    "../../node_modules/@modelcontextprotocol/server-everything/dist/index.js",
    import.meta.url,
  ),
);
const FILESYSTEM = fileURLToPath(
  new URL(
    "../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js",
    import.meta.url,
  ),
);

const EVERYTHING_CONFIG = JSON.stringify({
  mcpServers: { everything: { command: process.execPath, args: [EVERYTHING, "stdio"] } },
});

test("one process serves every call of a run, and ends with the product", async (t) => {
  const place = await scene(t, {
    ".mcp.json": EVERYTHING_CONFIG,
    "workflows/it.workflow.yaml": workflow(
      "it",
      `
steps:
  - { id: first, type: mcp_call, tool: everything.echo, parameters: { message: "{{ 'hello' }}" } }
  - id: sums
    type: foreach
    items: "{{ range(4) }}"
    steps: [{ id: sum, type: mcp_call, tool: everything.get-sum, parameters: { a: "{{ item }}", b: 1 } }]
  - { id: end, type: return, value: { first: "{{ steps.first }}", sums: "{{ steps.sums }}" } }
`,
    ),
  });
  const app = await place.open();
  const run = await start(app, "it");
  const pids = new Set<number>();
  const state = await reaches(app, run, "its end", (now) => {
    for (const pid of processesIn(place.workspace)) pids.add(pid);
    return isFinished(now);
  });
  const value = resultOf(state);
  assert.match(JSON.stringify(value.first), /hello/);
  const sums = JSON.stringify(value.sums).match(/sum of \d and 1 is \d/g);
  assert.deepEqual(
    sums,
    [0, 1, 2, 3].map((n) => `sum of ${n} and 1 is ${n + 1}`),
  );
  assert.equal(pids.size, 1, `processes ${[...pids]}`);
  const again = resultOf(await play(app, "it"));
  assert.deepEqual(again, value);
  assert.deepEqual(processesIn(place.workspace), [...pids]);
  await app.dispose();
  await until("the server to be gone", () => processesIn(place.workspace).length === 0);
});

test("the filesystem server writes and reads in the workspace; its refusal is the step's failure", async (t) => {
  const place = await scene(t, {
    ".vscode/mcp.json": `{
      // as editors write it
      "servers": { "files": { "type": "stdio", "command": "${process.execPath}", "args": ["${FILESYSTEM}", "\${workspaceFolder}"], }, },
    }`,
    "workflows/it.workflow.yaml": workflow(
      "it",
      `
steps:
  - { id: write, type: mcp_call, tool: files.write_file, parameters: { path: notes.txt, content: "one\\ntwo\\n" } }
  - { id: read, type: mcp_call, tool: files.read_text_file, parameters: { path: notes.txt } }
  - { id: outside, type: mcp_call, tool: files.read_text_file, parameters: { path: /etc/passwd }, on_error: continue }
  - { id: end, type: return, value: { text: "{{ steps.read.content }}", refused: "{{ steps.outside.error.code }}" } }
`,
    ),
  });
  const state = await play(await place.open(), "it");
  const value = resultOf(state);
  assert.match(JSON.stringify(value.text), /one\\+ntwo/);
  assert.equal(value.refused, "tool_error", stand(state));
  assert.equal(await readFile(join(place.workspace, "notes.txt"), "utf8"), "one\ntwo\n");
});

test("parameters that do not fit the tool's schema fail before the call, naming the field", async (t) => {
  const place = await scene(t, {
    ".mcp.json": EVERYTHING_CONFIG,
    "workflows/it.workflow.yaml": workflow(
      "it",
      `steps: [{ id: sum, type: mcp_call, tool: everything.get-sum, parameters: { a: "{{ 'x' }}", b: 1 } }]`,
    ),
  });
  const state = await play(await place.open(), "it");
  assert.equal(state.status, "failed");
  assert.deepEqual([state.failure?.code, state.failure?.path], ["invalid_input", "sum"]);
  assert.match(state.failure?.message ?? "", /parameters of `everything\.get-sum` do not fit: `a`/);
});
