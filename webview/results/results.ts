/**
 * What is worked out of a whole run for its page: critical path, gates, report. Owns how often that is done anew, and
 * that no event is drawn later for it.
 */
import { criticalMarks, type RunMetrics, runMetrics } from "../../src/report/metrics.ts";
import { type Spending, spendingOf } from "../../src/report/spending.ts";
import type { RunState } from "../../src/run/state.ts";
import { type GateLine, gateTable } from "../../src/views/runPage/gateTable.ts";
import type { Picture, RunModel } from "../runModel.ts";

/** Everything that the report tells, as of one moment. */
export interface ReportFacts {
  readonly state: RunState;
  /** That moment, in ms since the epoch: what runs has taken the time until then. */
  readonly at: number;
  readonly metrics: RunMetrics;
  readonly spending: Spending;
}

/** While a run goes on, in ms. */
const AGAIN = 2000;

/** Does a piece of work once nothing is to be drawn. */
export type WhenIdle = (work: () => void) => void;

export class Results {
  private readonly model: Pick<RunModel, "now" | "eventsUpTo">;
  private readonly whenIdle: WhenIdle;
  private readonly marks = new Lasting<ReadonlySet<string>>();
  private readonly marksNow = new Lasting<ReadonlySet<string>>();
  private readonly table = new Lasting<readonly GateLine[]>();
  private readonly facts = new Lasting<ReportFacts>();

  constructor(model: Results["model"], whenIdle: WhenIdle) {
    this.model = model;
    this.whenIdle = whenIdle;
  }

  /** The tasks that the run's time hangs on, and what is around them; while it goes on, as of some seconds ago. */
  criticalMarks(picture: Picture): ReadonlySet<string> {
    const make = () => criticalMarks(runMetrics(picture.state, this.endOf(picture)), picture.state);
    const key = this.keyOf(picture);
    return goesOn(picture)
      ? this.marksNow.soon(key, make, this.whenIdle)
      : this.marks.get(key, make);
  }

  gates(picture: Picture): readonly GateLine[] {
    const { passed, failed, warned } = picture.state.gates;
    const key = `${picture.live ? "live" : picture.shown} ${passed} ${failed} ${warned}`;
    return this.table.get(key, () =>
      gateTable(this.model.eventsUpTo(picture.shown), picture.state.started.bundle),
    );
  }

  report(picture: Picture): ReportFacts {
    return this.facts.get(this.keyOf(picture), () => ({
      state: picture.state,
      at: this.endOf(picture),
      metrics: runMetrics(picture.state, this.endOf(picture)),
      spending: spendingOf(this.model.eventsUpTo(picture.shown), picture.state),
    }));
  }

  private endOf({ live, state }: Picture): number {
    return live ? this.model.now() : state.updated_at;
  }

  /** The moment, or the stretch of time while the run goes on. */
  private keyOf(picture: Picture): string {
    return goesOn(picture) ? `at ${Math.floor(this.model.now() / AGAIN)}` : `${picture.shown}`;
  }
}

function goesOn({ live, state }: Picture): boolean {
  return live && state.ended_at === undefined;
}

/** A value that lasts as long as its key. */
class Lasting<T> {
  private known: { readonly key: string; readonly value: T } | undefined;
  private pending = false;

  get(key: string, make: () => T): T {
    if (this.known?.key !== key) this.known = { key, value: make() };
    return this.known.value;
  }
  /** What was known before, while the next is made in a pause; made at once where nothing is known. */
  soon(key: string, make: () => T, whenIdle: WhenIdle): T {
    const { known } = this;
    if (!known) return this.get(key, make);
    if (known.key !== key && !this.pending) {
      this.pending = true;
      whenIdle(() => {
        this.pending = false;
        this.known = { key, value: make() };
      });
    }
    return known.value;
  }
}
