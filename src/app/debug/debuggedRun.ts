/**
 * One run as one client debugs it: what the client was told of its threads, and what it asked for.
 * Owns the session's stops in the run and their end. Knows the protocol's events, not its requests.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Moment } from "../../run/decide/scope.ts";
import type { Recorded, RunEvent } from "../../run/event.ts";
import type { Signal } from "../../run/signal.ts";
import { createProgram } from "../../run/start/program.ts";
import { isFinished, type RunState } from "../../run/state.ts";
import type { Pace, StopPlace } from "../../run/stops/stop.ts";
import { printable } from "../../views/printable.ts";
import { placedSteps } from "../../workflow/definition/stepPlace.ts";
import type { App, RunChange, RunWatch, Stops } from "../app.ts";
import { type SetBreakpoint, type Sources, sourceOf, writtenAt } from "./sources.ts";
import {
  type Hold,
  holdsOf,
  type RunThread,
  type StackEntry,
  stackOf,
  threadsOf,
} from "./threads.ts";

export interface DebugPorts {
  /** The app of the moment. */
  readonly app: () => App;
  /** Calls back whenever another app has come; what watches through the one before hears nothing more. */
  readonly onReopened: (listener: () => void) => () => void;
  /** The name under which what the person does is recorded. */
  readonly me: string;
  /** Names this session in the runs that it stops. */
  readonly session: string;
  readonly now: () => number;
  readonly fault: (error: unknown) => void;
}

type Tell = <E extends string>(event: E, body?: object) => void;

/** A request that cannot be done, worded for the person. */
export class Refusal extends Error {}

export class DebuggedRun {
  sources: Sources = [];
  /** A failed run is held where it failed. */
  holdsFailures = true;
  /** It was begun by this session. */
  launched = false;
  private readonly ports: DebugPorts;
  private readonly tell: Tell;
  private readonly program = createProgram();
  private readonly breakpoints = new Map<string, readonly SetBreakpoint[]>();
  private readonly threadIds = new Map<string, number>([["", 1]]);
  /** Ids of the stops that the client knows of, and of those that it has left, by thread. */
  private readonly told = new Map<string, string>();
  private readonly left = new Map<string, string>();
  private watch: RunWatch | undefined;
  private unlisten: () => void = () => undefined;
  private readonly forget: () => void;
  private entering = false;
  private over = false;

  constructor(ports: DebugPorts, tell: Tell) {
    this.ports = ports;
    this.tell = tell;
    this.forget = ports.onReopened(() => void this.watchAnew().catch(ports.fault));
  }

  get state(): RunState | undefined {
    return this.watch?.state;
  }

  get run(): string | undefined {
    return this.watch?.run;
  }

  /** What expressions are evaluated at. Throws a Refusal before there is a run. */
  moment(): Moment {
    return { program: this.program, state: this.needed().state, at: this.ports.now() };
  }

  /** All stops of this session. @param pace also at the next step that begins */
  stops(pace?: Pace): Stops {
    const places = [...this.breakpoints.values()]
      .flat()
      .flatMap((set): readonly StopPlace[] => set.places);
    const { session, me: by } = this.ports;
    return { session, by, places, ...(pace === undefined ? {} : { pace }) };
  }

  /** Whether the run has a place; every place may come while there is no run. */
  knows(place: string): boolean {
    const { state } = this;
    if (!state) return true;
    return Object.entries(state.started.bundle.workflows).some(([key, workflow]) =>
      placedSteps(key, workflow).some((each) => each.place === place),
    );
  }

  async setBreakpoints(file: string, set: readonly SetBreakpoint[]): Promise<void> {
    this.breakpoints.set(file, set);
    const { run, state } = this;
    if (run === undefined || !state || (isFinished(state) && state.status !== "failed")) return;
    this.expect(await this.ports.app().setStops(run, this.stops()));
  }

  /** Follows a run from now on, in place of the one before. `entering`: its first stop is that of its entry. */
  async follow(run: string, entering = false): Promise<void> {
    const watch = await this.ports.app().watchRun(run);
    if (!watch) throw new Refusal(`There is no run ${run} in this folder.`);
    this.leave();
    this.told.clear();
    this.left.clear();
    this.entering = entering;
    this.take(watch);
    this.say(`Debugging ${run} of ${watch.state.started.bundle.main}.`);
    this.announce();
  }

  /** Another app has come: the same run is watched through it, and the client is told what came meanwhile. */
  private async watchAnew(): Promise<void> {
    const before = this.watch;
    if (!before || this.over) return;
    const watch = await this.ports.app().watchRun(before.run);
    if (this.watch !== before || this.over) return watch?.dispose();
    if (!watch) return this.end();
    const [heard, known] = [before.state.seq, watch.state.seq];
    this.leave();
    this.take(watch);
    for (const record of await this.ports.app().readEvents(watch.run))
      if (record.seq > heard && record.seq <= known) this.report(record);
    this.announce();
  }

  threads(): readonly { readonly id: number; readonly name: string }[] {
    const { state } = this;
    if (!state) return [{ id: 1, name: "run" }];
    return threadsOf(state).map(({ key, name }) => ({ id: this.threadId(key), name }));
  }

  stack(threadId: number): readonly StackEntry[] {
    const { state } = this.needed();
    const thread = this.threadAt(state, threadId);
    return thread ? stackOf(state, thread) : [];
  }

  /** Lets a thread go on, to its end or by one step. */
  async go(threadId: number, pace?: Pace): Promise<void> {
    const { state } = this.needed();
    const thread = this.threadAt(state, threadId);
    const hold = thread && holdsOf(state, this.holdsFailures).get(thread.key);
    if (!thread || !hold) throw new Refusal("It goes on already.");
    this.leaveStop(thread.key, hold, state);
    if (hold.why === "exception") return this.end();
    const { me: by } = this.ports;
    const [top] = stackOf(state, thread);
    try {
      if (pace !== undefined)
        await this.step(pace, top && state.open.has(top.path) ? top.path : undefined);
      if (hold.why === "pause") await this.signal({ type: "resume", by });
      else await this.signal({ type: "answer", breakpoint: hold.id, answer: null, by });
      await this.drive();
    } catch (error) {
      this.left.clear();
      this.announce();
      throw error;
    }
  }

  async signal(signal: Signal): Promise<void> {
    this.expect(await this.ports.app().signal(this.needed().run, signal));
  }

  /** Does finished work again: a failed task in this run, any other in a run of its own. */
  async restartFrom(path: string): Promise<void> {
    const { run, state } = this.needed();
    const { me: by, session } = this.ports;
    this.left.clear();
    if (state.open.get(path)?.state.is === "failed") {
      await this.signal({ type: "retry", by, path });
      return this.drive();
    }
    const forked = await this.ports
      .app()
      .forkRun({ run, from: path, startedBy: by, stops: this.stops("any") });
    if (!forked.ok) throw new Refusal(forked.failure.message);
    if (state.status === "running") await this.signal({ type: "pause", by });
    if (!isFinished(state)) await this.signal({ type: "stops_end", session, by });
    this.say(`${run} stays as it is; ${forked.run} begins anew before ${path}.`);
    this.launched = true;
    await this.follow(forked.run);
  }

  /** The client need not hear more: the run is over for it. */
  end(): void {
    if (this.over) return;
    this.over = true;
    const exitCode = this.state?.status === "done" ? 0 : 1;
    this.tell("exited", { exitCode });
    this.tell("terminated");
  }

  /** Ends the session: what it stopped goes on. Never rejects. */
  async close(): Promise<void> {
    const { run, state } = this;
    this.forget();
    this.leave();
    this.over = true;
    if (run === undefined || !state || isFinished(state)) return;
    const { session, me: by } = this.ports;
    await this.ports.app().signal(run, { type: "stops_end", session, by }).catch(this.ports.fault);
  }

  /** What was said to a run that nobody drives is done from here. */
  private async drive(): Promise<void> {
    const { run, ownership } = this.needed();
    if (ownership === "nobody") await this.ports.app().openRun(run);
  }

  private needed(): RunWatch {
    if (!this.watch) throw new Refusal("The run has not begun.");
    return this.watch;
  }

  private take(watch: RunWatch): void {
    this.watch = watch;
    this.unlisten = watch.onChange((change) => this.hear(change));
  }

  private leave(): void {
    this.unlisten();
    this.watch?.dispose();
    this.watch = undefined;
  }

  private async step(pace: Pace, path: string | undefined): Promise<void> {
    const { session, me: by } = this.ports;
    await this.signal({ type: "step", session, by, pace, ...(path === undefined ? {} : { path }) });
  }

  private expect(admission: { readonly ok: boolean; readonly reason?: string }): void {
    if (!admission.ok) throw new Refusal(admission.reason ?? "It was refused.");
  }

  private threadId(key: string): number {
    const known = this.threadIds.get(key) ?? this.threadIds.size + 1;
    this.threadIds.set(key, known);
    return known;
  }

  private threadAt(state: RunState, id: number): RunThread | undefined {
    return threadsOf(state).find(({ key }) => this.threadId(key) === id);
  }

  /** The client knows that it goes on: it asked for it. A pause holds all threads. */
  private leaveStop(key: string, hold: Hold, state: RunState): void {
    const all = hold.why === "pause" ? holdsOf(state, false) : new Map([[key, hold]]);
    for (const [each, { id, why }] of all) {
      if (why !== hold.why) continue;
      this.left.set(each, id);
      this.told.delete(each);
    }
  }

  private hear(change: RunChange): void {
    if (this.over) return;
    if (change.type === "records") for (const record of change.records) this.report(record);
    if (change.type === "stopped") this.say(change.message, "stderr");
    this.announce();
  }

  /** Tells the client which threads have stopped and which go on, as far as it does not know. */
  private announce(): void {
    const { state } = this;
    if (!state || this.over) return;
    const holds = holdsOf(state, this.holdsFailures);
    for (const [key, id] of [...this.left]) if (holds.get(key)?.id !== id) this.left.delete(key);
    for (const key of [...this.told.keys()]) {
      if (holds.has(key)) continue;
      this.told.delete(key);
      this.tell("continued", { threadId: this.threadId(key), allThreadsContinued: false });
    }
    for (const [key, hold] of holds) {
      if (this.told.get(key) === hold.id || this.left.get(key) === hold.id) continue;
      this.told.set(key, hold.id);
      if (hold.why !== "pause" || key === "") this.tellStop(key, hold);
    }
    if (isFinished(state) && holds.size === 0) this.end();
  }

  private tellStop(key: string, { why, words, place, session }: Hold): void {
    const entry = this.entering && why === "step";
    this.entering = false;
    const mine = session === this.ports.session && place !== undefined;
    const hit = mine ? this.idsAt(place) : [];
    this.tell("stopped", {
      reason: entry ? "entry" : why,
      threadId: this.threadId(key),
      allThreadsStopped: why === "pause",
      ...(why === "exception" ? { text: words } : {}),
      ...(hit.length > 0 ? { hitBreakpointIds: hit } : {}),
    });
  }

  private idsAt(place: string): readonly number[] {
    const set = [...this.breakpoints.values()].flat();
    return set.flatMap(({ told, places }) =>
      told.id !== undefined && places.some(({ at }) => at === place) ? [told.id] : [],
    );
  }

  private report({ event }: Recorded): void {
    const line = lineOf(event, this.ports.session);
    if (!line) return;
    const written = line.place === undefined ? undefined : writtenAt(this.sources, line.place);
    const at = written
      ? { source: sourceOf(written.file), line: written.step.range.start.line }
      : {};
    this.say(line.text, line.category, at);
  }

  private say(
    text: string,
    category = "console",
    at: Partial<DebugProtocol.OutputEvent["body"]> = {},
  ): void {
    this.tell("output", { category, output: `${printable(text)}\n`, ...at });
  }
}

interface Line {
  readonly text: string;
  readonly category: "console" | "stderr";
  readonly place?: string;
}

/** What of an event a debug console shows. */
function lineOf(event: RunEvent, session: string): Line | undefined {
  switch (event.type) {
    case "stop_passed":
      if (event.session !== session || event.message === undefined) return undefined;
      return { text: event.message, category: "console", place: event.place };
    case "task_closed":
      if (event.status !== "failed" || !event.failure) return undefined;
      return { text: `${event.path} failed: ${event.failure.message}`, category: "stderr" };
    case "state_set":
      return {
        text: `${event.by} set ${Object.keys(event.updates).join(", ")}.`,
        category: "console",
      };
    case "run_finished":
      return { text: `The run is ${event.status}.`, category: "console" };
    default:
      return undefined;
  }
}
