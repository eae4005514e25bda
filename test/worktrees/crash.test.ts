/**
 * A host that dies before or after any git command of a worktree's life: whoever goes on comes to the same end, and nothing
 * is lost, twice there or left over.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Git } from "../../src/worktrees/git.ts";
import type { Worktrees } from "../../src/worktrees/worktrees.ts";
import { git, type Repository, repository, TASK } from "./repository.ts";

/** Dies at the n-th command, before it or after it, and says nothing any more. */
function dying(at: number, when: "before" | "after") {
  let count = 0;
  const killed = () => new Error("killed");
  const mortal: Git = async (...asked) => {
    count += 1;
    if (count > at || (count === at && when === "before")) throw killed();
    const said = await git(...asked);
    if (count === at) throw killed();
    return said;
  };
  return { git: mortal, reached: () => count >= at };
}

/** A file changed, one made, one gone, and one whose place a folder takes. */
async function agentWorks(folder: string): Promise<void> {
  await writeFile(join(folder, "a.txt"), "agent\n");
  await writeFile(join(folder, "new.txt"), "new\n");
  await rm(join(folder, "old.txt"));
  await rm(join(folder, "part"));
  await mkdir(join(folder, "part"));
  await writeFile(join(folder, "part", "one.txt"), "one\n");
}

/** The steps of an isolated task, each begun again until it comes to an end; what has ended is never done again. */
async function live(repo: Repository, mortal?: Git): Promise<void> {
  let worktrees = repo.open(mortal);
  const done = async <T>(
    step: (by: Worktrees) => Promise<T>,
  ): Promise<Exclude<T, { code: string }>> => {
    for (let tries = 0; ; tries++) {
      try {
        const came = await step(worktrees);
        assert.ok(!(came instanceof Object && "code" in came), JSON.stringify(came));
        return came as Exclude<T, { code: string }>;
      } catch (error) {
        if (!(error instanceof Error && error.message === "killed") || tries > 0) throw error;
        worktrees = repo.open();
      }
    }
  };
  const { folder, base } = await done((by) => by.create(TASK, false));
  await agentWorks(folder);
  const { commit, files } = await done((by) => by.changes(TASK, base));
  assert.deepEqual(files, ["a.txt", "new.txt", "old.txt", "part", "part/one.txt"]);
  await done((by) => by.merge(TASK, commit, "mend"));
  await done((by) => by.drop(TASK, false));
}

async function assertMerged({ workspace, folder, say }: Repository, about: string): Promise<void> {
  assert.equal(await readFile(join(workspace, "a.txt"), "utf8"), "agent\n", about);
  assert.equal(say("status", "--porcelain"), "", about);
  assert.equal(say("log", "--format=%s", "--first-parent"), "Merge the work of mend\nfirst", about);
  assert.equal(say("rev-list", "--count", "HEAD"), "3", about);
  assert.equal(say("ls-files"), "a.txt\nnew.txt\npart/one.txt", about);
  assert.equal(say("branch", "--list", "fermata/*"), "", about);
  assert.equal(say("worktree", "list").split("\n").length, 1, about);
  assert.deepEqual(readdirSync(folder), [], about);
}

test("killed before or after each git command, a task's work is merged once and nothing is left", async (t) => {
  for (const when of ["before", "after"] as const) {
    for (let at = 1; ; at++) {
      const repo = await repository(t);
      const host = dying(at, when);
      await live(repo, host.git);
      await assertMerged(repo, `killed ${when} command ${at}`);
      if (host.reached()) continue;
      assert.ok(at > 15, `only ${at} commands`);
      break;
    }
  }
});

/** Writes one of the files and leaves git's lock, as a kill in the middle of `restore` does. */
async function killedWithin(repo: Repository): Promise<string> {
  const half: Git = async (folder, ...words) => {
    if (words[0] !== "restore") return git(folder, ...words);
    await git(folder, ...words.slice(0, words.indexOf("--") + 1), ":(top,literal)new.txt");
    await writeFile(join(repo.workspace, ".git", "index.lock"), "");
    throw new Error("killed");
  };
  const { folder, base } = Object(await repo.open().create(TASK, false));
  await agentWorks(folder);
  const { commit } = Object(await repo.open().changes(TASK, base));
  await assert.rejects(repo.open(half).merge(TASK, commit, "mend"), /killed/);
  return commit;
}

test("killed while files are written, the merge is finished, git's lock and all", async (t) => {
  const repo = await repository(t);
  const commit = await killedWithin(repo);
  assert.ok("commit" in (await repo.open().merge(TASK, commit, "mend")));
  await repo.open().drop(TASK, false);
  await assertMerged(repo, "killed within");
});

test("what a person writes between the kill and the next start is not overwritten", async (t) => {
  const repo = await repository(t);
  const commit = await killedWithin(repo);
  await writeFile(join(repo.workspace, "a.txt"), "mine\n");
  const refused = await repo.open().merge(TASK, commit, "mend");
  assert.ok(
    "code" in refused && /stand in the way .*: a\.txt\./.test(refused.message),
    JSON.stringify(refused),
  );
  assert.equal(await readFile(join(repo.workspace, "a.txt"), "utf8"), "mine\n");
});

test("a branch of the same name that holds work is not touched; sweeping keeps what was not merged", async (t) => {
  const repo = await repository(t);
  const made = Object(await repo.open().create(TASK, false));
  await writeFile(join(made.folder, "new.txt"), "new\n");
  await repo.open().sweep("run_aaaaaaaaaaaa");
  assert.equal(repo.say("show", `${made.branch}:new.txt`), "new");
  assert.equal(repo.say("worktree", "list").split("\n").length, 1);
  const taken = await repo.open().create(TASK, false);
  assert.ok("code" in taken && /is there already and holds work\. Rename it/.test(taken.message));
  assert.equal(repo.say("show", `${made.branch}:new.txt`), "new");
  assert.equal(await repo.open().restore(made.folder), undefined);
  assert.equal(await readFile(join(made.folder, "new.txt"), "utf8"), "new\n");
});
