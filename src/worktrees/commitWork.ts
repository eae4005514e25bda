/**
 * All that an agent did in its worktree as commits of its task's branch, however it used git there itself: on branches of its
 * own, on none, or in repositories that it made inside. Owns what counts as its work; judges none of it.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.ts";

/** Repositories in repositories in repositories: an agent that goes deeper has lost its way. */
const DEEPEST = 10;

/** The commit at which its work stands, which is its branch's then; or why it cannot be committed. May be called again. */
export async function commitWork(
  git: Git,
  tree: string,
  branch: string,
): Promise<{ readonly commit: string } | { readonly problem: string }> {
  await unlock(git, tree, branch);
  if (await takeIn(git, tree)) {
    const added = await git(tree, "add", "-A");
    if (!added.ok) return { problem: added.error };
    const done = await git(tree, "commit", "-q", "--no-verify", "-m", "Work of an agent");
    if (!done.ok) return { problem: done.error };
  }
  const commit = (await git(tree, "rev-parse", "HEAD")).out;
  const name = `refs/heads/${branch}`;
  if ((await git(tree, "rev-parse", "-q", "--verify", name)).out === commit) return { commit };
  const moved = await git(tree, "update-ref", name, commit);
  return moved.ok ? { commit } : { problem: moved.error };
}

/** Nobody works in the worktree any more: a lock there is what a git left that was killed, ours or the agent's. */
async function unlock(git: Git, tree: string, branch: string): Promise<void> {
  const names = ["index.lock", "HEAD.lock", `refs/heads/${branch}.lock`];
  const paths = names.flatMap((name) => ["--git-path", name]);
  const { ok, out } = await git(tree, "rev-parse", "--path-format=absolute", ...paths);
  if (ok) for (const lock of out.split("\n")) await rm(lock, { force: true });
}

/**
 * Git would keep of a repository inside only its commit's name, which goes with the worktree; its files are what is meant.
 * True when anything is there that is not committed.
 */
async function takeIn(git: Git, tree: string): Promise<boolean> {
  for (let depth = 0; depth < DEEPEST; depth++) {
    const { out } = await git(tree, "status", "--porcelain", "-z", "--untracked-files=all");
    const inner = out.split("\0").filter((line) => line.startsWith("?? ") && line.endsWith("/"));
    if (inner.length === 0) return out !== "";
    for (const line of inner)
      await rm(join(tree, line.slice(3), ".git"), { recursive: true, force: true, maxRetries: 5 });
  }
  return true;
}
