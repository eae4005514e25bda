/**
 * What this window knows of a folder's runs: the list, and the fold of every run that is not over.
 * Owns the watches and says what changed, gathered a tenth of a second at a time. Knows nothing of the editor.
 */
import type { App, Ownership, RunSummary, RunWatch } from "../../app/app.ts";
import { summarize } from "../../app/runs/summary.ts";
import type { Breakpoint } from "../../run/ask/breakpoint.ts";
import { compareUrgency, urgencyOf } from "../../run/ask/urgency.ts";
import type { Recorded } from "../../run/event.ts";
import { runLineOf } from "../../run/history/pastRun.ts";
import { isFinished, type RunState } from "../../run/state.ts";
import { createKeptRows, type KeptRows } from "../../views/runPage/keptRows.ts";

/** A run as far as it is known here. */
export interface RunEntry {
  readonly run: string;
  readonly summary: RunSummary;
  readonly ownership: Ownership;
  /** Absent until somebody looked into a run that is over, and for one that cannot be read. */
  readonly state: RunState | undefined;
  /** Latest live line of each running task, by path. */
  readonly live: ReadonlyMap<string, string>;
  /** Rows of the state's pictures that are still true; told of every event. */
  readonly kept: KeptRows;
}

/** A question that is open now. */
export interface Waiting {
  readonly run: string;
  readonly workflow: string;
  readonly ownership: Ownership;
  readonly open: Breakpoint;
}

export interface ModelChange {
  /** Runs came or went. */
  readonly list: boolean;
  readonly runs: ReadonlySet<string>;
}

export interface HostModel {
  /** Latest first. */
  list(): readonly RunEntry[];
  find(run: string): RunEntry | undefined;
  /** True of a run that is not among those on disk. Of nothing while the list was not read, or has nothing in it. */
  isGone(run: string): boolean;
  /** Every open question of every run, the most urgent first: due soonest, then by priority, then by age. */
  waiting(): readonly Waiting[];
  /** Learns a run's state, and keeps following it while it is not over. Undefined when there is no such run. */
  follow(run: string): Promise<RunEntry | undefined>;
  /** Reads the whole list again. */
  refresh(): Promise<void>;
  /** Looks for runs that came since, and forgets those that were removed. */
  look(): Promise<void>;
  /** Starts over: another app came. */
  restart(): Promise<void>;
  onChange(listener: (change: ModelChange) => void): () => void;
  /** What becomes durable of a run that is followed, as it comes. */
  onRecords(listener: (run: string, records: readonly Recorded[]) => void): () => void;
  dispose(): void;
}

export interface HostModelPorts {
  /** The app of the moment: settings and trust may bring another. */
  readonly app: () => Pick<App, "listRuns" | "watchRun">;
  /** Names of the runs on disk; cheap. */
  readonly names: () => Promise<readonly string[]>;
  readonly fault: (message: string, cause: unknown) => void;
}

/** How long changes are gathered before they are told, in ms. */
const GATHER = 100;

interface Known extends RunEntry {
  listed: RunSummary | undefined;
  state: RunState | undefined;
  ownership: Ownership;
  live: ReadonlyMap<string, string>;
  kept: KeptRows;
  watch: RunWatch | undefined;
  opening: Promise<RunEntry | undefined> | undefined;
}

/** A model that knows nothing yet: `refresh` it. */
export function createHostModel(ports: HostModelPorts): HostModel {
  const runs = new Map<string, Known>();
  /** Said once; a run that another process is only beginning may become readable. */
  const unreadable = new Set<string>();
  const teller = createTeller();
  const recordListeners = new Set<(run: string, records: readonly Recorded[]) => void>();
  let refreshing: Promise<void> | undefined;
  let listedOnce = false;
  let disposed = false;

  function entryOf(run: string): Known {
    const known = runs.get(run);
    if (known) return known;
    const made = newEntry(run);
    runs.set(run, made);
    teller.note(run, true);
    return made;
  }

  function take(entry: Known, watch: RunWatch): void {
    entry.watch?.dispose();
    entry.watch = watch;
    // What came between two watches was told to nobody.
    entry.kept = createKeptRows();
    const copy = () => {
      entry.state = watch.state;
      entry.ownership = watch.ownership;
      entry.live = watch.live;
      teller.note(entry.run, false);
      letGoIfOver(entry);
    };
    watch.onChange((change) => {
      copy();
      if (change.type !== "records") return;
      change.records.forEach(entry.kept.note);
      for (const listener of [...recordListeners]) listener(entry.run, change.records);
    });
    copy();
  }

  async function open(run: string): Promise<RunEntry | undefined> {
    const watch = await ports.app().watchRun(run);
    if (!watch) return undefined;
    if (disposed) {
      watch.dispose();
      return undefined;
    }
    const entry = entryOf(run);
    take(entry, watch);
    return entry;
  }

  function follow(run: string): Promise<RunEntry | undefined> {
    const known = runs.get(run);
    if (known?.watch) return Promise.resolve(known);
    if (known?.opening) return known.opening;
    const opening = open(run).finally(() => {
      const entry = runs.get(run);
      if (entry) entry.opening = undefined;
    });
    if (known) known.opening = opening;
    return opening;
  }

  async function tryFollow(run: string): Promise<void> {
    try {
      await follow(run);
    } catch (error) {
      if (!unreadable.has(run)) ports.fault(`The run ${run} cannot be read`, error);
      unreadable.add(run);
    }
  }

  async function readList(): Promise<void> {
    const listed = await ports.app().listRuns();
    const names = new Set(listed.map(({ run }) => run));
    for (const entry of [...runs.values()]) {
      if (names.has(entry.run) || entry.watch) continue;
      runs.delete(entry.run);
      teller.note(entry.run, true);
    }
    for (const summary of listed) {
      const entry = entryOf(summary.run);
      if (entry.state && !entry.watch && summary.updated_at !== entry.state.updated_at)
        entry.state = undefined;
      entry.listed = summary;
      teller.note(summary.run, false);
    }
    listedOnce = true;
    await Promise.all(listed.filter(isUnfinished).map(({ run }) => tryFollow(run)));
  }

  function refresh(): Promise<void> {
    refreshing ??= readList().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  return {
    list: () => [...runs.values()].sort((a, b) => b.summary.started_at - a.summary.started_at),
    find: (run) => runs.get(run),
    isGone: (run) => listedOnce && runs.size > 0 && !runs.has(run),
    waiting: () => waitingIn(runs.values()),
    follow,
    refresh,
    look: async () => {
      const [before, names] = [[...runs.values()], await ports.names()];
      for (const run of forgetAllBut(names, before, runs)) teller.note(run, true);
      const fresh = names.filter((run) => !isKnown(runs.get(run)));
      await Promise.all(fresh.map(tryFollow));
    },
    restart: async () => {
      for (const entry of runs.values()) entry.watch?.dispose();
      runs.clear();
      listedOnce = false;
      teller.note("", true);
      await refresh();
    },
    onChange: teller.listen,
    onRecords: (listener) => {
      recordListeners.add(listener);
      return () => recordListeners.delete(listener);
    },
    dispose: () => {
      disposed = true;
      teller.dispose();
      for (const entry of runs.values()) entry.watch?.dispose();
    },
  };
}

function isUnfinished({ damage, ended_at }: RunSummary): boolean {
  return damage === undefined && ended_at === undefined;
}

/** A run that is over is let go: its last state stays, nobody polls its folder. */
function letGoIfOver(entry: Known): void {
  if (!entry.watch || !isFinished(entry.watch.state) || entry.watch.ownership !== "nobody") return;
  entry.watch.dispose();
  entry.watch = undefined;
}

/** Forgets those of which nothing is left on disk, and names them. One that is driven here is not over for that. */
function forgetAllBut(
  names: readonly string[],
  entries: readonly Known[],
  runs: Map<string, Known>,
): readonly string[] {
  const there = new Set(names);
  const gone = entries.filter(({ run, ownership }) => !there.has(run) && ownership !== "here");
  for (const { run, watch } of gone) {
    watch?.dispose();
    runs.delete(run);
  }
  return gone.map(({ run }) => run);
}

function isKnown(entry: Known | undefined): boolean {
  return entry !== undefined && (entry.state !== undefined || entry.listed?.damage === undefined);
}

function newEntry(run: string): Known {
  let made:
    | { readonly from: string; readonly state: RunState; readonly summary: RunSummary }
    | undefined;
  return {
    run,
    get summary() {
      const { state, ownership } = this;
      if (!state) return this.listed ?? { ...EMPTY, run };
      // Asked for again and again between two events: lists are sorted by it.
      const from = `${state.seq} ${ownership}`;
      if (made?.state !== state || made.from !== from)
        made = { from, state, summary: summarize(runLineOf(state), ownership) };
      return made.summary;
    },
    listed: undefined,
    state: undefined,
    ownership: "nobody",
    live: new Map(),
    kept: createKeptRows(),
    watch: undefined,
    opening: undefined,
  };
}

const EMPTY: RunSummary = {
  run: "",
  workflow: "",
  subject: "",
  status: "running",
  ownership: "nobody",
  started_at: 0,
  updated_at: 0,
  waiting: 0,
  doing: "working",
  tokens: 0,
  cost_usd: 0,
};

function waitingIn(entries: Iterable<RunEntry>): readonly Waiting[] {
  const found: Waiting[] = [];
  for (const { run, state, ownership } of entries) {
    if (!state || isFinished(state)) continue;
    const workflow = state.started.bundle.main;
    for (const open of state.breakpoints.values()) found.push({ run, workflow, ownership, open });
  }
  return found
    .map((waiting) => ({ waiting, urgency: urgencyOf(waiting.open) }))
    .sort((a, b) => compareUrgency(a.urgency, b.urgency))
    .map(({ waiting }) => waiting);
}

interface Teller {
  note(run: string, list: boolean): void;
  listen(listener: (change: ModelChange) => void): () => void;
  dispose(): void;
}

/** Gathers what changed and tells it at most ten times a second. */
function createTeller(): Teller {
  const listeners = new Set<(change: ModelChange) => void>();
  let changed = new Set<string>();
  let list = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    const change = { list, runs: changed };
    changed = new Set();
    list = false;
    for (const listener of [...listeners]) listener(change);
  };
  return {
    note: (run, ofList) => {
      changed.add(run);
      list ||= ofList;
      timer ??= setTimeout(tell, GATHER);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
