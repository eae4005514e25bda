/** The figures of a workspace's runs, from the index across them. */
import type { RunIndex } from "../../journal/history/runIndex.ts";
import { runStats } from "../../report/runStats.ts";
import type { RunQuery } from "../../run/history/query.ts";
import type { RunState } from "../../run/state.ts";
import type { ProcessFigures, RunsAsked, Stats } from "../app.ts";
import type { RunDisk } from "../runs/runDisk.ts";
import { drivenRuns } from "./listing.ts";

export interface StatsPorts {
  readonly index: Pick<RunIndex, "refresh">;
  readonly disk: Pick<RunDisk, "ownership">;
  /** The state of a run that this process drives. */
  readonly live: (run: string) => RunState | undefined;
  readonly process: () => ProcessFigures;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export async function stats(
  ports: StatsPorts,
  { query = [] }: Pick<RunsAsked, "query"> = {},
): Promise<Stats> {
  const indexed = await ports.index.refresh();
  const driven = await drivenRuns(ports, indexed, query);
  const runs = indexed.runs(query, { driven });
  const to = boundOf(query, "until") ?? ports.now();
  const from = boundOf(query, "since") ?? runs.at(-1)?.started_at ?? to;
  const { hits, misses } = indexed.figures;
  return {
    ...runStats(runs, indexed.tasks(query, { driven }), { from, to }),
    index: {
      ...indexed.figures,
      hit_rate: hits + misses === 0 ? null : hits / (hits + misses),
    },
    process: ports.process(),
    damaged: indexed.damaged.length,
  };
}

/** The time that a question bounds on this side, where it does. */
function boundOf(query: RunQuery, side: "since" | "until"): number | undefined {
  const times = query.flatMap((condition) =>
    (condition.field === "since" || condition.field === "until") &&
    condition.field === side &&
    !condition.not
      ? [condition.at]
      : [],
  );
  if (times.length === 0) return undefined;
  return side === "since" ? Math.max(...times) : Math.min(...times);
}
