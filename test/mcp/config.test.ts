import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMcpConfig, type ServerConfig } from "../../src/mcp/config.ts";
import { formatDiagnostic } from "../../src/workflow/diagnostic.ts";

function withoutPlace(servers: readonly ServerConfig[]) {
  return servers.map(({ at: _, ...rest }) => rest);
}

function problems(text: string): readonly string[] {
  return parseMcpConfig(text, "mcp.json").diagnostics.map(formatDiagnostic);
}

test("both shapes are read, with comments, tabs and trailing commas", () => {
  const claude = parseMcpConfig(
    `{\n\t"mcpServers": {\n\t\t"fs": {\n\t\t\t"command": "npx",\n\t\t\t"args": ["-y", "x://y"],\n\t\t\t"env": {"A": "1", "N": 2}\n\t\t}\n\t}\n}`,
    ".mcp.json",
  );
  assert.deepEqual(claude.diagnostics, []);
  assert.deepEqual(withoutPlace(claude.servers), [
    { kind: "stdio", name: "fs", command: ["npx", "-y", "x://y"], env: { A: "1", N: "2" } },
  ]);
  assert.equal(claude.servers[0]?.at.range.start.line, 3);

  const vscode = parseMcpConfig(
    `{
  // the team's servers
  "inputs": [],
  "servers": {
    "issues": { "type": "http", "url": "https://x.test/mcp", "headers": { "Authorization": "Bearer \${env:T}" } }, /* more
    lines */
    "local": { "type": "stdio", "command": "serve", "cwd": "\${workspaceFolder}/a", },
    "off": { "command": "x", "disabled": true },
  },
}`,
    ".vscode/mcp.json",
  );
  assert.deepEqual(vscode.diagnostics, []);
  const headers = { Authorization: `Bearer \${env:T}` };
  assert.deepEqual(withoutPlace(vscode.servers), [
    { kind: "http", name: "issues", url: "https://x.test/mcp", headers },
    { kind: "stdio", name: "local", command: ["serve"], env: {}, cwd: `\${workspaceFolder}/a` },
  ]);
});

test("an empty file has no servers and no problem", () => {
  for (const text of ["", "{}", "// nothing yet\n", '{"servers": {}}']) {
    assert.deepEqual(parseMcpConfig(text, "mcp.json"), { servers: [], diagnostics: [] });
  }
});

test("every mistake has its place and its next move", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{"servers": {"a": }', /^mcp\.json:1:\d+: error: This is not JSON: .*\[mcp-config-syntax\]$/],
    ["[]", /^mcp\.json:1:1: error: An MCP configuration is an object/],
    [
      '{"mcpServer": {}}',
      /1:1: error: Expected `mcpServers` or `servers` at the top\. `mcpServer` is not read\./,
    ],
    ['{"servers": []}', /1:13: error: The servers are an object/],
    ['{"servers": {\n  "a": {}\n}}', /2:3: error: `a` needs a `command` .* or a `url`/],
    [
      '{"servers": {"a.b": {"command": "x"}}}',
      /1:14: error: A server's name is not empty and has no dot/,
    ],
    ['{"servers": {"a": "x"}}', /1:14: error: `a` needs an object/],
    ['{"servers": {"a": {"command": ""}}}', /1:31: error: `command` is a text that is not empty/],
    ['{"servers": {"a": {"command": "x", "args": "y"}}}', /1:44: error: `args` is a list of texts/],
    [
      '{"servers": {"a": {"command": "x", "env": ["y"]}}}',
      /1:43: error: `env` is an object of texts/,
    ],
    ['{"servers": {"a": {"url": "x.test"}}}', /1:27: error: A server's `url` starts with http/],
    [
      '{"servers": {"a": {"type": "sse", "url": "http://x"}}}',
      /1:28: error: .* not `sse`\. The SSE transport/,
    ],
    [
      `{"servers": {"a": {"command": "x",\n "env": {"K": "\${input:key}"}}}}`,
      /2:15: error: `\$\{input:key\}` asks in the editor .*write `\$\{env:NAME\}`/,
    ],
  ];
  for (const [text, expected] of cases) {
    const found = problems(text);
    assert.match(found[0] ?? "no problem", expected, text);
  }
});

test("a broken entry keeps its name and does not spoil the others", () => {
  const { servers } = parseMcpConfig('{"servers": {"a": {}, "b": {"command": "x"}}}', "mcp.json");
  assert.deepEqual(
    servers.map(({ name, kind }) => `${name} ${kind}`),
    ["a broken", "b stdio"],
  );
});

test("a secret among the arguments is warned of, because everyone can read those", () => {
  const args = ["--token", `\${secret:TOKEN}`];
  const text = JSON.stringify({ servers: { a: { command: "x", args } } });
  const { servers, diagnostics } = parseMcpConfig(text, "mcp.json");
  assert.deepEqual(
    servers.map(({ kind }) => kind),
    ["stdio"],
  );
  assert.deepEqual(
    diagnostics.map(({ severity, code }) => [severity, code]),
    [["warning", "mcp-secret-shown"]],
  );
  assert.match(diagnostics[0]?.message ?? "", /The secret TOKEN in `args` .* Give it in `env`/);
  const env = { KEY: `\${secret:TOKEN}` };
  assert.deepEqual(problems(JSON.stringify({ servers: { a: { command: "x", env } } })), []);
});
