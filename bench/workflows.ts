/** The workflows that are measured, as text, and a run of one without a host: real journal, real loop, no-op activities. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drive, recordedOf } from "../src/engine/drive.ts";
import type { Journal } from "../src/engine/journal.ts";
import type { Performer } from "../src/engine/performer.ts";
import { createDisk, type Disk } from "../src/journal/disk.ts";
import { openJournal } from "../src/journal/fileJournal.ts";
import type { RunEvent } from "../src/run/event.ts";
import { evolve } from "../src/run/evolve/evolve.ts";
import { prepareRun } from "../src/run/start/prepare.ts";
import { createProgram, type Program } from "../src/run/start/program.ts";
import type { RunState } from "../src/run/state.ts";
import { linkBundle } from "../src/workflow/link.ts";
import type { Bundle } from "../src/workflow/workflow.ts";

/** `n` agent steps, one after the other. */
export function sequence(n: number): Bundle {
  const steps = Array.from({ length: n }, (_, index) => ({
    id: `s${index}`,
    type: "delegate",
    instructions: `step ${index}`,
  }));
  return bundle({ steps });
}

/** `n` steps that only write state, one after the other: what a node of LangGraph's is. */
export function updates(n: number): Bundle {
  const pad = "x".repeat(120);
  const steps = Array.from({ length: n }, (_, index) => ({
    id: `s${index}`,
    type: "set_state",
    updates: { n: index + 1, [`result_${index}`]: pad },
  }));
  return bundle({ initial_state: { n: 0 }, steps });
}

/** A foreach over `n` items of one agent step each, `width` at a time. */
export function fanOut(n: number, width: number): Bundle {
  const items = Array.from({ length: n }, (_, index) => index);
  const steps = [{ id: "call", type: "delegate", instructions: "item {{ item }}" }];
  return bundle({
    limits: { max_parallel: width },
    steps: [{ id: "fan", type: "foreach", items, max_parallel: width, steps }],
  });
}

/** A workflow of these keys, parsed. */
export function bundle(body: object): Bundle {
  const text = JSON.stringify({ name: "bench", version: "1.0.0", ...body });
  const linked = linkBundle({ fileName: "bench.workflow.yaml", text, load: () => undefined });
  if (!linked.bundle)
    throw new Error(linked.diagnostics.map((diagnostic) => diagnostic.message).join("; "));
  return linked.bundle;
}

export interface BenchRun {
  readonly state: RunState;
  readonly program: Program;
  readonly journal: Journal<RunEvent>;
  /** Milliseconds from the first event to the last. */
  readonly took: number;
  readonly syncs: number;
}

/** A result of the size that the yardstick writes. */
export const RESULT = { response: "x".repeat(100), agent_used: "bench" };

export interface BenchOptions {
  /** Told of each attempt as it begins, with how many did so far. */
  readonly began?: (count: number) => void;
  /** False leaves the device out: bytes are written, and nobody waits until they are on it. */
  readonly synced?: boolean;
}

/** Runs a bundle to its end over a real journal on this disk, every step performed by a no-op. */
export async function runBundle(made: Bundle, options: BenchOptions = {}): Promise<BenchRun> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-bench-"));
  try {
    await mkdir(join(folder, "blobs"));
    const counted = countingDisk(options.synced ?? true);
    const { journal } = await openJournal<RunEvent>({
      disk: counted.disk,
      folder,
      run: "run_bench0000000",
      tenure: {
        fence: 1,
        earlierDead: true,
        passed: async () => false,
        successor: join(folder, "owner.2"),
      },
      now: Date.now,
    });
    const program = createProgram();
    const prepared = prepareRun(program, SETTING(made), {}, Date.now());
    if (!prepared.ok) throw new Error(prepared.failure.message);
    const performer = immediate(options.began);
    const before = counted.syncs();
    const start = performance.now();
    const [first] = await journal.append([prepared.value], Date.now());
    if (!first) throw new Error("no first record");
    const state = evolve(undefined, recordedOf(first));
    const alarm = { set: () => undefined };
    const driving = drive(
      { program, journal, performer, now: Date.now, alarm, publish: () => undefined },
      state,
    );
    await driving.finished;
    const took = performance.now() - start;
    await journal.close();
    if (state.status !== "done") throw new Error(`it ended ${state.status}`);
    return { state, program, journal, took, syncs: counted.syncs() - before };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function immediate(began: BenchOptions["began"]): Performer {
  let count = 0;
  return {
    perform: (effect, report) => {
      if (effect.type !== "perform") return;
      began?.(++count);
      const { path, attempt, token } = effect;
      const outcome = { type: "completed" as const, result: RESULT };
      queueMicrotask(() => report({ type: "outcome", path, attempt, token, outcome }));
    },
    dispose: async () => undefined,
  };
}

/** All of `run_started` that a benchmark does not vary. */
export const SETTING = (made: Bundle) => ({
  run: "run_bench0000000",
  bundle: made,
  seed: "bench",
  env: {},
  workspace: "/",
  started_by: "bench",
  machine: "bench",
  default_agent: "@task",
  agents: {
    "@task": { adapter: "scripted", effects: "repeatable" as const, hash: "", why: "bench" },
  },
  tools: {},
});

function countingDisk(synced: boolean): { readonly disk: Disk; readonly syncs: () => number } {
  const real = createDisk();
  let syncs = 0;
  const disk: Disk = {
    ...real,
    openAppend: async (path) => {
      const file = await real.openAppend(path);
      const datasync = (): Promise<void> => {
        syncs += 1;
        return synced ? file.datasync() : Promise.resolve();
      };
      return { ...file, datasync };
    },
  };
  return { disk, syncs: () => syncs };
}
