/** Agents that use git in their worktree as they please: what they did is shown and kept all the same. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Made } from "../../src/worktrees/worktrees.ts";
import { repository, TASK } from "./repository.ts";

async function atWork(t: TestContext) {
  const repo = await repository(t);
  const worktrees = repo.open();
  const made = await worktrees.create(TASK, false);
  assert.ok(!("code" in made), JSON.stringify(made));
  const inside = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...words], {
      cwd: made.folder,
      encoding: "utf8",
    }).trim();
  const write = (name: string, text: string) => writeFile(join(made.folder, name), text);
  return { ...repo, worktrees, inside, write, made: made satisfies Made };
}

test("a branch of the agent's own: its work is compared, and kept on the task's branch", async (t) => {
  const { worktrees, inside, write, made, say } = await atWork(t);
  inside("checkout", "-q", "-b", "feature");
  await write("a.txt", "committed\n");
  inside("commit", "-q", "-a", "-m", "mine");
  await write("b.txt", "left\n");
  const changes = await worktrees.changes(TASK, made.base);
  assert.ok(!("code" in changes), JSON.stringify(changes));
  assert.deepEqual(changes.files, ["a.txt", "b.txt"]);
  await worktrees.drop(TASK, true);
  assert.equal(say("rev-parse", made.branch), changes.commit);
});

test("commits on no branch at all outlive a run that ends without a merge", async (t) => {
  const { worktrees, inside, write, made, say } = await atWork(t);
  inside("checkout", "-q", "--detach");
  await write("a.txt", "detached\n");
  inside("commit", "-q", "-a", "-m", "mine");
  await worktrees.sweep("run_aaaaaaaaaaaa");
  assert.equal(say("show", `${made.branch}:a.txt`), "detached");
  assert.equal(say("worktree", "list").split("\n").length, 1);
});

test("repositories that the agent made inside are taken in as the files that they hold", async (t) => {
  const { worktrees, inside, write, made, say } = await atWork(t);
  for (const folder of ["app", "app/inner", "empty"]) {
    await mkdir(join(made.folder, folder), { recursive: true });
    inside("init", "-q", folder);
    await write(`${folder}/x.txt`, `${folder}\n`);
  }
  inside("-C", "app/inner", "add", "-A");
  inside("-C", "app/inner", "commit", "-q", "-m", "inner");
  inside("-C", "app", "add", "x.txt");
  inside("-C", "app", "commit", "-q", "-m", "app");
  const changes = await worktrees.changes(TASK, made.base);
  assert.ok(!("code" in changes), JSON.stringify(changes));
  assert.deepEqual(changes.files, ["app/inner/x.txt", "app/x.txt", "empty/x.txt"]);
  assert.equal(say("show", `${made.branch}:app/inner/x.txt`), "app/inner");
});

test("a folder in the place of a file, a file in the place of a folder, and names of any kind are merged", async (t) => {
  const repo = await repository(t);
  await mkdir(join(repo.workspace, "folder"));
  await writeFile(join(repo.workspace, "folder", "x.txt"), "x\n");
  repo.say("add", "-A");
  repo.say("commit", "-q", "-m", "second");
  const worktrees = repo.open();
  const made = await worktrees.create(TASK, false);
  assert.ok(!("code" in made), JSON.stringify(made));
  await rm(join(made.folder, "folder"), { recursive: true });
  await writeFile(join(made.folder, "folder"), "a file now\n");
  await rm(join(made.folder, "part"));
  await mkdir(join(made.folder, "part"));
  const odd = ["part/one.txt", "-dash", "*.txt", 'a "b" é\n.txt'];
  for (const name of odd) await writeFile(join(made.folder, name), name);
  const changes = await worktrees.changes(TASK, made.base);
  assert.ok(!("code" in changes), JSON.stringify(changes));
  const all = [...odd, "folder", "folder/x.txt", "part"];
  assert.deepEqual([...changes.files].sort(), all.sort());
  const merged = await worktrees.merge(TASK, changes.commit, "it");
  assert.ok(!("code" in merged), JSON.stringify(merged));
  assert.equal(repo.say("status", "--porcelain"), "");
  for (const name of odd) assert.equal(await readFile(join(repo.workspace, name), "utf8"), name);
  assert.equal(await readFile(join(repo.workspace, "folder"), "utf8"), "a file now\n");
});

test("where a patch is too long to be shown, it is said how all of it is seen", async (t) => {
  const { worktrees, write, made, say } = await atWork(t);
  await write("long.txt", "a line of some length\n".repeat(4000));
  const changes = await worktrees.changes(TASK, made.base);
  assert.ok(!("code" in changes), JSON.stringify(changes));
  const [, range = ""] = /Not all of it is shown here: `git diff (\S+)`/.exec(changes.text) ?? [];
  assert.ok(changes.text.length < 70_000);
  assert.ok(say("diff", range).length > 80_000);
});
