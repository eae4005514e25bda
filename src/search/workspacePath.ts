/**
 * Turns a path that a tool was given into a real one inside the workspace, or says why not.
 * Owns the border: links are followed first, so that none leads out of it.
 */
import { lstat, realpath } from "node:fs/promises";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { readPlainFile } from "./plainFile.ts";
import { holdsSecrets, MAX_TEXT_BYTES } from "./workspaceFiles.ts";

export type WorkspacePath =
  /** `path` is relative to the root, with `/`; empty for the root itself. */
  | { readonly type: "inside"; readonly absolute: string; readonly path: string }
  /** `missing`: it would be inside, and is not there. */
  | { readonly type: "refused"; readonly message: string; readonly missing?: true };

/** Resolves a path against the workspace's root. The file need not be a file; it must exist. */
export async function resolveInside(root: string, given: string): Promise<WorkspacePath> {
  const refused = (message: string) => ({ type: "refused", message }) as const;
  if (given.includes("\0")) return refused("A path has no NUL character.");
  const realRoot = await realpath(root);
  // Judged before it is looked up, so that nobody learns what exists outside.
  if (pathInside(root, resolve(root, given)) === undefined && !isAbsolute(given)) {
    return refused(outside(given));
  }
  let absolute: string;
  try {
    absolute = await realpath(resolve(root, given));
  } catch {
    const inside = pathInside(root, resolve(root, given)) ?? pathInside(realRoot, given);
    if (inside === undefined) return refused(outside(given));
    return { ...refused(`There is no \`${given}\` in the workspace.`), missing: true };
  }
  const path = pathInside(realRoot, absolute);
  if (path === undefined) return refused(outside(given));
  if (path.split("/").some(isGitStore)) {
    return refused(`\`${given}\` belongs to git's own store, which tools do not read.`);
  }
  if (holdsSecrets(plainName(basename(absolute)))) {
    return refused(`\`${given}\` is by its name a file of secrets, which tools do not read.`);
  }
  return { type: "inside", absolute, path };
}

/**
 * The bytes of a file that `resolveInside` found. What was opened is compared with what stands at the path by then, so
 * that an exchange of the file, or of a folder above it, for a link in between gives nothing of the outside.
 */
export async function readInside(found: Extract<WorkspacePath, { type: "inside" }>) {
  const { absolute } = found;
  return readPlainFile(absolute, {
    most: MAX_TEXT_BYTES,
    noLink: true,
    check: async (opened) => {
      const there = await lstat(absolute);
      const same = there.ino === opened.ino && there.dev === opened.dev;
      if (!same || (await realpath(absolute)) !== absolute)
        throw new Error("it was exchanged while it was opened");
    },
  });
}

/** `.git` as any file system may write it: in capitals, with what Windows and macOS leave out of a name. */
function isGitStore(segment: string): boolean {
  return /^(\.git|git~\d)$/i.test(plainName(segment));
}

/** A name without its stream, dots and blanks at its end (Windows) and characters that nobody sees (macOS). */
function plainName(name: string): string {
  const seen = name.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff]/g, "");
  return seen.replace(/:.*$/, "").replace(/[. ]+$/, "");
}

function outside(given: string): string {
  return `\`${given}\` is outside the workspace. Give a path inside it.`;
}

function pathInside(root: string, absolute: string): string | undefined {
  const path = relative(root, absolute);
  if (path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  return path.split(sep).join("/");
}
