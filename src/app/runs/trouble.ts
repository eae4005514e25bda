/**
 * What goes wrong under a run that is no matter of the run itself: its disk, its journal, our own faults. In words.
 * Owns the wording; mends nothing.
 */
import { JournalFailure } from "../../engine/journal.ts";
import { errorCode } from "../../journal/disk.ts";
import { type Failure, failure } from "../../run/failure.ts";

/** Why a run is no longer driven here though it is not at its end, for people. */
export function whyStopped(error: unknown): string {
  const trouble = storageTrouble(error);
  if (trouble) return trouble.message;
  const said = error instanceof Error ? error.message : String(error);
  return `A fault of fermata itself stopped it: ${said}`;
}

/** Why a run that another process drives cannot be followed now, for people. */
export function whyUnread(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return `It cannot be followed now and is tried again: ${said}`;
}

/** The failure of a disk or journal that refuses; undefined for every other error. */
export function storageTrouble(error: unknown): Failure | undefined {
  if (error instanceof JournalFailure)
    return failure("storage", error.message, { code: error.code });
  const next = REMEDIES.get(errorCode(error) ?? "");
  if (next === undefined || !(error instanceof Error)) return undefined;
  return failure("storage", `Runs cannot be recorded: ${error.message}. ${next}`);
}

/** The failure of a name that no run has. */
export function noSuchRun(run: string): Failure {
  return failure(
    "invalid_input",
    `There is no run ${run} in this workspace. Look at the list of its runs.`,
  );
}

/** Does what may meet a disk that refuses, and gives that as a failure; every other error is thrown on. */
export async function orTrouble<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    const trouble = storageTrouble(error);
    if (trouble) return trouble;
    throw error;
  }
}

const ROOM = "Make room on that disk, then try again.";
const RIGHTS =
  "Give yourself the right to write there, or set XDG_STATE_HOME to another folder, then try again.";

const HANDLES =
  "Close programs that hold many files, or raise the limit (ulimit -n), then try again.";
const STRANGE = "Something else lies in its place: move that away, or put the right file back.";

const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", ROOM],
  ["EDQUOT", ROOM],
  ["EIO", "Look after that disk: it reports errors."],
  ["EMFILE", HANDLES],
  ["ENFILE", HANDLES],
  ["EISDIR", STRANGE],
  ["ENOTDIR", STRANGE],
  ["ELOOP", STRANGE],
  ["EACCES", RIGHTS],
  ["EPERM", RIGHTS],
  ["EROFS", RIGHTS],
  ["ENOENT", "The folder is gone. Start the run again."],
]);
