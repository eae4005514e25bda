/**
 * Brings a commit into the branch that a person works on, so that it can be killed between any two steps and begun again:
 * merged beside it first, then the files, then the branch. What it is about to do is noted, and only files that are as one
 * of the two sides has them are written. Owns that order; knows nothing of worktrees.
 */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Failure, failure } from "../run/failure.ts";
import type { Git } from "./git.ts";

export interface Landing {
  readonly git: Git;
  /** The top of the person's working tree. */
  readonly top: string;
  /** The commit to bring in, and what it is called by people. */
  readonly commit: string;
  readonly branch: string;
  readonly message: string;
  /** Where it is noted what is about to be written. */
  readonly note: string;
}

/** The commit at which the branch stands afterwards. Nothing is changed where it fails. */
export async function land(landing: Landing): Promise<{ readonly commit: string } | Failure> {
  const { git, top, commit, note } = landing;
  const noted = await readNote(note);
  const head = (await git(top, "rev-parse", "HEAD")).out;
  if (noted && noted.target !== head && noted.head === head) return goOn(landing, noted);
  if (noted) await rm(note, { force: true });
  if ((await git(top, "merge-base", "--is-ancestor", commit, "HEAD")).ok) return { commit: head };
  if ((await git(top, "rev-parse", "-q", "--verify", "MERGE_HEAD")).ok) return midway(landing);
  const merged = await git(top, "merge-tree", "--write-tree", "--name-only", "HEAD", commit);
  const [tree = "", ...named] = merged.out.split("\n");
  if (!merged.ok)
    return merged.code === 1 ? conflict(landing, named) : broken(landing, merged.error);
  const parents = ["-p", head, "-p", commit];
  const made = await git(top, "commit-tree", tree, ...parents, "-m", landing.message);
  if (!made.ok) return broken(landing, made.error);
  const began: Note = { head, target: made.out };
  const dirty = await unlike(landing, began, false);
  if (dirty.length > 0) return inTheWay(landing, dirty);
  await writeFile(note, JSON.stringify(began), { flush: true });
  return finish(landing, began);
}

interface Note {
  readonly head: string;
  readonly target: string;
}

async function readNote(file: string): Promise<Note | undefined> {
  try {
    const { head, target } = JSON.parse(await readFile(file, "utf8"));
    return typeof head === "string" && typeof target === "string" ? { head, target } : undefined;
  } catch {
    return undefined;
  }
}

/** Goes on with what a process that was killed had begun. */
async function goOn(landing: Landing, noted: Note): Promise<{ commit: string } | Failure> {
  const { git, top } = landing;
  const dirty = await unlike(landing, noted, true);
  if (dirty.length > 0) return inTheWay(landing, dirty);
  // A lock that our own git left when it was killed: the note says that it was ours.
  const path = ["--path-format=absolute", "--git-path", "index.lock"];
  await rm((await git(top, "rev-parse", ...path)).out, { force: true });
  return finish(landing, noted);
}

/** Writes the files and moves the branch: as often as it takes, with the same end. */
async function finish(
  landing: Landing,
  { head, target }: Note,
): Promise<{ commit: string } | Failure> {
  const { git, top, note } = landing;
  const made = (await changed(landing, "--diff-filter=d", head, target)).map(exactly);
  // What goes may have to make room: for a folder of its name, or for a file in the place of its folder.
  const gone = (
    await tracked(landing, await changed(landing, "--diff-filter=D", head, target))
  ).map(exactly);
  const removed = gone.length > 0 ? await git(top, "rm", "-q", "-f", "--", ...gone) : DONE;
  if (!removed.ok) return broken(landing, removed.error);
  const source = [`--source=${target}`, "--staged", "--worktree"];
  const written = made.length > 0 ? await git(top, "restore", ...source, "--", ...made) : DONE;
  if (!written.ok) return broken(landing, written.error);
  const moved = await git(top, "update-ref", "-m", landing.message, "HEAD", target, head);
  if (!moved.ok) return broken(landing, moved.error);
  await rm(note, { force: true });
  return { commit: target };
}

const DONE = { ok: true, error: "" };

/** Those of the paths that are still files of the index: a process that was killed may have taken some away already. */
async function tracked(
  { git, top }: Landing,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const { out } = await git(top, "ls-files", "-z", "--", ...paths.map(exactly));
  const files = new Set(out.split("\0"));
  return paths.filter((path) => files.has(path));
}

/** A path as git takes it for nothing else. */
function exactly(path: string): string {
  return `:(top,literal)${path}`;
}

/** Files of the merge that a person has changed: they are neither as before it nor, once it has `begun`, as after it. */
async function unlike(
  landing: Landing,
  { head, target }: Note,
  begun: boolean,
): Promise<readonly string[]> {
  const { git, top } = landing;
  const paths = new Set(await changed(landing, head, target));
  const touched = await changed(landing, head);
  const added = await changed(landing, "--diff-filter=A", head, target);
  const there = added.filter((path) => existsSync(join(top, path)));
  const suspects = new Set([...touched, ...there].filter((path) => paths.has(path)));
  const found: string[] = [];
  for (const path of suspects) {
    const hashed = await git(top, "hash-object", "--", path);
    const blob = hashed.ok ? hashed.out : "";
    const sides = begun ? [head, target] : [head];
    const known = await Promise.all(sides.map((side) => blobAt(landing, side, path)));
    if (known.includes(blob) || (begun && (await halfWritten(landing, target, path)))) continue;
    found.push(path);
  }
  return found;
}

/** Our own git was killed while it wrote this file: it takes the old one away first, and the new one comes in pieces. */
async function halfWritten({ git, top }: Landing, target: string, path: string): Promise<boolean> {
  const file = join(top, path);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return !existsSync(file);
  const whole = await git(top, "cat-file", "--filters", `${target}:${path}`);
  // A piece may end within a character.
  return whole.ok && whole.out.startsWith(text.replace(/\uFFFD$/, "").trimEnd());
}

/** Nothing where the commit has no file of that name, but perhaps a folder. */
async function blobAt({ git, top }: Landing, commit: string, path: string): Promise<string> {
  const { out } = await git(top, "ls-tree", "--full-tree", commit, "--", path);
  return /^\d+ blob ([0-9a-f]+)\t/.exec(out)?.[1] ?? "";
}

/** Paths that differ between two commits, or between one and the files. */
async function changed({ git, top }: Landing, ...sides: string[]): Promise<readonly string[]> {
  const { out } = await git(top, "diff", "--name-only", "--no-renames", "-z", ...sides);
  return out.split("\0").filter((path) => path !== "");
}

function conflict({ branch }: Landing, named: readonly string[]): Failure {
  const end = named.indexOf("");
  const files = named.slice(0, end < 0 ? undefined : end);
  const message = `The work on branch ${branch} conflicts with what the workspace has in ${listed(files)}. Merge it by hand (\`git merge ${branch}\`) and retry this step, which then goes on; nothing was changed.`;
  return failure("tool_error", message, { kind: "merge_conflict", branch, files: [...files] });
}

function inTheWay({ branch }: Landing, files: readonly string[]): Failure {
  const message = `Uncommitted changes stand in the way of the work on branch ${branch}: ${listed(files)}. Commit or stash them and retry this step; nothing was overwritten.`;
  return failure("tool_error", message, { kind: "dirty_tree", branch, files: [...files] });
}

function midway({ branch }: Landing): Failure {
  const message = `A merge is under way in the workspace, so branch ${branch} cannot be merged. Finish it (\`git commit\`) or end it (\`git merge --abort\`), and retry this step.`;
  return failure("tool_error", message, { kind: "merge_under_way", branch });
}

function broken({ branch }: Landing, said: string): Failure {
  const message = `Branch ${branch} could not be merged: ${said.split("\n")[0] ?? ""}. Merge it by hand (\`git merge ${branch}\`) and retry this step.`;
  return failure("tool_error", message, { kind: "git", branch, said });
}

function listed(files: readonly string[]): string {
  const shown = files.slice(0, 5).join(", ");
  return files.length > 5 ? `${shown} and ${files.length - 5} more` : shown;
}
