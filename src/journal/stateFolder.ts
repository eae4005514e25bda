/**
 * Where a workspace's runs are kept: in the user's own state folder, never in the workspace.
 * Owns the place and the workspace's key; must not know what is kept there.
 */
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";

export interface StateFolderInput {
  /** The workspace's folder; it exists. Links in it are followed, so every way to it leads to the same runs. */
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** The user's home folder as the environment has it; where that is empty, the system's word counts. */
  readonly home: string;
}

/** The workspace's state folder, absolute; it need not exist. Throws when the workspace does not exist. */
export function stateFolder(input: StateFolderInput): string {
  const real = realpathSync.native(input.workspace);
  const { join } = flavour(input.platform);
  return join(stateRoot(input), "fermata", workspaceKey(real, input.platform));
}

/** The folder of the user's state: XDG_STATE_HOME (or ~/.local/state), LOCALAPPDATA or Application Support. */
export function stateRoot({ env, platform, home }: Omit<StateFolderInput, "workspace">): string {
  const { join, isAbsolute } = flavour(platform);
  // The XDG specification has relative paths ignored; a relative one would land in the workspace.
  const given = (value: string | undefined) => (value && isAbsolute(value) ? value : undefined);
  const own = homeOr(home, isAbsolute);
  if (platform === "win32") return given(env.LOCALAPPDATA) ?? join(own, "AppData", "Local");
  if (platform === "darwin") {
    return given(env.XDG_STATE_HOME) ?? join(own, "Library", "Application Support");
  }
  return given(env.XDG_STATE_HOME) ?? join(own, ".local", "state");
}

/** A home that the environment has as nothing, or as a relative path, would lie in the workspace: then the system's word. */
export function homeOr(home: string, isAbsolute: (path: string) => boolean): string {
  return isAbsolute(home) ? home : userInfo().homedir;
}

/** A workspace's name among others: what people recognise, and what makes it unique. */
export function workspaceKey(realPath: string, platform: string): string {
  const base = flavour(platform).basename(realPath);
  const readable = base
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  const hash = createHash("sha256").update(realPath).digest("hex").slice(0, 12);
  return `${readable || "workspace"}-${hash}`;
}

function flavour(platform: string): path.PlatformPath {
  return platform === "win32" ? path.win32 : path.posix;
}
