/** A run as one file, and back. Owns which runs may be archived and the words for what is refused. */

import { JournalFailure } from "../../engine/journal.ts";
import { ArchiveRefused } from "../../journal/archive/archiveRefused.ts";
import type { ArchivePlace } from "../../journal/archive/archiveRun.ts";
import { archiveRun, restoreRun } from "../../journal/archive/archiveRun.ts";
import { errorCode } from "../../journal/disk.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { RunState } from "../../run/state.ts";
import type { Archived, Restored } from "../app.ts";
import type { RunDisk } from "../runs/runDisk.ts";
import { noSuchRun, storageTrouble } from "../runs/trouble.ts";

export interface ArchivePorts {
  readonly place: ArchivePlace;
  readonly disk: Pick<RunDisk, "ownership" | "state">;
  /** The state of a run that this process drives. */
  readonly live: (run: string) => RunState | undefined;
}

/** Puts a run into a file, absolute, that must not exist. The run stays as it is. */
export async function archive(ports: ArchivePorts, run: string, file: string): Promise<Archived> {
  try {
    const owner = ports.live(run) ? "here" : await ports.disk.ownership(run);
    if (owner !== "nobody") return refused(driven(run));
    if (!(await ports.disk.state(run))) return refused(noSuchRun(run));
    await archiveRun(ports.place, run, file);
    return { ok: true, file, bytes: (await ports.place.disk.stat(file))?.size ?? 0 };
  } catch (error) {
    return refused(unwritten(error, file) ?? archiveTrouble(error, file));
  }
}

/** Brings a run back from a file, absolute. It keeps its id, and goes on only when a person says so. */
export async function restore(ports: ArchivePorts, file: string): Promise<Restored> {
  try {
    return { ok: true, run: await restoreRun(ports.place, file) };
  } catch (error) {
    if (error instanceof ArchiveRefused) {
      const next = error.newer
        ? "Open it with the version that wrote it."
        : "Nothing was restored.";
      return refused(failure("invalid_input", `${file} was not taken: ${error.message}. ${next}`));
    }
    return refused(archiveTrouble(error, file));
  }
}

function refused(why: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: why };
}

function driven(run: string): Failure {
  const message = `${run} is being driven. Archive it once it is over, or once nobody drives it.`;
  return failure("invalid_input", message);
}

/** The archive's own disk takes no more. The run is only read, so that its disk is not meant. */
function unwritten(error: unknown, file: string): Failure | undefined {
  if (error instanceof JournalFailure) return undefined;
  const code = errorCode(error) ?? "";
  const why = { ENOSPC: "its disk is full", EDQUOT: "the quota there is used up" }[code];
  if (code === "EROFS") {
    const message = `${file} was not written: its disk takes no writes. Name a file on another disk.`;
    return failure("invalid_input", message);
  }
  if (why === undefined) return undefined;
  const message = `${file} was not written: ${why}. Make room there, or name a file on another disk. The run stays as it is.`;
  return failure("storage", message);
}

/** What the disk says about an archive or the run in it; our own faults are thrown on. */
function archiveTrouble(error: unknown, file: string): Failure {
  switch (errorCode(error)) {
    case "EEXIST":
      return failure("invalid_input", `${file} is there already, and stays. Name another file.`);
    case "ENOENT":
      return failure(
        "invalid_input",
        `There is no ${file}. Name a file in a folder that is there.`,
      );
    case "EISDIR":
      return failure("invalid_input", `${file} is a folder. Name a file.`);
    case "EACCES":
    case "EPERM":
      return failure("invalid_input", `You have no right to ${file}. Name another file.`);
  }
  const trouble = storageTrouble(error);
  if (trouble) return trouble;
  throw error;
}
