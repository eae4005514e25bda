/**
 * Runs that somebody looks at: one fold per run, fed by whoever drives it here or by following its journal.
 * Owns the switch between the two, so that a watcher sees one unbroken run.
 */
import { recordedOf } from "../../engine/drive.ts";
import type { JournalRecord } from "../../engine/journal.ts";
import type { Recorded, RunEvent } from "../../run/event.ts";
import { evolve } from "../../run/evolve/evolve.ts";
import type { RunState } from "../../run/state.ts";
import type { Ownership, RunChange, RunWatch } from "../app.ts";
import { whyUnread } from "./trouble.ts";

/** Follows a journal that another process may be writing. */
export interface Follower {
  dispose(): void;
}

export interface WatchPorts {
  /**
   * Reads a run's durable records from the start and then as they come. `restart`: what was told is void, all of it comes
   * again. `failed`: it cannot be read now, and is tried again.
   */
  readonly follow: (
    run: string,
    told: {
      readonly records: (records: readonly JournalRecord<RunEvent>[]) => void;
      readonly restart: () => void;
      readonly failed: (error: unknown) => void;
      readonly ownership: (ownership: Ownership) => void;
    },
  ) => Follower;
}

export interface Watches {
  /** Undefined when the run has no records. Rejects when its journal cannot be read. */
  open(run: string): Promise<RunWatch | undefined>;
  /** A run came to life here: its watchers see its state from now on. */
  live(run: string, state: RunState, records: readonly Recorded[]): void;
  /** Something happened in a run that is driven here. */
  change(run: string, change: RunChange): void;
  /** A run is no longer driven here. */
  released(run: string): void;
  dispose(): void;
}

interface Watched {
  readonly run: string;
  state: RunState | undefined;
  here: boolean;
  ownership: Ownership;
  busy: boolean;
  stopped: string | undefined;
  /** Why it cannot be followed now. */
  unread: string | undefined;
  /** What comes is told from the first record on. */
  afresh: boolean;
  follower: Follower | undefined;
  /** Resolves once the follower has told what is on disk. */
  reading: Promise<void> | undefined;
  readonly live: Map<string, string>;
  readonly refused: Map<string, string>;
  readonly listeners: Set<(change: RunChange) => void>;
  users: number;
}

/** No watches yet. */
export function createWatches(ports: WatchPorts): Watches {
  return new WatchedRuns(ports);
}

class WatchedRuns implements Watches {
  private readonly ports: WatchPorts;
  private readonly watched = new Map<string, Watched>();

  constructor(ports: WatchPorts) {
    this.ports = ports;
  }

  async open(run: string): Promise<RunWatch | undefined> {
    const entry = this.entryOf(run);
    entry.users += 1;
    try {
      if (!entry.here) await (entry.reading ?? this.follow(entry));
    } catch (error) {
      this.release(entry);
      throw error;
    }
    if (entry.state) return watchOf(entry, entry.state, () => this.release(entry));
    this.release(entry);
    return undefined;
  }

  live(run: string, state: RunState, records: readonly Recorded[]): void {
    const entry = this.entryOf(run);
    const seen = entry.state?.seq ?? 0;
    entry.here = true;
    entry.ownership = "here";
    entry.busy = true;
    entry.stopped = undefined;
    entry.unread = undefined;
    entry.afresh = false;
    stopFollowing(entry);
    entry.state = state;
    const unseen = records.filter((record) => record.seq > seen);
    if (unseen.length > 0) tell(entry, { type: "records", records: unseen });
    tell(entry, { type: "ownership", ownership: "here" });
  }

  change(run: string, change: RunChange): void {
    const entry = this.watched.get(run);
    if (!entry) return;
    note(entry, change);
    tell(entry, change);
  }

  released(run: string): void {
    const entry = this.watched.get(run);
    if (!entry?.here) return;
    entry.here = false;
    entry.ownership = "nobody";
    entry.busy = false;
    entry.live.clear();
    entry.refused.clear();
    tell(entry, { type: "ownership", ownership: "nobody" });
    if (entry.users === 0) this.watched.delete(run);
    else void this.follow(entry).catch(() => undefined);
  }

  dispose(): void {
    for (const entry of this.watched.values()) entry.follower?.dispose();
    this.watched.clear();
  }

  private entryOf(run: string): Watched {
    const known = this.watched.get(run);
    if (known) return known;
    const made: Watched = {
      run,
      state: undefined,
      here: false,
      ownership: "nobody",
      busy: false,
      stopped: undefined,
      unread: undefined,
      afresh: false,
      follower: undefined,
      reading: undefined,
      live: new Map(),
      refused: new Map(),
      listeners: new Set(),
      users: 0,
    };
    this.watched.set(run, made);
    return made;
  }

  /** Resolves once what is on disk has been read. */
  private follow(entry: Watched): Promise<void> {
    stopFollowing(entry);
    const reading = new Promise<void>((resolve, reject) => {
      entry.follower = this.ports.follow(entry.run, {
        records: (records) => {
          if (!entry.here) take(entry, records.map(recordedOf));
          resolve();
        },
        restart: () => {
          if (!entry.here) entry.afresh = true;
        },
        failed: (error) => {
          reject(error);
          if (entry.here || !entry.state) return;
          entry.unread = whyUnread(error);
          tell(entry, { type: "stopped", message: entry.unread });
        },
        ownership: (ownership) => {
          if (entry.here || entry.ownership === ownership) return;
          entry.ownership = ownership;
          tell(entry, { type: "ownership", ownership });
        },
      });
    });
    entry.reading = reading;
    return reading;
  }

  private release(entry: Watched): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    stopFollowing(entry);
    if (!entry.here) this.watched.delete(entry.run);
  }
}

function stopFollowing(entry: Watched): void {
  entry.follower?.dispose();
  entry.follower = undefined;
  entry.reading = undefined;
}

function take(entry: Watched, records: readonly Recorded[]): void {
  if (entry.afresh) entry.state = undefined;
  entry.afresh = false;
  if (entry.unread !== undefined) {
    entry.unread = undefined;
    tell(entry, { type: "ownership", ownership: entry.ownership });
  }
  const seen = entry.state?.seq ?? 0;
  const unseen = records.filter((record) => record.seq > seen);
  if (unseen.length === 0) return;
  for (const record of unseen) entry.state = evolve(entry.state, record);
  tell(entry, { type: "records", records: unseen });
}

function note(entry: Watched, change: RunChange): void {
  if (change.type === "live") entry.live.set(change.path, change.text);
  if (change.type === "refused") entry.refused.set(change.path, change.reason);
  if (change.type === "stopped") entry.stopped = change.message;
  if (change.type === "quiet") entry.busy = false;
  if (change.type !== "records") return;
  entry.busy = entry.here;
  for (const { event } of change.records) {
    if (event.type === "breakpoint_answered" || event.type === "task_closed")
      entry.refused.delete(event.path);
    if (
      event.type === "attempt_completed" ||
      event.type === "attempt_failed" ||
      event.type === "task_closed"
    ) {
      entry.live.delete(event.path);
    }
  }
}

function tell(entry: Watched, change: RunChange): void {
  for (const listener of [...entry.listeners]) listener(change);
}

function watchOf(entry: Watched, first: RunState, release: () => void): RunWatch {
  const mine = new Set<(change: RunChange) => void>();
  let open = true;
  return {
    run: entry.run,
    get state() {
      return entry.state ?? first;
    },
    get ownership() {
      return entry.ownership;
    },
    get busy() {
      return entry.busy;
    },
    get stopped() {
      return entry.stopped ?? entry.unread;
    },
    live: entry.live,
    refused: entry.refused,
    onChange: (listener) => {
      mine.add(listener);
      entry.listeners.add(listener);
      return () => {
        mine.delete(listener);
        entry.listeners.delete(listener);
      };
    },
    dispose: () => {
      if (!open) return;
      open = false;
      for (const listener of mine) entry.listeners.delete(listener);
      release();
    },
  };
}
