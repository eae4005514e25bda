/**
 * Takes away the runs that are past the limits that a person has set. Owns the order: look, choose, take each run as its
 * owner, look once more, remove. A run that is not over, is driven, or cannot be read stays.
 */
import type { ArchivePlace } from "../../journal/archive/archiveRun.ts";
import { removeRun, sizeOfRun, sweep } from "../../journal/archive/removeRun.ts";
import type { RunIndex } from "../../journal/history/runIndex.ts";
import {
  type KeptRun,
  leavingRuns,
  type ReadRetention,
  type Retention,
} from "../../report/retention.ts";
import { isFinished } from "../../run/state.ts";
import type { Pruned } from "../app.ts";
import type { RunDisk } from "../runs/runDisk.ts";

export interface PrunePorts {
  readonly place: ArchivePlace;
  readonly disk: Pick<RunDisk, "claim">;
  readonly index: Pick<RunIndex, "refresh">;
}

/** Removes what is past the limits; `dryRun`: only says what that would be. */
export async function prune(
  ports: PrunePorts,
  retention: Retention,
  dryRun: boolean,
): Promise<Pruned> {
  const { place } = ports;
  const indexed = await ports.index.refresh();
  const known = indexed.runs([]);
  const runs: KeptRun[] = [];
  for (const { run, ended_at } of known) {
    const bytes = await sizeOfRun(place, run).catch(() => 0);
    runs.push({ run, bytes, ...(ended_at === undefined ? {} : { ended_at }) });
  }
  const about = new Map(known.map((past) => [past.run, past]));
  const leaving = leavingRuns(runs, retention, place.now()).map((run) => ({
    ...run,
    workflow: about.get(run.run)?.workflow ?? "",
    subject: about.get(run.run)?.subject ?? "",
  }));
  if (dryRun) return { leaving, kept: [], dryRun };
  await sweep(place);
  const kept: { run: string; why: string }[] = [];
  for (const { run } of leaving) {
    const why = await removeOne(ports, run);
    if (why !== undefined) kept.push({ run, why });
  }
  const gone = leaving.filter(({ run }) => !kept.some((held) => held.run === run));
  return { leaving: gone, kept, dryRun };
}

/** Undefined once the run is gone; otherwise why it stays. */
async function removeOne({ place, disk }: PrunePorts, run: string): Promise<string | undefined> {
  const claim = await disk.claim(run, false);
  switch (claim.status) {
    case "missing":
      return undefined;
    case "held":
      return claim.why;
    case "refused":
      return claim.failure.message;
    case "owned": {
      const { held } = claim;
      try {
        await held.journal.close();
        const state = held.state();
        if (!state || !isFinished(state)) return `${run} goes on: somebody retried it.`;
        await removeRun(place, run);
        return undefined;
      } finally {
        await held.release();
      }
    }
  }
}

export interface KeepingPorts {
  readonly retention: () => Promise<ReadRetention>;
  readonly prune: (retention: Retention) => Promise<Pruned>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly report: (message: string, cause?: unknown) => void;
}

/** Between two looks by itself, in ms. */
const PAUSE = 3_600_000;

/** Prunes by the limits that are set, beside other work and once an hour at most. Without limits it does nothing. */
export function createKeeping({ retention, prune: remove, now, report }: KeepingPorts): {
  readonly look: () => void;
  /** Resolves when nothing is being removed. */
  readonly done: () => Promise<void>;
} {
  let last = Number.NEGATIVE_INFINITY;
  let work: Promise<void> = Promise.resolve();
  const keep = async (): Promise<void> => {
    const set = await retention();
    if (!set.ok) return report(`Nothing is removed by itself: ${set.message}`);
    if (Object.keys(set.retention).length === 0) return;
    const { leaving } = await remove(set.retention);
    if (leaving.length > 0) report(`${leaving.length} runs past the limits were removed`);
  };
  return {
    look: () => {
      if (now() - last < PAUSE) return;
      last = now();
      work = work
        .then(keep)
        .catch((error) => report("Runs past the limits could not be removed", error));
    },
    done: () => work,
  };
}
