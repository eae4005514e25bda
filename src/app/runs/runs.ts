/**
 * The runs of a workspace: made, taken, driven, watched, signalled and let go.
 * Owns who drives what in this process. Every step of a run itself is `liveRun`'s and below.
 */
import type { Admission } from "../../run/command.ts";
import type { Recorded, RunStarted } from "../../run/event.ts";
import type { Failure } from "../../run/failure.ts";
import type { Log } from "../../run/log/entry.ts";
import { eventEntry } from "../../run/log/eventEntry.ts";
import type { Signal } from "../../run/signal.ts";
import { isFinished, type RunState } from "../../run/state.ts";
import type { Bundle } from "../../workflow/workflow.ts";
import type { AnswersPolicy, Opened, RunChange, RunWatch, Stops } from "../app.ts";
import { type Typed, typedSignal } from "../launch/secrets/typed.ts";
import { type LiveRun, type LiveRunPorts, openLiveRun } from "./liveRun.ts";
import { comesToRest } from "./rest.ts";
import type { HeldRun, RunDisk, SeenRun } from "./runDisk.ts";
import { stopsSignal } from "./stopSessions.ts";
import { noSuchRun, orTrouble, whyStopped } from "./trouble.ts";
import { createWatches, type Watches } from "./watches.ts";

export interface RunsPorts {
  readonly disk: RunDisk;
  readonly machine: string;
  readonly trusted: () => boolean;
  /** What a live run needs besides its journal. */
  readonly surroundings: (
    run: string,
  ) => Promise<
    Pick<
      LiveRunPorts,
      | "program"
      | "createPerformer"
      | "activities"
      | "reconcile"
      | "transcripts"
      | "guardFolder"
      | "workspace"
      | "recovery"
      | "now"
      | "timer"
      | "fault"
    >
  >;
  readonly untrusted: () => Failure;
  /** What is handed in, without the values of secrets; absent: as it is. */
  readonly typed?: Typed;
  /** Why this host cannot drive a run that it could take; the failure names the host that can, or what is missing. */
  readonly unable: (state: RunState) => Promise<Failure | undefined>;
  readonly log: Log;
  /** A run has ended and is still owned by this process: what it left outside of its folder goes. */
  readonly ended?: (run: string) => Promise<void>;
}

export interface Runs {
  /** Undefined once it is durable that the run has begun; otherwise why the disk refused it. */
  create(run: string, first: RunStarted, how?: Opening): Promise<Failure | undefined>;
  open(run: string, how: Opening): Promise<Opened>;
  resumeInterrupted(): Promise<readonly string[]>;
  signal(run: string, signal: Signal): Promise<Admission>;
  settled(run: string): Promise<RunState>;
  /** The state of a run that is driven here. */
  readonly live: (run: string) => RunState | undefined;
  watch(run: string): Promise<RunWatch | undefined>;
  dispose(): Promise<void>;
}

/** Owners that may let a run go before a signal reaches one. */
const MOST_OWNERS = 40;

interface Driven {
  readonly live: LiveRun;
  readonly held: HeldRun;
  stopSignals: () => void;
}

interface Opening {
  readonly takeOver?: boolean;
  readonly answers?: AnswersPolicy;
  /** Set before anything goes on. */
  readonly stops?: Stops;
  /** It was looked at a moment ago. */
  readonly seen?: SeenRun;
}

/** The runs of the workspace that `disk` stands for. */
export function createRuns(ports: RunsPorts): Runs {
  return new WorkspaceRuns(ports);
}

class WorkspaceRuns implements Runs {
  private readonly ports: RunsPorts;
  private readonly watches: Watches;
  private readonly driven = new Map<string, Driven>();
  private readonly opening = new Map<string, Promise<Opened>>();
  private readonly closing = new Map<string, Promise<void>>();
  readonly live = (run: string): RunState | undefined => this.driven.get(run)?.live.state;

  constructor(ports: RunsPorts) {
    this.ports = ports;
    this.watches = createWatches({ follow: ports.disk.follow });
  }

  async create(run: string, first: RunStarted, how: Opening = {}): Promise<Failure | undefined> {
    return orTrouble(async () => {
      const held = await this.ports.disk.create(run);
      await this.bringToLife(held, first, how);
      return undefined;
    });
  }

  open(run: string, how: Opening): Promise<Opened> {
    const under = this.opening.get(run);
    if (under) return under;
    const started = orTrouble(() => this.take(run, how))
      .then((opened): Opened => ("code" in opened ? { ok: false, failure: opened } : opened))
      .finally(() => this.opening.delete(run));
    this.opening.set(run, started);
    return started;
  }

  async resumeInterrupted(): Promise<readonly string[]> {
    if (!this.ports.trusted()) return [];
    const resumed: string[] = [];
    for (const run of await this.ports.disk.list()) {
      const seen = await this.interrupted(run);
      if (!seen) continue;
      const opened = await this.open(run, { seen });
      if (opened.ok && opened.ownership === "here") resumed.push(run);
    }
    return resumed;
  }

  async signal(run: string, given: Signal): Promise<Admission> {
    const admission = await orTrouble(async () => {
      // Before it lies in an inbox; whoever drives the run knows its secrets, and looks once more.
      return this.deliver(run, await this.typed(given, undefined));
    });
    return "code" in admission ? { ok: false, reason: admission.message } : admission;
  }

  async settled(run: string): Promise<RunState> {
    const found = this.driven.get(run);
    if (found) return found.live.settled();
    const watch = await this.watches.open(run);
    if (!watch) throw new Error(noSuchRun(run).message);
    await comesToRest(watch);
    watch.dispose();
    return watch.state;
  }

  watch(run: string): Promise<RunWatch | undefined> {
    return this.watches.open(run);
  }

  async dispose(): Promise<void> {
    await Promise.allSettled([...this.opening.values()]);
    await Promise.all([...this.driven.keys()].map((run) => this.letGo(run)));
    await Promise.all([...this.closing.values()]);
    this.watches.dispose();
  }

  private typed(signal: Signal, bundle: Bundle | undefined): Promise<Signal> {
    const { typed } = this.ports;
    return typed ? typedSignal(typed, signal, bundle) : Promise.resolve(signal);
  }

  /** The run as it is driven here; one that has just ended is let go first. */
  private async drivenNow(run: string): Promise<Driven | undefined> {
    const found = this.driven.get(run);
    if (found && !isFinished(found.live.state)) return found;
    await (found ? this.letGo(run) : this.closing.get(run));
    return undefined;
  }

  private async take(run: string, how: Opening): Promise<Opened> {
    if (await this.drivenNow(run)) return { ok: true, ownership: "here" };
    if (!this.ports.trusted()) return { ok: false, failure: this.ports.untrusted() };
    const claim = await this.ports.disk.claim(run, how.takeOver === true, how.seen);
    if (claim.status === "missing") return { ok: false, failure: noSuchRun(run) };
    if (claim.status === "refused") return { ok: false, failure: claim.failure };
    if (claim.status === "held") return { ok: true, ownership: "elsewhere" };
    const last = claim.held.state();
    if (!last || isFinished(last)) {
      await claim.held.close();
      // A run that holds nothing never began: nobody was told of it.
      return last ? { ok: true, ownership: "nobody" } : { ok: false, failure: noSuchRun(run) };
    }
    const unable = await this.ports.unable(last);
    if (unable) {
      await claim.held.close();
      return { ok: false, failure: unable };
    }
    await this.bringToLife(claim.held, undefined, how);
    return { ok: true, ownership: "here" };
  }

  /** Drives a run from now on; lets it go when that cannot even begin. */
  private async bringToLife(
    held: HeldRun,
    first: RunStarted | undefined,
    how: Opening,
  ): Promise<void> {
    try {
      await this.beginDriving(held, first, how);
    } catch (error) {
      await held.close();
      throw error;
    }
  }

  private async beginDriving(
    held: HeldRun,
    first: RunStarted | undefined,
    { answers, stops }: Opening,
  ): Promise<void> {
    const { run } = held;
    const surroundings = await this.ports.surroundings(run);
    const before = held.records.map(({ seq, at, event }): Recorded => ({ seq, at, event }));
    const announcer = this.announcer(run);
    const typed = (signal: Signal) => this.typed(signal, first?.bundle ?? bundleOf(held));
    const early = stops && [await typed(stopsSignal(this.ports.disk.self, stops))];
    const live = await openLiveRun({
      ...surroundings,
      journal: held.journal,
      records: held.records,
      idle: held.idle,
      ...(first ? { first } : {}),
      ...(answers ? { answers } : {}),
      ...(early ? { early } : {}),
      ...{ isGone: this.ports.disk.isGone, typed },
      change: announcer.change,
    });
    this.watches.live(run, live.state, before);
    const began = first && eventEntry(run, { seq: 1, at: live.state.started_at, event: first });
    this.ports.log.write(began ?? { level: "info", message: "This process takes it up.", run });
    announcer.begin();
    const made: Driven = { live, held, stopSignals: () => undefined };
    this.driven.set(run, made);
    made.stopSignals = this.ports.disk.receive(run, {
      deliver: (signal) => live.post(signal),
      isKnown: (id) => live.state.signalIds.has(id),
    });
    held.lost.addEventListener("abort", () => void this.letGo(run), { once: true });
    live.finished.then(
      () => this.letGo(run),
      (error) => {
        surroundings.fault(error);
        this.watches.change(run, { type: "stopped", message: whyStopped(error) });
        return this.letGo(run);
      },
    );
  }

  /** Keeps what happens until the watchers know the run, then passes it on; lets a finished run go. */
  private announcer(run: string): {
    readonly change: LiveRunPorts["change"];
    readonly begin: () => void;
  } {
    let early: RunChange[] | undefined = [];
    return {
      change: (change, state) => {
        if (early) early.push(change);
        else this.passOn(run, change);
        if (change.type === "records" && isFinished(state))
          queueMicrotask(() => void this.letGo(run));
      },
      begin: () => {
        for (const change of early ?? []) this.passOn(run, change);
        early = undefined;
      },
    };
  }

  private passOn(run: string, change: RunChange): void {
    if (change.type === "records")
      for (const record of change.records) this.ports.log.write(eventEntry(run, record));
    this.watches.change(run, change);
  }

  private letGo(run: string): Promise<void> {
    const found = this.driven.get(run);
    if (!found) return Promise.resolve();
    this.driven.delete(run);
    found.stopSignals();
    const done = found.live
      .close()
      .then(() => (isFinished(found.live.state) ? this.ports.ended?.(run) : undefined))
      .then(() => found.held.release())
      .finally(() => {
        this.watches.released(run);
        this.closing.delete(run);
      });
    this.closing.set(run, done);
    return done;
  }

  /** To whoever owns the run: it may let go before it reads, as another command does that had one thing to say. */
  private async deliver(run: string, sent: Signal): Promise<Admission> {
    for (let turn = 0; turn < MOST_OWNERS; turn += 1) {
      const found = await this.drivenNow(run);
      if (found) return found.live.post(sent);
      const ownership = await this.ports.disk.ownership(run);
      const said =
        ownership === "elsewhere"
          ? await this.ports.disk.send(run, sent)
          : await this.signalAlone(run, sent);
      if (said !== "left") return said;
    }
    const reason = `${run} goes from one process to the next. Nothing was changed. Try again.`;
    return { ok: false, reason };
  }

  /** A command without a host: takes the run, admits the signal, lets go again. */
  private async signalAlone(run: string, signal: Signal): Promise<Admission | "left"> {
    const claim = await this.ports.disk.claim(run, false);
    if (claim.status === "missing") return { ok: false, reason: noSuchRun(run).message };
    if (claim.status === "refused") return { ok: false, reason: claim.failure.message };
    if (claim.status === "held") return this.ports.disk.send(run, signal);
    try {
      return await claim.held.admit(await this.typed(signal, bundleOf(claim.held)));
    } finally {
      await claim.held.close();
    }
  }

  /** Unfinished, made on this machine, not brought back from an archive, and driven by nobody. */
  private async interrupted(run: string): Promise<SeenRun | undefined> {
    const seen = await this.ports.disk.look(run).catch(() => undefined);
    if (!seen || isFinished(seen.state)) return undefined;
    if (seen.state.started.machine !== this.ports.machine) return undefined;
    if (await this.ports.disk.isRestored(run)) return undefined;
    if (this.driven.has(run)) return undefined;
    return (await this.ports.disk.ownership(run)) === "nobody" ? seen : undefined;
  }
}

function bundleOf(held: HeldRun): Bundle | undefined {
  return held.state()?.started.bundle;
}
