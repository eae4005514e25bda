/**
 * Git, asked for one thing at a time. Owns how it is started: guarded, without anybody's hooks, never waiting for a person.
 */
import { execFile } from "node:child_process";
import { allowedEnvironment } from "../process/environment.ts";
import { runCommand } from "../process/run.ts";

export interface GitPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly guardScript?: string;
  readonly signal?: AbortSignal;
}

export interface GitSaid {
  readonly ok: boolean;
  readonly code: number | null;
  /** Without the line feed at its end. */
  readonly out: string;
  readonly error: string;
}

export type Git = (folder: string, ...words: readonly string[]) => Promise<GitSaid>;

/** What is said of who commits, where nobody has said it. */
const SETTINGS = [
  ...["core.hooksPath=/dev/null", "core.fsmonitor=false", "core.quotePath=false"],
  ...["commit.gpgsign=false", "gc.auto=0", "advice.detachedHead=false"],
];

/** Enough for the patch of a large change. */
const MOST = 4 * 1024 * 1024;

/** Verbs that write nothing a person or the next verb could see: they need no guard, which is most of what git costs. */
const READS: ReadonlySet<string> = new Set([
  ...["rev-parse", "status", "diff", "merge-base", "merge-tree", "hash-object", "commit-tree"],
  ...["ls-files", "ls-tree", "cat-file"],
]);

export function createGit({ environment, guardScript, signal }: GitPlace): Git {
  return async (folder, ...words) => {
    const env = {
      ...allowedEnvironment(environment),
      ...{ LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_EDITOR: "true", GIT_OPTIONAL_LOCKS: "0" },
      ...{ GIT_AUTHOR_NAME: "Fermata", GIT_AUTHOR_EMAIL: "fermata@localhost" },
      ...{ GIT_COMMITTER_NAME: "Fermata", GIT_COMMITTER_EMAIL: "fermata@localhost" },
    };
    const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
    const command = ["git", ...settings, "-C", folder, ...words];
    if (READS.has(words[0] ?? "")) return read(command, env);
    const { exitCode, stdout, stderr } = await runCommand({
      ...{ command, cwd: folder, env, maxOutputBytes: MOST },
      ...(guardScript === undefined ? {} : { guardScript }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { ok: exitCode === 0, code: exitCode, out: stdout.trimEnd(), error: stderr.trim() };
  };
}

/** Rejects when there is no git. */
function read(
  [program = "", ...words]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<GitSaid> {
  const { promise, resolve, reject } = Promise.withResolvers<GitSaid>();
  execFile(program, words, { env, maxBuffer: MOST, encoding: "utf8" }, (error, out, said) => {
    const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
    if (code === null && error?.code === "ENOENT") reject(error);
    else resolve({ ok: code === 0, code, out: out.trimEnd(), error: said.trim() });
  });
  return promise;
}
