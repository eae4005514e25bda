/** What `health` says: the running state of a workspace, gathered from its parts. What it means is views/health's. */
import type { WorkerInfo } from "../activities/worker/workers.ts";
import type { AgentFinding } from "../agents/adapter.ts";
import type { IndexedRuns, RunIndex } from "../journal/history/runIndex.ts";
import type { OwnerSign } from "../journal/history/unfinished.ts";
import type { Room } from "../journal/machine/room.ts";
import type { ServerState } from "../mcp/toolServer.ts";
import type { OpenQuestion, PastRun, PastTask } from "../run/history/pastRun.ts";
import type { RunState } from "../run/state.ts";
import {
  type Health,
  type HealthCheck,
  healthOf,
  indexHealth,
  memoryHealth,
  ownersHealth,
  queuesHealth,
  storageHealth,
  type UnfinishedRun,
} from "../views/machine/health.ts";
import type { Finding } from "./app.ts";
import { agentFinding, serverFinding, workerFinding } from "./doctor.ts";

export interface HealthPorts {
  readonly stateFolder: string;
  readonly room: () => Promise<Room>;
  readonly index: Pick<RunIndex, "refresh" | "save">;
  /** A run that another process, or nobody, drives. */
  readonly look: (run: string) => Promise<{ readonly owner: OwnerSign; readonly unread: number }>;
  /** The state of a run that this process drives. */
  readonly live: (run: string) => RunState | undefined;
  readonly agents: () => Promise<readonly AgentFinding[]>;
  readonly servers: () => Promise<readonly ServerState[]>;
  /** `asked`: and how they are, which connects to them. */
  readonly workers: (how: { readonly asked: boolean }) => Promise<readonly WorkerInfo[]>;
  readonly memory: () => { readonly used: number; readonly available: number };
  readonly trusted: () => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Looks at everything that a run stands on, and at the runs that are not over. */
export async function health(ports: HealthPorts): Promise<Health> {
  const [room, runs, agents, servers, workers] = await Promise.all([
    ports.room(),
    runChecks(ports),
    ports.agents(),
    ports.servers(),
    ports.workers({ asked: ports.trusted() }),
  ]);
  const trusted = ports.trusted();
  return healthOf([
    storageHealth({ folder: ports.stateFolder, ...room }),
    ...runs,
    ...gathered("Agents", agents.filter(({ setup }) => !setup).map(agentFinding)),
    ...gathered(
      "Tools",
      servers.map((state) => serverFinding(state, trusted)),
    ),
    ...(workers.length > 0 ? gathered("Workers", workers.map(workerFinding)) : []),
    memoryHealth(ports.memory()),
  ]);
}

/** What is well needs one line together; what is not has a line of its own. */
function gathered(about: string, findings: readonly Finding[]): readonly HealthCheck[] {
  const amiss = findings.filter(({ status }) => status !== "ok");
  const fine = findings.length - amiss.length;
  const figures = { ok: fine, amiss: amiss.length };
  return [
    { about, status: "ok", message: `${fine} of ${findings.length} are well.`, figures },
    ...amiss,
  ];
}

async function runChecks(ports: HealthPorts): Promise<readonly HealthCheck[]> {
  let indexed: IndexedRuns;
  try {
    indexed = await ports.index.refresh();
  } catch (error) {
    return [indexHealth({ problem: error instanceof Error ? error.message : String(error) })];
  }
  const past = indexed.runs([]);
  const { owners, unread } = await unfinished(ports, past, indexed.questions());
  const { found, bytes } = indexed.figures;
  const damaged = indexed.damaged.map(({ run }) => run);
  const unwritten = await ports.index.save();
  return [
    ownersHealth(owners),
    queuesHealth(
      { questions: indexed.questions(), unread, ...atWork(indexed, owners) },
      ports.now(),
    ),
    indexHealth({
      found,
      bytes,
      runs: past.length,
      damaged,
      ...(unwritten === undefined ? {} : { unwritten }),
    }),
  ];
}

/** What is at work in runs that some process drives: without one, nothing is. */
function atWork(
  indexed: IndexedRuns,
  owners: readonly UnfinishedRun[],
): { readonly running: number; readonly queued: number } {
  const driven = new Set(owners.flatMap(({ run, owner }) => (owner === "dead" ? [] : [run])));
  const tasks = indexed
    .tasks([{ not: false, field: "status", any: ["unfinished"] }])
    .filter(({ run }) => driven.has(run));
  const having = (status: PastTask["status"]) =>
    tasks.filter((task) => task.status === status).length;
  return { running: having("running"), queued: having("queued") };
}

async function unfinished(
  { look, live }: HealthPorts,
  past: readonly PastRun[],
  questions: readonly OpenQuestion[],
): Promise<{ readonly owners: readonly UnfinishedRun[]; readonly unread: number }> {
  const asking = new Set(questions.map(({ run }) => run));
  let unread = 0;
  const owners: UnfinishedRun[] = [];
  for (const { run, ended_at, status } of past) {
    if (ended_at !== undefined) continue;
    const waits = status === "paused" || asking.has(run);
    const seen = await look(run);
    unread += seen.unread;
    owners.push({ run, waits, owner: live(run) ? "here" : seen.owner });
  }
  return { owners, unread };
}
