/**
 * A git worktree for one task: made, compared, merged or dropped. Every verb may be called again after a crash and comes to
 * the same end. Owns the folders and branches of tasks (`fermata/NAME`); knows no agent and no run's events.
 */
import { access, mkdir, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Failure, failure } from "../run/failure.ts";
import { shortHash } from "../util/hash.ts";
import { withoutMiddle } from "../util/shorten.ts";
import { commitWork } from "./commitWork.ts";
import { createGit, type Git, type GitPlace } from "./git.ts";
import { land } from "./landing.ts";

export interface WorktreesPlace extends GitPlace {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Where worktrees are made; outside of the workspace. */
  readonly folder: string;
}

export type Made = {
  /** Where the task works: what the workspace is in the worktree. */
  readonly folder: string;
  readonly branch: string;
  readonly base: string;
};

export type Changes = {
  readonly files: readonly string[];
  /** Markdown: the files and the patch. */
  readonly text: string;
  readonly commit: string;
};

export interface Worktrees {
  /** A task's worktree at the workspace's commit. `dirty`: uncommitted changes, which it does not have, are no reason not to. */
  create(task: string, dirty: boolean): Promise<Made | Failure>;
  /** Commits all that the task has changed, and says what that is. */
  changes(task: string, base: string): Promise<Changes | Failure>;
  merge(
    task: string,
    commit: string,
    title: string,
  ): Promise<{ readonly commit: string } | Failure>;
  /** Takes the worktree away; with `keep`, its branch stays. */
  drop(task: string, keep: boolean): Promise<{ readonly branch?: string } | Failure>;
  /** Makes the worktree of a folder again whose branch is still there. */
  restore(folder: string): Promise<Failure | undefined>;
  /** Has work done in such a folder; one that had to be made again for it is gone afterwards, its branch as it was. */
  visit<T>(folder: string, work: () => Promise<T>): Promise<T | Failure>;
  /** The runs that have worktrees. */
  runs(): Promise<readonly string[]>;
  /** Takes away what a run that has ended left; what was not merged stays on its branch. */
  sweep(run: string): Promise<void>;
}

/** Characters of a patch that a person is shown. */
const SHOWN = 60_000;

/** `task`: `RUN/PATH`. */
export function openWorktrees(place: WorktreesPlace, git = createGit(place)): Worktrees {
  const at = (task: string) => placeOf(place, task);
  // Git takes one change of a repository at a time.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    create: (task, dirty) => inTurn(() => create(place, git, at(task), dirty)),
    changes: (task, base) => changes(git, at(task), base),
    merge: (task, commit, title) => inTurn(() => merge(place, git, at(task), commit, title)),
    drop: (task, keep) =>
      inTurn(async () => {
        await remove(place, git, at(task), keep);
        return keep ? { branch: at(task).branch } : {};
      }),
    restore: (folder) => inTurn(() => restore(place, git, folder)),
    visit: async (folder, work) => {
      const there = treeOf(place, folder);
      if (!there || (await isWhole(there))) return work();
      const failed = await inTurn(() => restore(place, git, folder));
      if (failed) return failed;
      return work().finally(() => inTurn(() => remove(place, git, there, true)));
    },
    runs: async () => {
      const names = await readdir(place.folder).catch(() => []);
      return [...new Set(names.flatMap((name) => /^run_[^-]+/.exec(name) ?? []))];
    },
    sweep: (run) => inTurn(() => sweep(place, git, run)),
  };
}

interface Place {
  readonly tree: string;
  readonly branch: string;
}

function placeOf({ folder }: Pick<WorktreesPlace, "folder">, task: string): Place {
  const [run = "", ...path] = task.split("/");
  const slug = path
    .join("/")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-|-$/g, "");
  const name = `${run}-${slug}-${shortHash(task).slice(0, 6)}`;
  return { tree: join(folder, name), branch: `fermata/${name}` };
}

async function create(
  place: WorktreesPlace,
  git: Git,
  { tree, branch }: Place,
  dirty: boolean,
): Promise<Made | Failure> {
  const top = await topOf(place, git);
  if (typeof top !== "string") return top;
  const head = await git(top, "rev-parse", "--verify", "-q", "HEAD");
  if (!head.ok) return noCommit();
  const prefix = (await git(place.workspace, "rev-parse", "--show-prefix")).out;
  const made = { folder: join(tree, prefix), branch };
  // The note is written last: without it nothing of value can be there.
  if (await isWhole({ tree, branch })) {
    const base = await git(top, "merge-base", "HEAD", branch);
    if (base.ok) return { ...made, base: base.out };
  }
  const changed = await git(top, "status", "--porcelain", "--untracked-files=no");
  if (changed.out !== "" && !dirty)
    return notClean(changed.out.split("\n").map((line) => line.replace(/^.?. /, "")));
  const taken = await git(top, "rev-parse", "-q", "--verify", `refs/heads/${branch}`);
  const merged = taken.ok && (await git(top, "merge-base", "--is-ancestor", branch, "HEAD")).ok;
  if (taken.ok && !merged) return nameTaken(branch);
  await remove(place, git, { tree, branch }, false);
  await mkdir(place.folder, { recursive: true });
  const added = await git(top, "worktree", "add", "-q", "-b", branch, tree, head.out);
  if (!added.ok) return gitFailed("made", branch, added.error);
  await writeFile(`${tree}.ready`, "", { flush: true });
  return { ...made, base: head.out };
}

async function changes(
  git: Git,
  { tree, branch }: Place,
  base: string,
): Promise<Changes | Failure> {
  const kept = await commitWork(git, tree, branch);
  if ("problem" in kept) return gitFailed("compared", branch, kept.problem);
  const { commit } = kept;
  const range = `${base}...${commit}`;
  const named = await git(tree, "diff", "--name-status", "--no-renames", "-z", range);
  if (!named.ok) return gitFailed("compared", branch, named.error);
  const files = [...named.out.matchAll(/([A-Z])\0([^\0]+)(?:\0|$)/g)];
  const { out: patch } = await git(
    tree,
    "diff",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    range,
  );
  const list = files.map(
    ([, kind = "", file = ""]) => `- ${WORDS[kind] ?? "changed"} ${file.replaceAll("\n", "\\n")}`,
  );
  const fence = "`".repeat(Math.max(3, ...(patch.match(/`+/g) ?? []).map((run) => run.length + 1)));
  const short = `${base.slice(0, 12)}...${commit.slice(0, 12)}`;
  const whole = `Not all of it is shown here: \`git diff ${short}\` shows the rest.`;
  const more = patch.length > SHOWN ? [whole, ""] : [];
  const text = [...list, "", ...more, `${fence}diff`, withoutMiddle(patch, SHOWN), fence].join(
    "\n",
  );
  return { files: files.map(([, , file = ""]) => file), text, commit };
}

const WORDS: Readonly<Record<string, string>> = { A: "created", M: "changed", D: "deleted" };

async function merge(
  place: WorktreesPlace,
  git: Git,
  { tree, branch }: Place,
  commit: string,
  title: string,
): Promise<{ readonly commit: string } | Failure> {
  const top = await topOf(place, git);
  if (typeof top !== "string") return top;
  const note = `${tree}.merging`;
  return land({ git, top, commit, branch, note, message: `Merge the work of ${title}` });
}

async function remove(
  { workspace }: WorktreesPlace,
  git: Git,
  { tree, branch }: Place,
  keep: boolean,
): Promise<void> {
  await rm(`${tree}.ready`, { force: true });
  if (await exists(tree)) await git(workspace, "worktree", "remove", "--force", "--force", tree);
  await rm(tree, { recursive: true, force: true, maxRetries: 5 });
  const there = await git(workspace, "rev-parse", "-q", "--verify", `refs/heads/${branch}`);
  // One that was lost with its folder still holds the branch.
  if (there.ok) await git(workspace, "worktree", "prune");
  if (there.ok && !keep) await git(workspace, "branch", "-q", "-D", branch);
  await rm(`${tree}.merging`, { force: true });
}

async function restore(
  place: WorktreesPlace,
  git: Git,
  folder: string,
): Promise<Failure | undefined> {
  const there = treeOf(place, folder);
  if (!there || (await isWhole(there))) return undefined;
  const { tree, branch } = there;
  await git(place.workspace, "worktree", "prune");
  const kept = await git(place.workspace, "rev-parse", "-q", "--verify", `refs/heads/${branch}`);
  if (!kept.ok) return branchGone(branch);
  const added = await git(place.workspace, "worktree", "add", "-q", tree, branch);
  if (!added.ok) return gitFailed("made again", branch, added.error);
  await writeFile(`${tree}.ready`, "", { flush: true });
  return undefined;
}

/** The worktree that a folder lies in; undefined for one that is not in any. */
function treeOf(
  { folder: all }: Pick<WorktreesPlace, "folder">,
  folder: string,
): Place | undefined {
  const [name = ""] = folder.slice(all.length + 1).split(/[\\/]/);
  return name === "" ? undefined : { tree: join(all, name), branch: `fermata/${name}` };
}

/** Its note is there, which is written last. */
function isWhole({ tree }: Place): Promise<boolean> {
  return exists(`${tree}.ready`);
}

async function sweep(place: WorktreesPlace, git: Git, run: string): Promise<void> {
  const names = await readdir(place.folder).catch(() => []);
  const mine = names.filter(
    (name) => name.startsWith(`${run}-`) && !/\.(ready|merging)$/.test(name),
  );
  for (const name of mine) {
    const tree = join(place.folder, name);
    const branch = `fermata/${basename(tree)}`;
    const whole = await isWhole({ tree, branch });
    if (whole) await commitWork(git, tree, branch);
    const merged = await git(place.workspace, "merge-base", "--is-ancestor", branch, "HEAD");
    await remove(place, git, { tree, branch }, whole && !merged.ok);
  }
}

async function topOf({ workspace }: WorktreesPlace, git: Git): Promise<string | Failure> {
  try {
    const top = await git(workspace, "rev-parse", "--show-toplevel");
    return top.ok ? await realpath(top.out) : noRepository(workspace);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const message =
      "Isolation needs git, and there is none. Install it, or take `isolation` out of the step.";
    return failure("tool_unavailable", message);
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function noRepository(workspace: string): Failure {
  const message = `Isolation needs a git repository, and ${workspace} is none. Run \`git init\` there and commit, or take \`isolation\` out of the step.`;
  return failure("invalid_input", message, { kind: "no_repository" });
}

function noCommit(): Failure {
  const message =
    "Isolation starts at a commit, and the repository has none yet. Commit something first.";
  return failure("invalid_input", message, { kind: "no_commit" });
}

function notClean(files: readonly string[]): Failure {
  const named = files.slice(0, 3).join(", ");
  const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
  const verb = files.length === 1 ? "has" : "have";
  const message = `${named}${more} ${verb} uncommitted changes, which an isolated agent would not see. Commit or stash them and retry, or set \`isolation: {dirty: true}\`.`;
  return failure("invalid_input", message, { kind: "dirty_tree" });
}

function nameTaken(branch: string): Failure {
  const message = `Isolation needs the branch ${branch}, which is there already and holds work. Rename it (\`git branch -m ${branch} NAME\`) or delete it, and retry.`;
  return failure("invalid_input", message, { kind: "branch_taken", branch });
}

function branchGone(branch: string): Failure {
  const message = `The worktree of ${branch} is gone, and that branch too: it was merged or deleted, by git or by hand. Do the step again from its start.`;
  return failure("tool_error", message, { kind: "worktree_gone", branch });
}

function gitFailed(what: string, branch: string, said: string): Failure {
  const message = `The worktree of ${branch} could not be ${what}: ${said.split("\n")[0] ?? ""}. See to that and retry.`;
  return failure("tool_error", message, { kind: "git", branch, said });
}
