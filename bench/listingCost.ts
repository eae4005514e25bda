/** A thousand stored runs: listed, searched and counted through the index, beside reading every journal. */
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { recordedOf } from "../src/engine/drive.ts";
import { createDisk } from "../src/journal/disk.ts";
import { readRun } from "../src/journal/follow.ts";
import { openRunIndex, type RunIndex } from "../src/journal/history/runIndex.ts";
import { systemClock } from "../src/journal/machine/clock.ts";
import { createMachine } from "../src/journal/machine/machine.ts";
import { runFolder } from "../src/journal/runFolder.ts";
import { runStats } from "../src/report/runStats.ts";
import type { RunEvent } from "../src/run/event.ts";
import { fold } from "../src/run/evolve/evolve.ts";
import { parseQuery, type RunQuery } from "../src/run/history/query.ts";
import type { RunState } from "../src/run/state.ts";
import { storeRun } from "../test/journal/history/storedRuns.ts";
import { median, timed } from "./measure.ts";
import { withFolder } from "./product.ts";
import type { Scorecard } from "./scorecard.ts";

const RUNS = 1000;

export async function listingCost(card: Scorecard, rounds: number): Promise<void> {
  await withFolder(async (state) => {
    for (let number = 0; number < RUNS; number++) await storeRun(state, number);
    const times = {
      journals: [] as number[],
      build: 0,
      open: [] as number[],
      list: [] as number[],
    };
    const more = { search: [] as number[], stats: [] as number[] };
    const first = openIndex(state);
    times.build = await timed(() => first.refresh());
    await first.dispose();
    for (let round = 0; round <= rounds; round++) {
      const journals = await timed(() => readAll(state));
      const index = openIndex(state);
      const open = await timed(() => list(index, [], RUNS));
      const again = await timed(() => list(index, [], RUNS));
      const search = await timed(async () =>
        (await index.refresh()).runs(query("status:failed rate")),
      );
      const stats = await timed(async () => {
        const indexed = await index.refresh();
        runStats(indexed.runs([]), indexed.tasks([]), { from: 0, to: Date.now() });
      });
      await index.dispose();
      if (round === 0) continue;
      times.journals.push(journals);
      times.open.push(open);
      times.list.push(again);
      more.search.push(search);
      more.stats.push(stats);
    }
    card.section(`${RUNS} stored runs`);
    const add = (name: string, value: number) => card.add({ name, value, unit: "ms" });
    add("every journal read and folded", median(times.journals));
    add("the index made anew from the journals", times.build);
    add("listed by a process that just began, sql.js loaded", median(times.open));
    add("listed again", median(times.list));
    add("searched", median(more.search));
    add("counted: percentiles, errors, costs", median(more.stats));
    card.add({
      name: "listing through the index / reading the journals",
      value: median(times.open) / median(times.journals),
      unit: "x",
      goal: { most: 0.5 },
    });
  });
}

function openIndex(state: string): RunIndex {
  return openRunIndex({
    ...{ disk: createDisk(), state, machine: createMachine(), clock: systemClock },
    random: randomBytes,
    read: (run) => readState(state, run),
    live: () => undefined,
    report: (message, cause) => {
      throw new Error(message, { cause });
    },
  });
}

async function readState(state: string, run: string): Promise<RunState | undefined> {
  const { records } = await readRun<RunEvent>(createDisk(), runFolder(state, run));
  return fold(records.map(recordedOf));
}

async function readAll(state: string): Promise<void> {
  const names = await readdir(join(state, "runs"));
  await Promise.all(names.map((run) => readState(state, run)));
}

async function list(index: RunIndex, asked: RunQuery, wanted: number): Promise<void> {
  const found = (await index.refresh()).runs(asked).length;
  if (found !== wanted) throw new Error(`${found} of ${wanted} runs were listed`);
}

function query(text: string): RunQuery {
  const parsed = parseQuery(text, Date.now());
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.query;
}
