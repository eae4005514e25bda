import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readMcpConfig } from "../../src/mcp/configFiles.ts";
import { formatDiagnostic } from "../../src/workflow/diagnostic.ts";
import { workspaceOf } from "../search/scratch.ts";

test("both files are read; .vscode/mcp.json wins and the loser is told", async (t) => {
  const workspace = await workspaceOf(t, {
    ".mcp.json": '{"mcpServers": {\n"a": {"command": "one"},\n"b": {"command": "two"}}}',
    ".vscode/mcp.json": '{"servers": {"b": {"command": "three"}}}',
  });
  const { servers, diagnostics } = await readMcpConfig(workspace);
  const commands = servers.map((server) => [
    server.name,
    server.kind === "stdio" && server.command[0],
  ]);
  assert.deepEqual(commands, [
    ["b", "three"],
    ["a", "one"],
  ]);
  assert.deepEqual(diagnostics.map(formatDiagnostic), [
    ".mcp.json:3:1: warning: This `b` is not used: .vscode/mcp.json defines it too, and wins. Remove one of them. [mcp-config-shadowed]",
  ]);
});

test("no files, no servers; an unreadable one is a problem", async (t) => {
  const workspace = await workspaceOf(t, {});
  assert.deepEqual(await readMcpConfig(workspace), { servers: [], diagnostics: [] });
  await mkdir(join(workspace, ".mcp.json"));
  const { diagnostics } = await readMcpConfig(workspace);
  assert.match(
    diagnostics.map(formatDiagnostic).join(),
    /\.mcp\.json:1:1: error: Cannot read this file \(EISDIR\)/,
  );
});
