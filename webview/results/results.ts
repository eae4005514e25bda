/** What is worked out of a whole run for its page: critical path, gates, report. Owns how often that is done anew. */
import { criticalMarks, runMetrics } from "../../src/report/metrics.ts";
import { spendingOf } from "../../src/report/spending.ts";
import { type GateLine, gateTable } from "../../src/views/runPage/gateTable.ts";
import type { Picture, RunModel } from "../runModel.ts";
import type { ReportFacts } from "./reportView.ts";

/** While a run goes on, in ms. */
const AGAIN = 2000;

export class Results {
  private readonly model: RunModel;
  private readonly marks = new Lasting<ReadonlySet<string>>();
  private readonly table = new Lasting<readonly GateLine[]>();
  private readonly facts = new Lasting<ReportFacts>();

  constructor(model: RunModel) {
    this.model = model;
  }

  /** The tasks that the run's time hangs on, and what is around them. */
  criticalMarks(picture: Picture): ReadonlySet<string> {
    return this.marks.get(this.keyOf(picture), () =>
      criticalMarks(runMetrics(picture.state, this.endOf(picture)), picture.state),
    );
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
  private keyOf({ shown, live, state }: Picture): string {
    const goesOn = live && state.ended_at === undefined;
    return goesOn ? `at ${Math.floor(this.model.now() / AGAIN)}` : `${shown}`;
  }
}

/** A value that lasts as long as its key. */
class Lasting<T> {
  private known: { readonly key: string; readonly value: T } | undefined;

  get(key: string, make: () => T): T {
    if (this.known?.key !== key) this.known = { key, value: make() };
    return this.known.value;
  }
}
