/** Runs a step's gates once more, alone. Owns the attempt that the run knows nothing of: nothing of it is recorded. */
import type { ActivityContext } from "../../engine/activity.ts";
import { recordedOf } from "../../engine/drive.ts";
import { type Activities, guardRecordOf, memoOf } from "../../engine/embedded/performer.ts";
import { gatesAgain } from "../../run/gate/gatesAgain.ts";
import type { Program } from "../../run/start/program.ts";
import type { RunState } from "../../run/state.ts";
import type { GatesRun } from "../app.ts";
import { type LaunchPorts, untrusted } from "../launch/launch.ts";
import type { RunDisk } from "./runDisk.ts";
import { noSuchRun } from "./trouble.ts";

export interface RunGatesPorts {
  readonly disk: Pick<RunDisk, "list" | "records">;
  readonly launch: Pick<LaunchPorts, "trusted" | "places" | "newSeed">;
  readonly program: Program;
  readonly surroundings: (run: string) => Promise<{
    readonly activities: (state: RunState) => Pick<Activities, "gate">;
    readonly guardFolder: string;
    readonly workspace: string;
  }>;
}

/** What the gates of a task come to now; the run stays as it is. */
export async function runGates(
  ports: RunGatesPorts,
  run: string,
  path: string,
  signal: AbortSignal,
): Promise<GatesRun> {
  if (!(await ports.disk.list()).includes(run)) return { ok: false, failure: noSuchRun(run) };
  const records = (await ports.disk.records(run)).map(recordedOf);
  const found = gatesAgain(ports.program, records, path);
  if (!found.ok) return found;
  const { gates } = found;
  const { before, request } = gates;
  if (request === undefined) return { ok: true, before, results: gates.judge(null) };
  if (!ports.launch.trusted())
    return { ok: false, failure: untrusted(ports.launch.places.workspace) };
  const { activities, guardFolder, workspace } = await ports.surroundings(run);
  const unique = `${gates.path}!${ports.launch.newSeed().slice(0, 8)}`;
  const context = alone({ run, unique, guardFolder, workspace, signal });
  const outcome = await activities(gates.state).gate(request, context);
  if (outcome.type !== "completed") return { ok: false, failure: outcome.failure };
  return { ok: true, before, results: gates.judge(outcome.result) };
}

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
  };
}
