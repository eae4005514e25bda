/**
 * What can be asked across all runs of a workspace, kept as a cache in `index.sqlite`. The truth stays in the journals:
 * each run's lines say how long the journal was that they were made from, and another length or time makes them void.
 * Owns when a run is read again and when the cache is written; deleting the file costs time and nothing else.
 */
import path from "node:path";
import { createSlices } from "../../engine/slices.ts";
import type { OpenQuestion, PastRun, PastRunRows, PastTask } from "../../run/history/pastRun.ts";
import { rowsOf } from "../../run/history/pastRun.ts";
import type { RunQuery } from "../../run/history/query.ts";
import { isFinished, type RunState } from "../../run/state.ts";
import { createLimit, type Disk } from "../disk.ts";
import type { Clock } from "../machine/clock.ts";
import type { Machine } from "../machine/machine.ts";
import { listRuns, runFolder, runPaths } from "../runFolder.ts";
import { type Image, openImage, type RunsWanted, type Source } from "./image.ts";
import { withIndexLock } from "./indexLock.ts";

export interface RunIndexPorts {
  readonly disk: Disk;
  /** The workspace's state folder; it need not exist. */
  readonly state: string;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly random: (count: number) => Uint8Array;
  /** The fold of a run's journal; undefined when it holds nothing. Rejects when it cannot be read. */
  readonly read: (run: string) => Promise<RunState | undefined>;
  /** The state of a run that this process drives. */
  readonly live: (run: string) => RunState | undefined;
  /** Told why the cache could not be written. */
  readonly report: (message: string, cause: unknown) => void;
}

/** All runs as of one moment. */
export interface IndexedRuns {
  /** Latest first. */
  runs(query: RunQuery, more?: RunsWanted): readonly PastRun[];
  tasks(query: RunQuery, more?: RunsWanted): readonly PastTask[];
  /** Longest open first. */
  questions(): readonly OpenQuestion[];
  /** Runs that cannot be read, with why. */
  readonly damaged: readonly { readonly run: string; readonly why: string }[];
  readonly figures: IndexFigures;
}

/** How the cache did in this process. */
export interface IndexFigures {
  /** What was found on disk at first: a whole image, a broken or foreign one, or none. */
  readonly found: "whole" | "broken" | "none";
  /** Looks at a run that the cache could answer, and those for which a journal was read. */
  readonly hits: number;
  readonly misses: number;
  /** Size of the file in bytes; 0 when there is none. */
  readonly bytes: number;
}

export interface RunIndex {
  /** Reads what changed since. */
  refresh(): Promise<IndexedRuns>;
  /**
   * Writes the cache when there is something new in it and no other process is at it. Gives why the disk refused it;
   * undefined when it did not. Never rejects.
   */
  save(): Promise<string | undefined>;
  /** Saves and lets go. */
  dispose(): Promise<void>;
}

/** The index of the runs under a state folder. Loads nothing before it is asked something. */
export function openRunIndex(ports: RunIndexPorts): RunIndex {
  return new CachedIndex(ports);
}

/** Journals read at once. */
const READERS = 8;

/** Runs put into the database in one go, so that nobody has to wait for long. */
const PORTION = 32;

/** Nothing was asked for this long, in ms: time to write the cache. */
const IDLE = 2000;

/** The lines of a run that is driven here are as old as the last question, whatever its journal's size says. */
const FLEETING: Source = { bytes: -1, changed: -1 };

interface Kept {
  readonly image: Image;
  readonly found: IndexFigures["found"];
}

class CachedIndex implements RunIndex {
  readonly #ports: RunIndexPorts;
  readonly #file: string;
  #kept: Promise<Kept> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #dirty = false;
  #hits = 0;
  #misses = 0;
  #resting: AbortController | undefined;

  constructor(ports: RunIndexPorts) {
    this.#ports = ports;
    this.#file = path.join(ports.state, "index.sqlite");
  }

  refresh(): Promise<IndexedRuns> {
    return this.#inTurn(async () => {
      this.#resting?.abort();
      const { image, found, damaged } = await this.#current();
      this.#rest();
      return {
        runs: image.runs,
        tasks: image.tasks,
        questions: () => image.questions(),
        damaged,
        figures: {
          found,
          hits: this.#hits,
          misses: this.#misses,
          bytes: (await this.#ports.disk.stat(this.#file))?.size ?? 0,
        },
      };
    });
  }

  /** The image as of now. One that fails though its seal was whole is given up, and made anew once. */
  async #current(): Promise<Kept & Pick<IndexedRuns, "damaged">> {
    const kept = await this.#open();
    try {
      return { ...kept, damaged: await this.#bringUpToDate(kept.image) };
    } catch (error) {
      this.#kept = undefined;
      if (kept.found !== "whole") throw error;
      await this.#ports.disk.unlink(this.#file).catch(() => {});
      const anew = await this.#open();
      return { ...anew, found: "broken", damaged: await this.#bringUpToDate(anew.image) };
    }
  }

  save(): Promise<string | undefined> {
    return this.#inTurn(() => this.#write());
  }

  async dispose(): Promise<void> {
    this.#resting?.abort();
    await this.#inTurn(async () => {
      await this.#write();
      if (this.#kept) (await this.#kept.catch(() => undefined))?.image.dispose();
      this.#kept = undefined;
    });
  }

  /** One at a time: what is read in between belongs to one moment. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #open(): Promise<Kept> {
    this.#kept ??= this.#load().catch((error) => {
      this.#kept = undefined;
      throw error;
    });
    return this.#kept;
  }

  async #load(): Promise<Kept> {
    const { disk, state } = this.#ports;
    const there = (await disk.stat(this.#file))?.isFile === true;
    const bytes = there ? await disk.read(this.#file).catch(() => undefined) : undefined;
    const { image, kept } = await openImage(bytes, path.basename(state));
    this.#dirty = there && !kept;
    return { image, found: kept ? "whole" : there ? "broken" : "none" };
  }

  /** Answers with the runs that cannot be read. In slices: a small file's bytes are there at once, and are no turn. */
  async #bringUpToDate(image: Image): Promise<IndexedRuns["damaged"]> {
    const { disk, state, live, clock } = this.#ports;
    const inSlices = createSlices({ now: clock.monotonic, turn: clock.turn });
    const names = new Set(await listRuns(disk, state));
    const sources = image.sources();
    const gone = [...sources.keys()].filter((run) => !names.has(run));
    if (gone.length > 0) this.#dirty = true;
    image.replace(gone, []);
    const stale: string[] = [];
    const driven: PastRunRows[] = [];
    for (const run of names) {
      await inSlices();
      const now = live(run);
      if (now) driven.push(rowsOf(now));
      else if (await this.#isFresh(run, sources.get(run))) this.#hits += 1;
      else stale.push(run);
    }
    image.replace(
      [],
      driven.map((rows) => ({ rows, source: FLEETING })),
    );
    this.#misses += stale.length;
    return this.#readAgain(image, stale, inSlices);
  }

  async #isFresh(run: string, source: Source | undefined): Promise<boolean> {
    if (!source) return false;
    const info = await this.#ports.disk.stat(this.#journal(run));
    return info?.size === source.bytes && info.mtimeMs === source.changed;
  }

  async #readAgain(
    image: Image,
    runs: readonly string[],
    inSlices: () => Promise<void>,
  ): Promise<IndexedRuns["damaged"]> {
    const damaged: { readonly run: string; readonly why: string }[] = [];
    const atOnce = createLimit(READERS);
    const read = async (run: string) => {
      await inSlices();
      return this.#rowsOf(run);
    };
    for (let from = 0; from < runs.length; from += PORTION) {
      const portion = runs.slice(from, from + PORTION);
      const found = await Promise.all(portion.map((run) => atOnce(() => read(run))));
      const entries = found.flatMap((entry) => ("rows" in entry ? [entry] : []));
      await inSlices();
      image.replace(portion, entries);
      if (entries.some(({ finished }) => finished)) this.#dirty = true;
      damaged.push(...found.flatMap((entry) => ("why" in entry ? [entry] : [])));
    }
    return damaged;
  }

  /** A run's lines with what they were made from; nothing for one that never began. */
  async #rowsOf(
    run: string,
  ): Promise<
    | { readonly rows: PastRunRows; readonly source: Source; readonly finished: boolean }
    | { readonly run: string; readonly why: string }
    | { readonly empty: true }
  > {
    try {
      // Looked at before it is read: what comes in between makes the lines void, never falsely fresh.
      const info = await this.#ports.disk.stat(this.#journal(run));
      const state = await this.#ports.read(run);
      if (!state || !info) return { empty: true };
      const source = { bytes: info.size, changed: info.mtimeMs };
      return { rows: rowsOf(state), source, finished: isFinished(state) };
    } catch (error) {
      return { run, why: error instanceof Error ? error.message : String(error) };
    }
  }

  #journal(run: string): string {
    return runPaths(runFolder(this.#ports.state, run)).journal;
  }

  #rest(): void {
    if (!this.#dirty) return;
    const resting = new AbortController();
    this.#resting = resting;
    const { signal } = resting;
    void this.#ports.clock.wait(IDLE, { signal, background: true }).then(() => {
      if (!signal.aborted) void this.save();
    });
  }

  async #write(): Promise<string | undefined> {
    if (!this.#dirty || !this.#kept) return undefined;
    const { disk, machine, clock, random, report } = this.#ports;
    const { image } = await this.#kept;
    try {
      const file = path.join(this.#ports.state, "index.lock");
      const lock = { disk, machine, clock, random, path: file };
      const written = await withIndexLock(lock, () => this.#replace(image.bytes()));
      if (written) this.#dirty = false;
      return undefined;
    } catch (error) {
      report(
        "The index of runs could not be written; it will be made anew from the journals",
        error,
      );
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Takes away what writers left that were killed. */
  async #sweep(): Promise<void> {
    const { disk, state, clock } = this.#ports;
    for (const name of (await disk.list(state)).filter((name) => TEMPORARY.test(name))) {
      const file = path.join(state, name);
      const changed = (await disk.stat(file))?.mtimeMs ?? 0;
      if (Math.abs(clock.now() - changed) > ABANDONED) await disk.unlink(file).catch(() => {});
    }
  }

  /** Beside and renamed. Not synced: an image that a power cut broke does not carry its seal and is made anew. */
  async #replace(bytes: Uint8Array): Promise<void> {
    const { disk, state, random } = this.#ports;
    await this.#sweep();
    const temporary = path.join(state, `index.${Buffer.from(random(6)).toString("hex")}.tmp`);
    try {
      await disk.create(temporary, bytes);
      await disk.rename(temporary, this.#file);
    } catch (error) {
      await disk.unlink(temporary).catch(() => {});
      throw error;
    }
  }
}

/** Files of writers; one that is this old, in ms, has no writer any more. */
const TEMPORARY = /^index\.(lock\.)?[0-9a-f]+\.tmp$/;
const ABANDONED = 60_000;
