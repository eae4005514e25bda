/** Runs a step's gates alone, those of a run or of a file. Owns the attempt that no run knows of: nothing of it is recorded. */
import type { ActivityContext } from "../../engine/activity.ts";
import { recordedOf } from "../../engine/drive.ts";
import {
  type Activities,
  beforeOf,
  guardRecordOf,
  memoOf,
} from "../../engine/embedded/performer.ts";
import type { Unjudged } from "../../run/gate/gateNeeds.ts";
import { type GatesAgain, gatesAgain } from "../../run/gate/gatesAgain.ts";
import { gatesOfStep, onlyGates } from "../../run/gate/gatesOfStep.ts";
import { worktreeGone } from "../../run/isolation/fate.ts";
import type { Program } from "../../run/start/program.ts";
import type { RunState } from "../../run/state.ts";
import type { Json } from "../../util/json.ts";
import type { Worktrees } from "../../worktrees/worktrees.ts";
import type { GatesOf, GatesRun } from "../app.ts";
import { type LaunchPorts, launchOpened, openTemplate, untrusted } from "../launch/launch.ts";
import type { RunDisk } from "./runDisk.ts";
import { noSuchRun } from "./trouble.ts";

interface Surroundings {
  readonly activities: (state: RunState) => Pick<Activities, "gate">;
  readonly guardFolder: string;
  readonly workspace: string;
}

export interface RunGatesPorts {
  readonly disk: Pick<RunDisk, "list" | "records">;
  readonly launch: LaunchPorts;
  readonly program: Program;
  readonly surroundings: (run: string) => Promise<Surroundings>;
  /** Has work done in an isolated step's worktree, which may have to be made again for it. */
  readonly visitWorktree: Worktrees["visit"];
  /** For what belongs to no run. */
  readonly aside: () => Promise<Surroundings>;
}

/** What gates come to now; no run is changed, and none is made. */
export async function runGates(
  ports: RunGatesPorts,
  wanted: GatesOf,
  signal: AbortSignal,
): Promise<GatesRun> {
  const found = await ("run" in wanted ? ofRun(ports, wanted) : ofFile(ports, wanted));
  if (!found.ok) return found;
  const { gates, run, path, unjudged = [] } = found;
  const { before, request } = gates;
  const told = (result: Json): GatesRun => {
    return { ok: true, path, before, results: gates.judge(result), unjudged };
  };
  if (request === undefined) return told(null);
  if (!ports.launch.trusted())
    return { ok: false, failure: untrusted(ports.launch.places.workspace) };
  const { activities, guardFolder, workspace } = await found.around();
  const { folder } = request;
  const unique = `${gates.path}!${ports.launch.newSeed().slice(0, 8)}`;
  const context = alone({ run, unique, guardFolder, workspace, signal });
  const ask = () => activities(gates.state).gate(request, context);
  const outcome = await (folder === undefined ? ask() : ports.visitWorktree(folder, ask));
  if ("code" in outcome) return { ok: false, failure: outcome };
  if (outcome.type !== "completed") return { ok: false, failure: outcome.failure };
  return told(outcome.result);
}

type Found =
  | {
      readonly ok: true;
      readonly gates: GatesAgain;
      readonly run: string;
      /** Where they stand, as people name it. */
      readonly path: string;
      readonly unjudged?: readonly Unjudged[];
      readonly around: () => Promise<Surroundings>;
    }
  | Extract<GatesRun, { ok: false }>;

async function ofRun(
  { disk, program, surroundings }: RunGatesPorts,
  { run, path }: Extract<GatesOf, { run: string }>,
): Promise<Found> {
  if (!(await disk.list()).includes(run)) return { ok: false, failure: noSuchRun(run) };
  const records = (await disk.records(run)).map(recordedOf);
  const found = gatesAgain(program, records, path);
  if (!found.ok) return found;
  const { request } = found.gates;
  const gone = request?.folder !== undefined && worktreeGone(records, found.gates.path);
  if (gone) return { ok: false, failure: gone };
  const named = found.gates.path.replace(/\/gates(#\d+)?$/, "");
  return { ...found, run, path: named, around: () => surroundings(run) };
}

async function ofFile(
  { launch: ports, program, aside }: RunGatesPorts,
  { template, inputs, output, ...wanted }: Extract<GatesOf, { template: string }>,
): Promise<Found> {
  const opened = await openTemplate(ports, template);
  if (!opened.ok) return opened;
  const gave = output === undefined ? {} : { output: await ports.typed(output, opened.bundle) };
  const only = onlyGates(program, opened.bundle, { ...wanted, ...gave });
  if (!only.ok) return only;
  const request = { template, inputs, coerce: true, startedBy: "nobody" };
  const launched = await launchOpened(ports, opened, request, NO_RUN, only.bundle);
  if (!launched.ok) return launched;
  const found = gatesOfStep(program, launched.first, gave.output ?? null, ports.now());
  const { name: path, unjudged } = only;
  return found.ok ? { ...found, run: NO_RUN, path, unjudged, around: aside } : found;
}

/** Names no run: gates of a file are judged for nobody. */
const NO_RUN = "run_none00000000";

interface Alone extends Pick<ActivityContext, "signal" | "workspace"> {
  readonly run: string;
  /** A path that no attempt of the run has. */
  readonly unique: string;
  readonly guardFolder: string;
}

/** Attempts are counted from 1: none of the run's own has this number. */
const NONE = 0;

function alone({ run, unique, guardFolder, workspace, signal }: Alone): ActivityContext {
  return {
    attempt: { run, path: unique, attempt: NONE, token: unique, key: `${run}/${unique}` },
    signal,
    workspace,
    output: () => undefined,
    progress: () => undefined,
    ask: async () => ({ kind: "none", reason: "Gates that are run alone ask nobody." }),
    guardRecord: guardRecordOf(guardFolder, unique, NONE),
    memo: memoOf(guardFolder, unique, NONE),
    before: beforeOf(guardFolder, unique, NONE),
  };
}
