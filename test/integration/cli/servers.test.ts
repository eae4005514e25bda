/** What a person is told of tool servers that cannot be used: by `doctor`, by `validate`, and by `run`. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { makePlace, type Place } from "./spawnCli.ts";

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const CALLS = `name: calls
version: 1.0.0
steps:
  - { id: call, type: mcp_call, tool: notes.list }
`;

test("doctor starts the servers of a trusted folder and tells which cannot", async () => {
  const command = {
    command: process.execPath,
    args: ["-e", "console.error('no DB'); process.exit(3)"],
  };
  place.write(".mcp.json", JSON.stringify({ mcpServers: { notes: command } }));
  const untrusted = await place.run("doctor");
  assert.match(untrusted.stdout, /Tools notes: .*idle/);
  const { stdout, code } = await place.run("doctor", "--trust");
  assert.match(stdout, /✖ Tools notes: .*ended with code 3.*:\n {4}no DB\n {4}Run `/);
  assert.equal(code, 1);
  place.write("calls.workflow.yaml", CALLS);
  const run = await place.run("run", "calls", "--trust");
  assert.match(run.stderr, /ended with code 3.*:.*\n {4}no DB\n {4}Run `/);
});

test("a configuration that cannot be read is told by doctor and by whoever misses its servers", async () => {
  place.write(".mcp.json", `{ "mcpServers": {\n  "notes": `);
  const doctor = await place.run("doctor", "--trust");
  assert.match(doctor.stdout, /✖ Tools: .*\.mcp\.json:\d+:\d+: This is not JSON/);
  assert.equal(doctor.code, 1);
  place.write("calls.workflow.yaml", CALLS);
  for (const command of [["validate"], ["run", "--trust"]]) {
    const { stdout, stderr, code } = await place.run(...command, "calls.workflow.yaml");
    assert.match(
      stdout + stderr,
      /calls\.workflow\.yaml:4:\d+: error: There is no MCP server `notes`/,
    );
    assert.match(stdout + stderr, /\.mcp\.json:\d+:\d+: error: This is not JSON/);
    assert.equal(code, 2);
  }
});

test("an entry that is wrong is told once", async () => {
  place.write(".mcp.json", JSON.stringify({ mcpServers: { notes: { comand: "x" } } }));
  const { stdout } = await place.run("doctor", "--trust");
  assert.equal(stdout.match(/✖/g)?.length, 1, stdout);
});
