/** How the files that a program names are written down. Owns that one form; touches no disk. */
import { isAbsolute, relative, sep } from "node:path";

/** Relative to the workspace with forward slashes; as it is when it lies outside. */
export function inWorkspace(path: string, workspace: string): string {
  if (!isAbsolute(path)) return path.split(sep).join("/");
  const inside = relative(workspace, path);
  return inside === "" || inside.startsWith("..") ? path : inside.split(sep).join("/");
}
