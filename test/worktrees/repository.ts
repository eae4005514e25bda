/** A scratch repository and its worktrees, for tests. */
import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Git } from "../../src/worktrees/git.ts";
import { openWorktrees, type Worktrees } from "../../src/worktrees/worktrees.ts";

const IDENTITY = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
export const TASK = "run_aaaaaaaaaaaa/mend";

/** Git without a guard, which is nothing to this test and most of its time. */
export const git: Git = (folder, ...words) =>
  new Promise((resolve) => {
    execFile("git", [...IDENTITY, "-C", folder, ...words], (error, out, said) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ ok: code === 0, code, out: out.trimEnd(), error: said.trim() });
    });
  });

export interface Repository {
  readonly workspace: string;
  readonly folder: string;
  readonly say: (...words: string[]) => string;
  readonly open: (how?: Git) => Worktrees;
}

/** `main` with two files, in a folder that goes after the test. */
export async function repository(t: TestContext): Promise<Repository> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "fermata-wt-")));
  t.after(() => rm(root, { recursive: true, force: true }));
  const [workspace, folder] = [join(root, "work"), join(root, "trees")];
  await mkdir(workspace);
  const say = (...words: string[]) =>
    execFileSync("git", [...IDENTITY, ...words], { cwd: workspace, encoding: "utf8" }).trim();
  await writeFile(join(workspace, "a.txt"), "a\n");
  await writeFile(join(workspace, "old.txt"), "old\n");
  await writeFile(join(workspace, "part"), "a file\n");
  say("init", "-q", "-b", "main");
  say("add", "-A");
  say("commit", "-q", "-m", "first");
  const open = (how = git) => openWorktrees({ workspace, folder, environment: process.env }, how);
  return { workspace, folder, say, open };
}
