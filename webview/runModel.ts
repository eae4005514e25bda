/**
 * What the run view knows: the events, their fold, the moment that is looked at, and what is selected and folded.
 * Owns folding (by the same `evolve` as everyone) and telling the parts that something changed. Knows no element.
 */
import type { Driving, ToView, TranscriptLine } from "../src/protocol/runView.ts";
import type { Recorded } from "../src/run/event.ts";
import { evolve, fold } from "../src/run/evolve/evolve.ts";
import { isFinished, type RunState } from "../src/run/state.ts";
import { type FlatRow, flatRows } from "../src/views/runPage/flatRows.ts";
import {
  emptyTimeline,
  extendTimeline,
  type Timeline,
  timelineOf,
} from "../src/views/runPage/timeline.ts";
import type { TaskRow } from "../src/views/taskRow.ts";
import { findRow, runTree } from "../src/views/taskTree.ts";

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

const NOBODY: Driving = { driven: false, live: [] };

/** The view's one source. Tell it what comes in; it tells its listener when the picture changed. */
export class RunModel {
  private events: Recorded[] = [];
  private state: RunState | undefined;
  private timeline = emptyTimeline();
  private driving = NOBODY;
  private me = "";
  private run = "";
  /** The sender's clock less ours, in ms. */
  private skew = 0;
  private moment: number | undefined;
  private readonly folded = new Set<string>();
  private readonly seen = new Set<string>();
  private byPath = new Map<string, Recorded[]>();
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
    this.listener();
  }

  /** Undefined until the first snapshot. */
  picture(): Picture | undefined {
    const live = this.moment === undefined || this.moment >= this.events.length;
    const shown = live ? this.events.length : (this.moment ?? 0);
    const events = live ? this.events : this.events.slice(0, shown);
    const state = live ? this.state : fold(events);
    if (!state) return undefined;
    const driven = live ? this.driving.driven : !isFinished(state);
    const lines = live ? new Map(this.driving.live) : new Map<string, string>();
    const tree = runTree(state, { driven, live: lines, me: this.me });
    this.foldWhatIsOver(tree);
    return {
      run: this.run,
      state,
      tree,
      rows: flatRows(tree, this.folded),
      timeline: live ? this.timeline : timelineOf(events),
      shown,
      total: this.events.length,
      live,
      driving: live ? this.driving : NOBODY,
    };
  }

  /** Looks at the moment after the first `count` events; undefined: at now. */
  lookAt(count: number | undefined): void {
    const whole = count === undefined ? undefined : Math.max(1, Math.round(count));
    this.moment = whole === undefined || whole >= this.events.length ? undefined : whole;
    this.listener();
  }

  select(path: string): void {
    this.selected = path;
    if (this.transcript?.path !== path) this.transcript = undefined;
    this.listener();
  }

  toggle(id: string): void {
    if (!this.folded.delete(id)) this.folded.add(id);
    this.listener();
  }

  /** The events of one task, up to the moment that is looked at. */
  eventsOf(path: string): readonly Recorded[] {
    const all = this.byPath.get(path) ?? [];
    const last = this.moment === undefined ? undefined : this.events[this.moment - 1]?.seq;
    return last === undefined ? all : all.filter(({ seq }) => seq <= last);
  }

  rowOf(tree: TaskRow, path: string): TaskRow | undefined {
    return path === "" ? undefined : findRow(tree, path);
  }

  /** The sender's time now, in ms since the epoch. */
  now(): number {
    return Date.now() + this.skew;
  }

  private start(events: readonly Recorded[]): void {
    this.events = [];
    this.state = undefined;
    this.timeline = emptyTimeline();
    this.byPath = new Map();
    for (const event of events) this.add(event);
  }

  private add(recorded: Recorded): void {
    if (recorded.seq <= (this.events.at(-1)?.seq ?? 0)) return;
    this.events.push(recorded);
    this.state = evolve(this.state, recorded);
    extendTimeline(this.timeline, recorded);
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

  /** Items of a finished container fold away the first time that they are seen, unless a person opened them. */
  private foldWhatIsOver(row: TaskRow): void {
    for (const child of row.children) {
      if (!this.seen.has(child.id) && child.children.length > 0) {
        this.seen.add(child.id);
        if (child.kind === "item") this.folded.add(child.id);
      }
      this.foldWhatIsOver(child);
    }
  }
}
