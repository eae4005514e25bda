/**
 * The fold of a run's first events, and what is drawn from it: state, tree, timeline. Moves on event by event.
 * Owns going forward cheaply and going back by starting over. Knows no element.
 */
import type { Recorded } from "../src/run/event.ts";
import { evolve } from "../src/run/evolve/evolve.ts";
import type { RunState } from "../src/run/state.ts";
import { createKeptRows, type KeptRows } from "../src/views/runPage/keptRows.ts";
import { emptyTimeline, extendTimeline, type Timeline } from "../src/views/runPage/timeline.ts";
import type { TaskRow } from "../src/views/taskRow.ts";
import { runTree } from "../src/views/taskTree.ts";

export class Moment {
  /** How many events are folded. */
  count = 0;
  state: RunState | undefined;
  timeline: Timeline = emptyTimeline();
  private kept: KeptRows = createKeptRows();

  /** Folds on to the first `count` of the events; back, by starting over. */
  moveTo(events: readonly Recorded[], count: number): void {
    if (count < this.count) this.start();
    for (; this.count < count; this.count++) {
      const next = events[this.count];
      if (!next) return;
      this.state = evolve(this.state, next);
      this.kept.note(next);
      extendTimeline(this.timeline, next);
    }
  }

  /** Forgets everything. */
  start(): void {
    this.count = 0;
    this.state = undefined;
    this.timeline = emptyTimeline();
    this.kept = createKeptRows();
  }

  /** The rows as of this moment; undefined before the first event. */
  tree(options: {
    readonly driven: boolean;
    readonly live: ReadonlyMap<string, string>;
    readonly me: string;
  }): TaskRow | undefined {
    return this.state && runTree(this.state, { ...options, kept: this.kept });
  }
}
