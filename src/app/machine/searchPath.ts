/**
 * Where programs are looked for when the host was not started from a terminal: an editor opened from a dock has not the
 * PATH that its person set up. Asks the login shell once, when somebody needs it, and never in a folder without trust.
 */
import path from "node:path";
import { loginShellPath } from "../../process/path.ts";

/** What came of asking the login shell. */
export type ShellPath =
  | { readonly outcome: "same"; readonly shell: string }
  /** `added`: folders that the host's own PATH lacks, in the shell's order. */
  | { readonly outcome: "differs"; readonly shell: string; readonly added: readonly string[] }
  /** It failed, or took longer than `waited` ms. */
  | { readonly outcome: "silent"; readonly shell: string; readonly waited: number };

export interface SearchPath {
  /** Resolves once the environment has the PATH to look in; at once after the first time. Never rejects. */
  ready(): Promise<void>;
  /** Undefined where nobody was asked. */
  seen(): ShellPath | undefined;
}

export interface SearchPathOptions {
  /** Its PATH is replaced. */
  readonly environment: Record<string, string | undefined>;
  readonly trusted: () => boolean;
  /** The person's shell, absolute; absent: the host's own PATH is the one to use. */
  readonly shell: string | undefined;
  readonly ask?: typeof loginShellPath;
}

/** A profile that takes longer than this, in ms, is not waited for. */
const PATIENCE = 5000;

/** Nothing is asked before `ready` is called. */
export function openSearchPath(options: SearchPathOptions): SearchPath {
  const { environment, trusted, shell, ask = loginShellPath } = options;
  let asking: Promise<void> | undefined;
  let seen: ShellPath | undefined;
  const find = async (from: string): Promise<void> => {
    const said = await ask({ shell: from, timeoutMs: PATIENCE }).catch(() => undefined);
    if (said === undefined) {
      seen = { outcome: "silent", shell: from, waited: PATIENCE };
      return;
    }
    const own = foldersIn(environment.PATH ?? "");
    const theirs = foldersIn(said);
    const added = theirs.filter((folder) => !own.includes(folder));
    if (added.length === 0) {
      seen = { outcome: "same", shell: from };
      return;
    }
    seen = { outcome: "differs", shell: from, added };
    const rest = own.filter((folder) => !theirs.includes(folder));
    environment.PATH = [...theirs, ...rest].join(path.delimiter);
  };
  return {
    ready: async () => {
      if (shell === undefined || !path.isAbsolute(shell) || !trusted()) return;
      asking ??= find(shell);
      await asking;
    },
    seen: () => seen,
  };
}

function foldersIn(list: string): readonly string[] {
  return [...new Set(list.split(path.delimiter).filter((folder) => folder !== ""))];
}
