/**
 * Turns a path that a tool was given into a real one inside the workspace, or says why not.
 * Owns the border: links are followed first, so that none leads out of it.
 */
import { realpath } from "node:fs/promises";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { holdsSecrets } from "../../search/workspaceFiles.ts";

export type WorkspacePath =
  /** `path` is relative to the root, with `/`; empty for the root itself. */
  | { readonly type: "inside"; readonly absolute: string; readonly path: string }
  | { readonly type: "refused"; readonly message: string };

/** Resolves a path against the workspace's root. The file need not be a file; it must exist. */
export async function resolveInside(root: string, given: string): Promise<WorkspacePath> {
  const refused = (message: string): WorkspacePath => ({ type: "refused", message });
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
    return refused(
      inside === undefined ? outside(given) : `There is no \`${given}\` in the workspace.`,
    );
  }
  const path = pathInside(realRoot, absolute);
  if (path === undefined) return refused(outside(given));
  if (path.split("/").includes(".git")) {
    return refused(`\`${given}\` belongs to git's own store, which tools do not read.`);
  }
  if (holdsSecrets(basename(absolute))) {
    return refused(`\`${given}\` is by its name a file of secrets, which tools do not read.`);
  }
  return { type: "inside", absolute, path };
}

function outside(given: string): string {
  return `\`${given}\` is outside the workspace. Give a path inside it.`;
}

function pathInside(root: string, absolute: string): string | undefined {
  const path = relative(root, absolute);
  if (path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  return path.split(sep).join("/");
}
