/**
 * Nothing leads out of the workspace: not what a tool is asked for, not what a workflow names, not a link that a clone
 * brings, not one that takes a file's place between the look and the reading. And nothing waits for a pipe.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { link, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type TestContext, test } from "node:test";
import { createShellActivity } from "../../../src/activities/shell.ts";
import { readCatalogue } from "../../../src/agents/catalogue/definitions.ts";
import { isArchivable } from "../../../src/journal/archive/archiveFormat.ts";
import { isRunId, runFolder } from "../../../src/journal/runFolder.ts";
import { createMemoryServer } from "../../../src/mcp/builtin/memory.ts";
import { openMemoryStore } from "../../../src/mcp/builtin/memoryStore.ts";
import { createWebServer } from "../../../src/mcp/builtin/web.ts";
import { createWorkspaceServer } from "../../../src/mcp/builtin/workspace.ts";
import { readMcpConfig } from "../../../src/mcp/configFiles.ts";
import { openAttempt } from "../../activities/attempt.ts";
import { callTool } from "../../mcp/builtin/call.ts";
import { workspaceOf } from "../../search/scratch.ts";
import { scene } from "../harness/product.ts";
import { HIDDEN, waysOut } from "./hostilePaths.ts";

const SECRET = "the-secret-of-the-outside";

/** A workspace with every kind of link out of it, and the outside that they lead to. */
async function besieged(t: TestContext): Promise<{ root: string; target: string }> {
  const outside = await workspaceOf(t, { "secret.txt": SECRET, "agents/spy.md": SECRET });
  const target = join(outside, "secret.txt");
  const root = await workspaceOf(t, {
    "inside/file.txt": "fine",
    "inside/key.pem": SECRET,
    ".git/config": SECRET,
    ".env": SECRET,
    ".env.local": SECRET,
    id_rsa: SECRET,
  });
  await symlink(target, join(root, "link-to-file"));
  await symlink(outside, join(root, "link-to-folder"));
  await symlink(join(root, "link-to-folder"), join(root, "link-to-link"));
  await symlink("/", join(root, "link-to-root"));
  await symlink(outside, join(root, "inside", "link-up"));
  await symlink(join(root, ".env"), join(root, "link-to-secret"));
  await mkdir(`${root}-sibling`);
  t.after(() => rm(`${root}-sibling`, { recursive: true }));
  await writeFile(`${root}-sibling/secret.txt`, SECRET);
  return { root, target };
}

test("the workspace server reads and lists nothing outside, however it is asked", async (t) => {
  const { root, target } = await besieged(t);
  const server = createWorkspaceServer(root);
  const ways = [...waysOut(root, target), ...HIDDEN];
  assert.ok(ways.length > 75, `${ways.length}`);
  for (const path of ways) {
    for (const tool of ["read", "list"]) {
      const said = JSON.stringify(await callTool(server, tool, { path }));
      assert.ok(!said.includes(SECRET), `${tool} ${path}`);
      assert.ok(!said.includes("root:x:0"), `${tool} ${path}`);
      if (tool === "read") assert.match(said, /^"failed invalid_input: /, path);
    }
  }
  const listed = JSON.stringify(await callTool(server, "list", {}));
  assert.match(listed, /inside\/file\.txt/);
  assert.doesNotMatch(listed, /secret|link-|\.git|\.env|key\.pem|id_rsa/);
  for (const glob of ["**", "../**", "/**", "**/../**", "link-*/**", "{..,.}/*"])
    assert.doesNotMatch(JSON.stringify(await callTool(server, "list", { glob })), /secret/, glob);
});

test("a search of the workspace, and the web server in its place, find nothing outside", async (t) => {
  const { root } = await besieged(t);
  const query = SECRET.replaceAll("-", " ");
  const workspace = await callTool(createWorkspaceServer(root), "search", { query });
  const web = createWebServer({ workspace: root });
  for (const found of [workspace, await callTool(web, "search", { query })])
    assert.ok(!JSON.stringify(found).includes(SECRET));
});

test("a file that becomes a link while it is read gives nothing of the outside", async (t) => {
  const { root, target } = await besieged(t);
  const place = join(root, "inside", "swapped.txt");
  const swapper = spawn(process.execPath, ["-e", SWAP, place, target], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const seen = { read: 0, refused: 0 };
  try {
    await once(swapper.stdout, "data");
    const server = createWorkspaceServer(root);
    for (let round = 0; round < 1500; round++) {
      const said = JSON.stringify(await callTool(server, "read", { path: "inside/swapped.txt" }));
      assert.ok(!said.includes(SECRET), `round ${round}: ${said}`);
      if (said.includes("plain")) seen.read += 1;
      else seen.refused += 1;
    }
  } finally {
    swapper.kill("SIGKILL");
    await once(swapper, "exit");
  }
  assert.ok(seen.read > 0 && seen.refused > 0, `both were met: ${JSON.stringify(seen)}`);
});

/** Puts a file and a link in each other's place, as fast as it can. */
const SWAP = `
  const fs = require("node:fs");
  const [place, target] = process.argv.slice(1);
  for (let round = 0; ; round++) {
    const next = place + ".next";
    fs.rmSync(next, { force: true });
    if (round % 2 === 0) fs.writeFileSync(next, "plain");
    else fs.symlinkSync(target, next);
    fs.renameSync(next, place);
    if (round === 0) process.stdout.write("ready");
  }`;

test("memory keeps hostile keys as keys, and its file where it is", async (t) => {
  const { root, target } = await besieged(t);
  const server = createMemoryServer(openMemoryStore(join(root, "state", "memory.jsonl")));
  const odd = ["__proto__", "constructor", "toString", "a\nb", '"}{'];
  const keys = [...new Set([...waysOut(root, target), ...odd])];
  for (const [index, key] of keys.entries()) {
    await callTool(server, "save", { key, value: index }, `run_1/${index}`);
    await callTool(server, "add", { category: key, content: index }, `run_1/add-${index}`);
  }
  for (const [index, key] of keys.entries()) {
    const said = JSON.stringify(await callTool(server, "get", { key }));
    assert.match(said, new RegExp(`"value":${index}\\b`), `${JSON.stringify(key)}: ${said}`);
  }
  assert.equal(execFileSync("ls", [join(root, "state")], { encoding: "utf8" }), "memory.jsonl\n");
});

test("`cwd` leads to no folder outside", async (t) => {
  const { root, target } = await besieged(t);
  const { context } = await openAttempt(t);
  const perform = createShellActivity({ environment: { PATH: process.env.PATH } });
  const folders = [...waysOut(root, target), "link-to-folder", "link-to-root", "inside/link-up"];
  for (const cwd of folders) {
    const command = ["/bin/sh", "-c", "pwd; cat secret.txt"];
    const outcome = await perform(
      { activity: "shell", command, cwd },
      { ...context, workspace: root },
    );
    assert.equal(outcome.type, "failed", cwd);
    assert.match(JSON.stringify(outcome), /invalid_input/, cwd);
    assert.ok(!JSON.stringify(outcome).includes(SECRET), cwd);
  }
});

test("a `task:` or `workflow:` leads to no file outside of the workspace", async (t) => {
  const body = `name: other\nversion: 1.0.0\nsteps: [{id: s, type: return, value: ${SECRET}}]\n`;
  const { root, write, open } = await scene(t, { "workflows/near.yaml": body });
  await writeFile(join(root, "far.yaml"), body);
  await write("folder/x.txt", "");
  await symlink(join(root, "far.yaml"), join(root, "work", "workflows", "link.yaml"));
  await symlink(root, join(root, "work", "workflows", "up"));
  const app = await open();
  const names = [
    "../../far",
    "../../far.yaml",
    join(root, "far.yaml"),
    "link",
    "up/far",
    "up/far.yaml",
  ];
  for (const name of [...names, "../folder/../../far.yaml", `/proc/self/root${root}/far.yaml`]) {
    const text = `name: main\nversion: 1.0.0\nsteps: [{id: w, type: workflow, workflow: ${JSON.stringify(name)}}]\n`;
    await write("workflows/main.workflow.yaml", text);
    const { ok, diagnostics } = await app.validate("workflows/main.workflow.yaml");
    assert.equal(ok, false, name);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ["unknown-workflow"],
      name,
    );
  }
  const near = `name: main\nversion: 1.0.0\nsteps: [{id: w, type: workflow, workflow: ../workflows/near.yaml}]\n`;
  await write("workflows/main.workflow.yaml", near);
  assert.equal((await app.validate("workflows/main.workflow.yaml")).ok, true);
});

test("a clone's pipes, devices and folders in the places of files are passed over at once", async (t) => {
  const { root, workspace, open } = await scene(t, { "workflows/ok.workflow.yaml": OK });
  const places = [
    "workflows/pipe.workflow.yaml",
    ".claude/agents/pipe.md",
    ".fermata/agents/pipe.md",
    ".fermata/settings.json",
    ".mcp.json",
    ".vscode/mcp.json",
  ];
  for (const place of places) {
    await mkdir(join(workspace, place, ".."), { recursive: true });
    execFileSync("mkfifo", [join(workspace, place)]);
  }
  await symlink("/dev/zero", join(workspace, "workflows", "zero.workflow.yaml"));
  await symlink("/dev/zero", join(workspace, ".claude", "agents", "zero.md"));
  await symlink("/proc/self/environ", join(workspace, "workflows", "environ.workflow.yaml"));
  await mkdir(join(workspace, "workflows", "folder.workflow.yaml"));
  const app = await open();
  const templates = await app.listTemplates();
  assert.ok(templates.some(({ name }) => name === "ok"));
  for (const name of ["pipe", "zero", "folder"]) {
    const checked = await app.validate(`workflows/${name}.workflow.yaml`);
    assert.equal(checked.ok, false, name);
  }
  const { diagnostics } = await readCatalogue(workspace);
  assert.equal(diagnostics.filter(({ message }) => /no plain file/.test(message)).length, 3);
  const config = await readMcpConfig(workspace);
  assert.match(JSON.stringify(config.diagnostics), /no plain file/);
  assert.ok(root);
});

const OK = "name: ok\nversion: 1.0.0\nsteps: [{id: s, type: return, value: 1}]\n";

test("no name of a run, and no path in an archive, leads out of the state folder", async (t) => {
  const { root, target } = await besieged(t);
  const names = [
    ...waysOut(root, target),
    "run_../../../aaaa",
    "run_aaaaaaaaaaaa/..",
    "RUN_AAAAAAAAAAAA",
    "run_aaaaaaaaaaaa\n",
  ];
  for (const name of names) {
    assert.equal(isRunId(name), false, name);
    assert.equal(runFolder("/state", name), "/state/runs/no-such-run", name);
    assert.equal(isArchivable(name), false, name);
    for (const inner of ["blobs", "output"])
      assert.equal(isArchivable(`${inner}/${name}`), false, name);
  }
});

test("a hard link to the outside is inside: what is in the folder is the person's own", async (t) => {
  const { root, target } = await besieged(t);
  await link(target, join(root, "inside", "hard.txt"));
  const said = await callTool(createWorkspaceServer(root), "read", { path: "inside/hard.txt" });
  assert.match(JSON.stringify(said), new RegExp(SECRET), basename(target));
});
