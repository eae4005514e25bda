/** An index over a folder of stored runs, with a count of the journals that it reads. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createDisk } from "../../../src/journal/disk.ts";
import { readRun } from "../../../src/journal/follow.ts";
import { openRunIndex, type RunIndex } from "../../../src/journal/history/runIndex.ts";
import { type Clock, systemClock } from "../../../src/journal/machine/clock.ts";
import { createMachine } from "../../../src/journal/machine/machine.ts";
import { runFolder } from "../../../src/journal/runFolder.ts";
import type { RunEvent } from "../../../src/run/event.ts";
import { fold } from "../../../src/run/evolve/evolve.ts";
import { parseQuery, type RunQuery } from "../../../src/run/history/query.ts";
import type { RunState } from "../../../src/run/state.ts";
import { EPOCH, HOUR, storeRun } from "./storedRuns.ts";

const disk = createDisk();
export const machine = createMachine();

export interface Scene {
  readonly state: string;
  readonly file: string;
  /** Runs that were read since the last call. */
  readonly reads: () => readonly string[];
  open(live?: (run: string) => RunState | undefined, clock?: Clock): RunIndex;
}

/** A state folder with the runs of the first numbers, removed after the test. */
export async function scene(t: TestContext, runs = 0): Promise<Scene> {
  const state = await mkdtemp(join(tmpdir(), "fermata-index-"));
  t.after(() => rm(state, { recursive: true, force: true, maxRetries: 5 }));
  for (let number = 0; number < runs; number += 1) await storeRun(state, number);
  const read: string[] = [];
  return {
    state,
    file: join(state, "index.sqlite"),
    reads: () => read.splice(0).sort(),
    open: (live = () => undefined, clock = systemClock) =>
      openRunIndex({
        ...{ disk, state, machine, clock, random: randomBytes, live },
        read: async (run) => {
          read.push(run);
          return fold((await readRun<RunEvent>(disk, runFolder(state, run))).records);
        },
        report: (message, cause) => assert.fail(`${message}: ${cause}`),
      }),
  };
}

/** A question that must be one. */
export function query(text: string): RunQuery {
  const parsed = parseQuery(text, EPOCH + 60 * HOUR);
  return parsed.ok ? parsed.query : assert.fail(parsed.message);
}

/** The ids of the runs that fit, latest first. */
export const idsOf = async (index: RunIndex, text = "") =>
  (await index.refresh()).runs(query(text)).map(({ run }) => run);
