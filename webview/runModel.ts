/**
 * What the run view knows: the events, their fold, the moment that is looked at, and what is selected and folded.
 * Owns folding (by the same `evolve` as everyone) and telling the parts that something changed. Knows no element.
 */
import type { Driving, ToView, TranscriptLine } from "../src/protocol/runView.ts";
import type { Recorded } from "../src/run/event.ts";
import { ancestorPaths } from "../src/run/path.ts";
import { isFinished, type RunState } from "../src/run/state.ts";
import { type FlatRow, flatRows } from "../src/views/runPage/flatRows.ts";
import type { Timeline } from "../src/views/runPage/timeline.ts";
import { type TaskRow, taskOf } from "../src/views/taskRow.ts";
import { findRow } from "../src/views/taskTree.ts";
import { Moment } from "./moment.ts";
import { type TaskFacts, taskFacts } from "./task/taskFacts.ts";

export interface Transcript {
  readonly path: string;
  readonly from: number;
  readonly total: number;
  readonly lines: readonly TranscriptLine[];
}

/** One picture of the run: everything that is drawn comes from it. */
export interface Picture {
  readonly run: string;
  readonly state: RunState;
  readonly tree: TaskRow;
  readonly rows: readonly FlatRow[];
  readonly timeline: Timeline;
  /** Events up to the moment that is looked at, and all that there are. */
  readonly shown: number;
  readonly total: number;
  /** False while an earlier moment is looked at. */
  readonly live: boolean;
  readonly driving: Driving;
}

const NO_LINES: ReadonlyMap<string, string> = new Map();
const NOBODY: Driving = { driven: false, live: [] };

/** The view's one source. Tell it what comes in; it tells its listener when the picture changed. */
export class RunModel {
  private events: Recorded[] = [];
  private readonly latest = new Moment();
  /** The moment that was looked at last; it goes on from there where it can. */
  private readonly past = new Moment();
  private driving = NOBODY;
  private me = "";
  private run = "";
  /** The sender's clock less ours, in ms. */
  private skew = 0;
  private facts: { readonly key: string; readonly facts: TaskFacts } | undefined;
  private drawn: Picture | undefined;
  /** Of the picture before. */
  private rows: readonly FlatRow[] = [];
  private moment: number | undefined;
  private readonly folded = new Set<string>();
  private readonly seen = new Set<string>();
  /** Rows whose insides were looked through for items; a row that changed is another object. */
  private readonly walked = new WeakSet<TaskRow>();
  private byPath = new Map<string, Recorded[]>();
  private opened = "";
  selected = "";
  transcript: Transcript | undefined;
  problem = "";
  private readonly listener: () => void;

  constructor(listener: () => void) {
    this.listener = listener;
  }

  /** Takes a message from the window. */
  take(message: ToView): void {
    switch (message.type) {
      case "snapshot":
        this.run = message.run;
        this.me = message.me;
        this.start(message.events);
        this.drive(message.driving, message.clock);
        break;
      case "more":
        // Meant for the page of before, which the editor dropped while it was hidden: this one is told all.
        if (this.run === "") return;
        for (const event of message.events) this.add(event);
        this.drive(message.driving, message.clock);
        break;
      case "transcript":
        this.transcript = message;
        break;
      case "select":
        this.select(message.path);
        break;
      case "refused":
      case "failed":
        this.problem = message.reason;
        break;
    }
    this.changed();
  }

  /** Undefined until the first snapshot. The same object until something changed. */
  picture(): Picture | undefined {
    this.drawn ??= this.draw();
    return this.drawn;
  }

  /** Looks at the moment after the first `count` events; undefined: at now. */
  lookAt(count: number | undefined): void {
    const whole = count === undefined ? undefined : Math.max(1, Math.round(count));
    this.moment = whole === undefined || whole >= this.events.length ? undefined : whole;
    this.changed();
  }

  select(path: string): void {
    this.selected = path;
    // What lies in something folded is shown, as soon as it is looked at.
    this.opened = path;
    if (this.transcript?.path !== this.taskOf(path)) this.transcript = undefined;
    this.changed();
  }

  toggle(id: string): void {
    if (!this.folded.delete(id)) this.folded.add(id);
    this.changed();
  }

  /** The events of one task, up to the moment that is looked at. */
  eventsOf(path: string): readonly Recorded[] {
    const all = this.byPath.get(path) ?? [];
    const last = this.moment === undefined ? undefined : this.events[this.moment - 1]?.seq;
    return last === undefined ? all : all.filter(({ seq }) => seq <= last);
  }

  /** What the events of one task say of it; the same object until more come. */
  factsOf(path: string): TaskFacts {
    const events = this.eventsOf(path);
    const key = `${path} ${events.length} ${events.at(-1)?.seq}`;
    if (this.facts?.key !== key) this.facts = { key, facts: taskFacts(events) };
    return this.facts.facts;
  }

  /** The n-th event, from 1. */
  eventAt(count: number): Recorded | undefined {
    return this.events[count - 1];
  }

  eventsUpTo(count: number): readonly Recorded[] {
    return count >= this.events.length ? this.events : this.events.slice(0, count);
  }

  /** A problem was read. */
  dismiss(): void {
    this.problem = "";
    this.changed();
  }

  rowOf(tree: TaskRow, path: string): TaskRow | undefined {
    return path === "" ? undefined : findRow(tree, path);
  }

  /** The path of the task that a row is of; the row's own where there is none. */
  taskOf(id: string): string {
    const tree = this.picture()?.tree;
    const row = tree && this.rowOf(tree, id);
    return row ? taskOf(row) : id;
  }

  /** The sender's time now, in ms since the epoch. */
  now(): number {
    return Date.now() + this.skew;
  }

  private draw(): Picture | undefined {
    const live = this.moment === undefined || this.moment >= this.events.length;
    const shown = live ? this.events.length : (this.moment ?? 0);
    const moment = live ? this.latest : this.past;
    moment.moveTo(this.events, shown);
    const { state, timeline } = moment;
    if (!state) return undefined;
    const driven = live ? this.driving.driven : !isFinished(state);
    const lines = live ? new Map(this.driving.live) : NO_LINES;
    const tree = moment.tree({ driven, live: lines, me: this.me });
    if (!tree) return undefined;
    this.foldItems(tree);
    for (const around of ancestorPaths(this.opened)) this.folded.delete(around);
    this.opened = "";
    const rows = flatRows(tree, this.folded, this.rows);
    this.rows = rows;
    const driving = live ? this.driving : NOBODY;
    const { run } = this;
    return { run, state, tree, rows, timeline, shown, total: this.events.length, live, driving };
  }

  private changed(): void {
    this.drawn = undefined;
    this.listener();
  }

  private start(events: readonly Recorded[]): void {
    this.events = [];
    this.latest.start();
    this.past.start();
    this.byPath = new Map();
    for (const event of events) this.add(event);
  }

  private add(recorded: Recorded): void {
    if (recorded.seq <= (this.events.at(-1)?.seq ?? 0)) return;
    this.events.push(recorded);
    const { event } = recorded;
    if (!("path" in event) || typeof event.path !== "string") return;
    const list = this.byPath.get(event.path);
    if (list) list.push(recorded);
    else this.byPath.set(event.path, [recorded]);
  }

  private drive(driving: Driving, clock: number): void {
    this.driving = driving;
    this.skew = clock - Date.now();
  }

  /** Items fold away the first time that they are seen with something inside, until a person opens them. */
  private foldItems(row: TaskRow): void {
    for (const child of row.children) {
      if (child.children.length === 0 || this.walked.has(child)) continue;
      this.walked.add(child);
      if (child.kind === "item" && !this.seen.has(child.id)) {
        this.seen.add(child.id);
        this.folded.add(child.id);
      }
      this.foldItems(child);
    }
  }
}
