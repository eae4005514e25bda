/**
 * The product's own way of making, driving, watching and taking up runs, over a real folder on this disk, with an agent
 * that answers at once. Owns that setting; the parts are the product's.
 */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRunDisk, type RunDisk } from "../src/app/runs/runDisk.ts";
import { createRuns, type Runs } from "../src/app/runs/runs.ts";
import { type Activities, createPerformer } from "../src/engine/embedded/performer.ts";
import { systemTimer } from "../src/engine/embedded/systemTimer.ts";
import { openTranscripts } from "../src/engine/embedded/transcripts.ts";
import { createDisk } from "../src/journal/disk.ts";
import { systemClock } from "../src/journal/machine/clock.ts";
import { createMachine } from "../src/journal/machine/machine.ts";
import { runFolder, runPaths } from "../src/journal/runFolder.ts";
import type { RunStarted } from "../src/run/event.ts";
import { failure } from "../src/run/failure.ts";
import type { ActivityOutcome, ActivityRequest } from "../src/run/request.ts";
import { prepareRun } from "../src/run/start/prepare.ts";
import { createProgram } from "../src/run/start/program.ts";
import type { JsonObject } from "../src/util/json.ts";
import type { Bundle } from "../src/workflow/workflow.ts";
import { RESULT, SETTING } from "./workflows.ts";

export interface Product {
  readonly runs: Runs;
  readonly disk: RunDisk;
  /** The first event of a new run, as a launch makes it from a parsed workflow. */
  prepare(bundle: Bundle, inputs?: JsonObject): RunStarted;
  /** Starts a run of a parsed workflow; resolves once it is durable that it has begun. */
  start(bundle: Bundle, inputs?: JsonObject): Promise<string>;
  /** Lets go of every run, as a closing host does; the folder stays. */
  close(): Promise<void>;
}

export interface ProductOptions {
  /** The state folder; see `withFolder`. */
  readonly folder: string;
  /** What an activity answers; at once with a small result when left out. */
  readonly perform?: (request: ActivityRequest, path: string) => Promise<ActivityOutcome>;
}

/** The product's runs under a state folder. */
export function openProduct({ folder, perform = immediately }: ProductOptions): Product {
  const machine = createMachine();
  const disk = openRunDisk({
    disk: createDisk(),
    state: folder,
    machine,
    clock: systemClock,
    random: randomBytes,
    report: (message) => console.error(message),
  });
  const program = createProgram();
  const activity = (request: ActivityRequest, context: { attempt: { path: string } }) =>
    perform(request, context.attempt.path);
  const activities: Activities = {
    agent: activity,
    tool: activity,
    shell: activity,
    gate: activity,
    http: activity,
    worker: activity,
  };
  const runs = createRuns({
    disk,
    machine: machine.self.host,
    trusted: () => true,
    log: { write: () => undefined },
    unable: async () => undefined,
    untrusted: () => failure("untrusted", "not trusted"),
    surroundings: async (run) => {
      const paths = runPaths(runFolder(folder, run));
      const guardFolder = join(paths.folder, "guards");
      await mkdir(guardFolder, { recursive: true });
      return {
        program,
        activities: () => activities,
        transcripts: openTranscripts(paths.output, Date.now),
        guardFolder,
        workspace: folder,
        recovery: () => ({ awaitGone: async () => "gone", mayKnow: () => false }),
        createPerformer,
        now: Date.now,
        timer: systemTimer,
        fault: (error) => console.error(error),
      };
    },
  });
  const prepare: Product["prepare"] = (bundle, inputs = {}) => {
    const setting = { ...SETTING(bundle), run: disk.newId(), machine: machine.self.host };
    const prepared = prepareRun(program, setting, inputs, Date.now());
    if (!prepared.ok) throw new Error(prepared.failure.message);
    return prepared.value;
  };
  return {
    runs,
    disk,
    prepare,
    start: async (bundle, inputs) => {
      const first = prepare(bundle, inputs);
      const refused = await runs.create(first.run, first, undefined);
      if (refused) throw new Error(refused.message);
      return first.run;
    },
    close: () => runs.dispose(),
  };
}

/** Does a piece of work in a fresh folder, which is gone afterwards. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const immediately = async (): Promise<ActivityOutcome> => ({ type: "completed", result: RESULT });
