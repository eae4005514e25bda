/**
 * Follows a run that another process may be driving: its records as they become durable, and who drives it.
 * Owns trying again where a journal cannot be read for a while. Only reads.
 */
import type { JournalRecord } from "../../engine/journal.ts";
import type { Disk } from "../../journal/disk.ts";
import { followJournal } from "../../journal/follow.ts";
import type { Clock } from "../../journal/machine/clock.ts";
import { runFolder } from "../../journal/runFolder.ts";
import type { RunEvent } from "../../run/event.ts";
import type { Ownership } from "../app.ts";
import type { WatchPorts } from "./watches.ts";

export interface FollowingPorts {
  readonly disk: Disk;
  /** The workspace's state folder. */
  readonly state: string;
  readonly clock: Clock;
  /** What the run holds on the disk. */
  readonly records: (run: string) => Promise<readonly JournalRecord<RunEvent>[]>;
  readonly ownership: (run: string) => Promise<Ownership>;
}

/** Between two looks at who owns a run that is followed, in ms. */
const OWNER_LOOK = 1000;

/** Between two tries to follow a run that cannot be read, in ms. */
const LONGEST_PAUSE = 30_000;

/** Follows one run until the returned follower is disposed of. */
export function createFollowing(ports: FollowingPorts): WatchPorts["follow"] {
  return (run, told) => {
    const end = new AbortController();
    const following = { ports, run, told, signal: end.signal, sofar: 0 };
    void followForGood(following);
    void followOwner(following);
    return { dispose: () => end.abort() };
  };
}

interface Following {
  readonly ports: FollowingPorts;
  readonly run: string;
  readonly told: Parameters<WatchPorts["follow"]>[1];
  readonly signal: AbortSignal;
  /** The number of the last record that was told. */
  sofar: number;
}

/** What refuses now, such as too many open files, may not refuse in a while. */
async function followForGood(following: Following): Promise<void> {
  const { ports, signal } = following;
  for (let pause = OWNER_LOOK; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    await followOnce(following);
    await ports.clock.wait(pause, { signal, background: true });
  }
}

async function followOnce(following: Following): Promise<void> {
  const { ports, run, told, signal } = following;
  const { disk, state, clock } = ports;
  try {
    // A run that holds nothing yet is told so at once; one that is not there has no watcher to keep waiting.
    const folder = runFolder(state, run);
    const now = (await disk.stat(folder)) === undefined ? [] : await ports.records(run);
    told.ownership(await ownerOf(following));
    if (signal.aborted) return;
    if (now.length < following.sofar) told.restart();
    following.sofar = now.length;
    told.records(now);
    for await (const followed of followJournal<RunEvent>({ disk, folder, clock, signal })) {
      if (followed.restart) told.restart();
      told.records(followed.records);
      following.sofar = followed.records.at(-1)?.seq ?? following.sofar;
    }
  } catch (error) {
    if (!signal.aborted) told.failed(error);
  }
}

async function followOwner(following: Following): Promise<void> {
  const { ports, told, signal } = following;
  while (!signal.aborted) {
    const now = await ownerOf(following);
    if (!signal.aborted) told.ownership(now);
    await ports.clock.wait(OWNER_LOOK, { signal, background: true });
  }
}

function ownerOf({ ports, run }: Following): Promise<Ownership> {
  return ports.ownership(run).catch((): Ownership => "nobody");
}
