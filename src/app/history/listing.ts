/**
 * The runs of a workspace as a list. Owns where the facts come from: the journals themselves while there are few, the
 * index across runs otherwise and for every question.
 */
import type { IndexedRuns, RunIndex } from "../../journal/history/runIndex.ts";
import { runLineOf } from "../../run/history/pastRun.ts";
import { asksWhoDrives, type RunQuery } from "../../run/history/query.ts";
import { isFinished, type RunState } from "../../run/state.ts";
import type { Ownership, RunSummary, RunsAsked } from "../app.ts";
import type { RunDisk } from "../runs/runDisk.ts";
import { summarize } from "../runs/summary.ts";
import { fitsDamaged, lookAtDamaged } from "./damagedRuns.ts";

export interface ListingPorts {
  readonly disk: Pick<RunDisk, "list" | "state" | "ownership" | "salvage" | "changed">;
  readonly index: Pick<RunIndex, "refresh">;
  /** The state of a run that this process drives. */
  readonly live: (run: string) => RunState | undefined;
  readonly report: (message: string, cause: unknown) => void;
}

/** Up to so many runs their journals are read sooner than the index is loaded. */
const FEW = 32;

/** The runs that fit, latest first. */
export async function listRuns(
  ports: ListingPorts,
  { query = [], limit }: RunsAsked = {},
): Promise<readonly RunSummary[]> {
  if (query.length > 0) return fromIndex(ports, query, limit);
  const names = await ports.disk.list();
  if (names.length > FEW) {
    try {
      return await fromIndex(ports, query, limit);
    } catch (error) {
      ports.report("The index of runs cannot be used; their journals are read instead", error);
    }
  }
  const summaries = await Promise.all(names.map((run) => fromJournal(ports, run)));
  return summaries
    .filter((summary) => summary !== undefined)
    .sort(latestFirst)
    .slice(0, limit);
}

async function fromIndex(
  ports: ListingPorts,
  query: RunQuery,
  limit: number | undefined,
): Promise<readonly RunSummary[]> {
  const indexed = await ports.index.refresh();
  const driven = await drivenRuns(ports, indexed, query);
  const runs = await Promise.all(
    indexed.runs(query, { limit, driven }).map(async (run) => {
      const ended = run.ended_at !== undefined;
      return summarize(run, ended ? "nobody" : await ownershipOf(ports, run.run));
    }),
  );
  const damaged = await Promise.all(
    indexed.damaged.map(({ run, why }) => lookAtDamaged(ports.disk, run, why)),
  );
  const fitting = damaged.filter((summary) => fitsDamaged(summary, query));
  return [...runs, ...fitting].sort(latestFirst).slice(0, limit);
}

/** Undefined for a run whose first event never became durable: nobody was told of it. */
async function fromJournal(ports: ListingPorts, run: string): Promise<RunSummary | undefined> {
  const driven = ports.live(run);
  if (driven) return summarize(runLineOf(driven), "here");
  try {
    const state = await ports.disk.state(run);
    if (!state) return undefined;
    return summarize(
      runLineOf(state),
      isFinished(state) ? "nobody" : await ownershipOf(ports, run),
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return lookAtDamaged(ports.disk, run, why);
  }
}

/** The runs that some process drives now; none when the question does not hang on it. */
export async function drivenRuns(
  ports: Pick<ListingPorts, "live"> & { readonly disk: Pick<RunDisk, "ownership"> },
  indexed: IndexedRuns,
  query: RunQuery,
): Promise<readonly string[]> {
  if (!asksWhoDrives(query)) return [];
  const unfinished = indexed.runs([{ not: false, field: "status", any: ["unfinished"] }]);
  const owned = await Promise.all(
    unfinished.map(async ({ run }) => ((await ownershipOf(ports, run)) === "nobody" ? [] : [run])),
  );
  return owned.flat();
}

async function ownershipOf(
  { disk, live }: Pick<ListingPorts, "live"> & { readonly disk: Pick<RunDisk, "ownership"> },
  run: string,
): Promise<Ownership> {
  return live(run) ? "here" : disk.ownership(run);
}

function latestFirst(a: RunSummary, b: RunSummary): number {
  return b.started_at - a.started_at || b.updated_at - a.updated_at;
}
