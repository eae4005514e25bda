import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "node:test";
import { createWorkspaceServer } from "../../../src/mcp/builtin/workspace.ts";
import { globMatcher } from "../../../src/search/glob.ts";
import { HARBOR, workspaceOf } from "../../search/scratch.ts";
import { callTool } from "./call.ts";

test("read gives the asked lines and says how many there are", async (t) => {
  const root = await workspaceOf(t, { "a/b.txt": "one\ntwo\r\nthree\nfour\n", "empty.txt": "" });
  const server = createWorkspaceServer(root);
  const whole = { path: "a/b.txt", start_line: 1, end_line: 4, total_lines: 4 };
  assert.deepEqual(await callTool(server, "read", { path: "a/b.txt" }), {
    ...whole,
    text: "one\ntwo\nthree\nfour",
    truncated: false,
  });
  const some = await callTool(server, "read", {
    path: join(root, "a", "b.txt"),
    start_line: 2,
    end_line: 3,
  });
  assert.deepEqual(some, {
    ...whole,
    start_line: 2,
    end_line: 3,
    text: "two\nthree",
    truncated: false,
  });
  const beyond = await callTool(server, "read", { path: "a/b.txt", start_line: 9 });
  assert.deepEqual(beyond, { ...whole, start_line: 9, end_line: 8, text: "", truncated: false });
});

test("a long file is cut and says so", async (t) => {
  const root = await workspaceOf(t, { "long.txt": "line\n".repeat(5000) });
  const server = createWorkspaceServer(root);
  const { end_line, truncated } = (await callTool(server, "read", { path: "long.txt" })) as {
    end_line: number;
    truncated: boolean;
  };
  assert.deepEqual([end_line, truncated], [2000, true]);
});

test("nothing outside, no secret, no git store and no binary is read", async (t) => {
  const outside = await workspaceOf(t, { "secret.txt": "no" });
  const root = await workspaceOf(t, {
    ".env": "A=1",
    ".git/config": "token",
    "data.bin2": Buffer.alloc(10),
    "folder/x.txt": "x",
  });
  await symlink(join(outside, "secret.txt"), join(root, "link.txt"));
  await symlink(outside, join(root, "linked"));
  const server = createWorkspaceServer(root);
  const cases: readonly (readonly [string, RegExp])[] = [
    ["../x", /`\.\.\/x` is outside the workspace/],
    [`../${basename(outside)}/secret.txt`, /outside the workspace/],
    [join(outside, "secret.txt"), /outside the workspace/],
    [join(outside, "missing.txt"), /outside the workspace/],
    ["link.txt", /outside the workspace/],
    ["linked/secret.txt", /outside the workspace/],
    ["folder/../../x", /outside the workspace/],
    ["/etc/passwd", /outside the workspace/],
    ["missing.txt", /There is no `missing\.txt` in the workspace/],
    ["folder", /is no file\. Use `workspace\.list`/],
    [".env", /is by its name a file of secrets/],
    [".git/config", /git's own store/],
    ["data.bin2", /is not text/],
    ["a\0b", /no NUL/],
  ];
  for (const [path, expected] of cases) {
    assert.match(String(await callTool(server, "read", { path })), expected, path);
  }
  assert.match(String(await callTool(server, "list", { path: "linked" })), /outside the workspace/);
});

test("list shows what git would, below a folder and by glob", async (t) => {
  const root = await workspaceOf(t, {
    ...HARBOR,
    ".gitignore": "*.log\n",
    "src/x.log": "",
    "src/deep/y.ts": "1",
  });
  const server = createWorkspaceServer(root);
  const paths = async (given: Parameters<typeof callTool>[2]) =>
    ((await callTool(server, "list", given)) as { files: { path: string }[] }).files.map(
      ({ path }) => path,
    );
  assert.deepEqual(await paths({}), [
    ".gitignore",
    "README.md",
    "docs/operations.md",
    "src/api/errors.ts",
    "src/api/gateway.ts",
    "src/deep/y.ts",
    "src/store/counters.ts",
    "test/gateway.test.ts",
  ]);
  assert.deepEqual(await paths({ path: "src/api" }), ["src/api/errors.ts", "src/api/gateway.ts"]);
  assert.deepEqual(await paths({ glob: "*.md" }), ["README.md", "docs/operations.md"]);
  assert.deepEqual(await paths({ path: "src", glob: "**/{y,errors}.ts" }), [
    "src/api/errors.ts",
    "src/deep/y.ts",
  ]);
});

test("search cites file and line", async (t) => {
  const root = await workspaceOf(t, HARBOR);
  const found = (await callTool(createWorkspaceServer(root), "search", {
    query: "Who owns the gateway?",
    max_results: 1,
  })) as { results: { path: string; line: number }[]; files_searched: number };
  assert.equal(`${found.results[0]?.path}:${found.results[0]?.line}`, "docs/operations.md:13");
  assert.equal(found.files_searched, 6);
});

test("globs", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["*.ts", "a/b.ts", true],
    ["*.ts", "a/b.tsx", false],
    ["src/*.ts", "src/a.ts", true],
    ["src/*.ts", "src/a/b.ts", false],
    ["src/**", "src/a/b.ts", true],
    ["**/b.ts", "b.ts", true],
    ["./a?c", "abc", true],
    ["[!a]b", "ab", false],
    ["[a-c]b", "bb", true],
    ["{a,b}/*.{ts,js}", "b/x.js", true],
    ["a.b", "axb", false],
    ["a{b", "a{b", true],
    ["a+(b)", "a+(b)", true],
  ];
  for (const [glob, path, expected] of cases)
    assert.equal(globMatcher(glob)(path), expected, `${glob} ${path}`);
});
