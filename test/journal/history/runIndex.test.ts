/** The index across runs: it answers as the journals would, reads only what changed, and may be broken in any way. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import {
  appendFile,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createDisk } from "../../../src/journal/disk.ts";
import { readRun } from "../../../src/journal/follow.ts";
import { openRunIndex, type RunIndex } from "../../../src/journal/history/runIndex.ts";
import { type Clock, systemClock } from "../../../src/journal/machine/clock.ts";
import { createMachine } from "../../../src/journal/machine/machine.ts";
import { runFolder } from "../../../src/journal/runFolder.ts";
import type { RunEvent } from "../../../src/run/event.ts";
import { fold } from "../../../src/run/evolve/evolve.ts";
import { rowsOf } from "../../../src/run/history/pastRun.ts";
import { parseQuery, type RunQuery } from "../../../src/run/history/query.ts";
import type { RunState } from "../../../src/run/state.ts";
import { until } from "../../process/until.ts";
import { EPOCH, HOUR, recordsOf, runIdOf, storeRun } from "./storedRuns.ts";

const disk = createDisk();
const machine = createMachine();

interface Scene {
  readonly state: string;
  readonly file: string;
  /** Runs that were read since the last call. */
  readonly reads: () => readonly string[];
  open(live?: (run: string) => RunState | undefined, clock?: Clock): RunIndex;
}

async function scene(t: TestContext, runs = 0): Promise<Scene> {
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

function query(text: string): RunQuery {
  const parsed = parseQuery(text, EPOCH + 60 * HOUR);
  return parsed.ok ? parsed.query : assert.fail(parsed.message);
}

const idsOf = async (index: RunIndex, text = "") =>
  (await index.refresh()).runs(query(text)).map(({ run }) => run);

/** What a question means, said again without SQL. */
function fits(state: RunState, asked: RunQuery): boolean {
  const { run } = rowsOf(state);
  return asked.every((condition) => {
    const holds = ((): boolean => {
      switch (condition.field) {
        case "text":
          return condition.any.some((word) => run.text.includes(word));
        case "workflow":
          return condition.any.some((part) => run.workflow.includes(part));
        case "run":
          return condition.any.some((part) => run.run.includes(part));
        case "by":
          return condition.any.some((part) => run.started_by.toLowerCase().includes(part));
        case "failure":
          return condition.any.some((code) => run.failure?.code === code);
        case "agent":
          return condition.any.some((name) => run.agents.includes(name));
        case "status":
          return condition.any.some((word) =>
            word === "waiting"
              ? run.waiting > 0
              : word === "finished"
                ? run.ended_at !== undefined
                : word === "unfinished"
                  ? run.ended_at === undefined
                  : run.status === word,
          );
        case "since":
          return run.started_at >= condition.at;
        case "until":
          return run.started_at < condition.at;
        default: {
          const figures = {
            tokens: run.tokens,
            cost: run.cost_usd,
            took: (run.ended_at ?? Number.NaN) - run.started_at,
          };
          const figure = figures[condition.field];
          const compared = { "<": -1, ">": 1, "=": 0, "<=": -1, ">=": 1 }[condition.compare];
          return (
            Math.sign(figure - condition.value) === compared ||
            (condition.compare.endsWith("=") && figure === condition.value)
          );
        }
      }
    })();
    const unknown = condition.field === "took" && run.ended_at === undefined;
    const known = condition.field === "failure" && run.failure === undefined;
    return condition.not ? !holds && !unknown && !known : holds;
  });
}

test("every question is answered as the journals would answer it", async (t) => {
  const place = await scene(t, 40);
  const states = Array.from({ length: 40 }, (_, number) => fold(recordsOf(number)));
  const index = place.open();
  let answers = 0;
  for (const text of [
    ...["", "rate", "RATE limits", "größe", "50% off_", "nothing-like-it", `run:${runIdOf(7)}`],
    ...["status:done", "-status:done", "status:failed,waiting", "status:finished", "rate -again"],
    ...["workflow:release", "workflow:plan:", "agent:@reviewer", "agent:nobody", "by:anna"],
    ...["failure:command_failed", "-failure:command_failed", "since:1d", "until:2026-03-02"],
    ...[
      "since:2026-03-01T10:00 until:2026-03-01T20:00 status:failed",
      "tokens:>1500",
      "cost:<=0.04",
    ],
    ...["took:<30s", "-took:<30s", "took:>=30s", `"make ended"`, "%", "_", "'; DROP TABLE runs --"],
  ]) {
    const wanted = states
      .filter((state) => state !== undefined)
      .filter((state) => fits(state, query(text)))
      .sort((a, b) => b.started_at - a.started_at)
      .map(({ started }) => started.run);
    assert.deepEqual(await idsOf(index, text), wanted, text);
    if (wanted.length > 0 && wanted.length < 40) answers += 1;
  }
  assert.ok(answers > 15, `only ${answers} questions told runs apart`);
  const latest = (await index.refresh()).runs(query("status:done"), 3);
  assert.equal(latest.length, 3);
  await index.dispose();
});

test("the lines that come back are those that were put in", async (t) => {
  const place = await scene(t, 12);
  const index = place.open();
  const indexed = await index.refresh();
  const rows = Array.from({ length: 12 }, (_, number) => {
    const state = fold(recordsOf(number));
    return rowsOf(state ?? assert.fail());
  });
  const byStart = rows.map(({ run }) => run).sort((a, b) => b.started_at - a.started_at);
  assert.deepEqual(indexed.runs([]), byStart);
  const text = (value: unknown) => JSON.stringify(value);
  const tasks = rows.flatMap((row) => row.tasks);
  assert.deepEqual(indexed.tasks([]).map(text).sort(), tasks.map(text).sort());
  assert.deepEqual(
    indexed.questions().map(text).sort(),
    rows.flatMap(({ questions }) => questions.map(text)).sort(),
  );
  await index.dispose();
});

test("only runs whose journals changed are read again, by the next process too", async (t) => {
  const place = await scene(t, 10);
  const first = place.open();
  await first.refresh();
  assert.equal(place.reads().length, 10);
  await first.refresh();
  assert.deepEqual(place.reads(), []);
  await first.dispose();
  assert.deepEqual((await readdir(place.state)).sort(), ["index.sqlite", "runs"]);
  const second = place.open();
  assert.equal((await second.refresh()).figures.found, "whole");
  assert.deepEqual(place.reads(), []);
  const grown = join(runFolder(place.state, runIdOf(3)), "journal.jsonl");
  await appendFile(grown, '{"seq":99,"torn');
  const touched = join(runFolder(place.state, runIdOf(4)), "journal.jsonl");
  await utimes(touched, 1, 1);
  await storeRun(place.state, 10);
  await rm(runFolder(place.state, runIdOf(5)), { recursive: true });
  assert.equal((await idsOf(second)).length, 10);
  assert.deepEqual(place.reads(), [runIdOf(10), runIdOf(3), runIdOf(4)].sort());
  await second.dispose();
  const third = place.open();
  assert.ok(!(await idsOf(third)).includes(runIdOf(5)));
  assert.deepEqual(place.reads(), []);
  const { hits, misses } = (await third.refresh()).figures;
  assert.deepEqual([hits, misses], [20, 0]);
  await third.dispose();
});

test("a run that is driven here is as new as its state, and never taken from a file", async (t) => {
  const place = await scene(t, 3);
  const records = recordsOf(1);
  let known = 5;
  const index = place.open((run) =>
    run === runIdOf(1) ? fold(records.slice(0, known)) : undefined,
  );
  const updated = async () =>
    (await index.refresh()).runs(query(`run:${runIdOf(1)}`)).map(({ updated_at }) => updated_at);
  assert.deepEqual(await updated(), [records[4]?.at]);
  known = 8;
  assert.deepEqual(await updated(), [records[7]?.at]);
  assert.ok(!place.reads().includes(runIdOf(1)));
  await index.dispose();
  const next = place.open();
  await next.refresh();
  assert.deepEqual(place.reads(), [runIdOf(1)]);
  await next.dispose();
});

test("a run that cannot be read is told with why, and read as soon as it can be", async (t) => {
  const place = await scene(t, 4);
  const journal = join(runFolder(place.state, runIdOf(2)), "journal.jsonl");
  const whole = await readFile(journal, "utf8");
  await writeFile(journal, whole.replace('"type":"task_started"', '"type":"task_sTarted"'));
  const index = place.open();
  const { damaged, runs } = await index.refresh();
  assert.deepEqual(
    damaged.map(({ run }) => run),
    [runIdOf(2)],
  );
  assert.match(damaged[0]?.why ?? "", /is damaged at byte \d+/);
  assert.equal(runs([]).length, 3);
  await writeFile(journal, whole);
  assert.equal((await idsOf(index)).length, 4);
  await index.dispose();
});

/** Each makes the file of a whole index something else. */
const BREAKAGES: readonly (readonly [string, (file: string, other: string) => Promise<void>])[] = [
  ["emptied", (file) => truncate(file, 0)],
  ["cut in the header", (file) => truncate(file, 50)],
  ["cut in half", async (file) => truncate(file, Math.floor((await stat(file)).size / 2))],
  ["a text", (file) => writeFile(file, "not a database at all ".repeat(500))],
  ["zeros", async (file) => writeFile(file, new Uint8Array((await stat(file)).size))],
  ["another workspace's", async (file, other) => writeFile(file, await readFile(other))],
  ...[18, 60, 68, 500, 4096, 5000, 20_000].map(
    (at) => [`a bit flipped at ${at}`, (file: string) => flip(file, at)] as const,
  ),
];

async function flip(file: string, at: number): Promise<void> {
  const handle = await open(file, "r+");
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0x10;
  await handle.write(byte, 0, 1, at);
  await handle.close();
}

test("a broken or foreign index is made anew from the journals, and is whole again afterwards", async (t) => {
  const place = await scene(t, 10);
  const other = await scene(t, 3);
  const elsewhere = other.open();
  await elsewhere.refresh();
  await elsewhere.dispose();
  const first = place.open();
  const wanted = await idsOf(first);
  await first.dispose();
  assert.ok((await stat(place.file)).size > 20_000);
  for (const [how, damage] of BREAKAGES) {
    await damage(place.file, other.file);
    place.reads();
    const index = place.open();
    assert.equal((await index.refresh()).figures.found, "broken", how);
    assert.deepEqual(await idsOf(index), wanted, how);
    assert.equal(place.reads().length, 10, how);
    await index.dispose();
    const healed = place.open();
    assert.deepEqual(await idsOf(healed), wanted, how);
    assert.deepEqual(place.reads(), [], `${how}: not healed`);
    await healed.dispose();
  }
});

test("a deleted index, a folder in its place, and no runs at all are nothing to stop at", async (t) => {
  const place = await scene(t);
  const none = place.open();
  assert.deepEqual(await idsOf(none), []);
  await none.dispose();
  assert.deepEqual(await readdir(place.state), []);
  await storeRun(place.state, 1);
  const index = place.open();
  assert.equal((await idsOf(index)).length, 1);
  await index.dispose();
  await rm(place.file);
  const again = place.open();
  assert.equal((await again.refresh()).figures.found, "none");
  await again.dispose();
});

test("a lock of a dead process is taken, one of a living process is respected", async (t) => {
  const place = await scene(t, 2);
  const lock = join(place.state, "index.lock");
  const { pid: _, start: __, ...here } = machine.self;
  for (const [name, text, written] of [
    ["dead", JSON.stringify({ ...here, pid: 2 ** 22 + 1, start: 1 }), true],
    ["reused number", JSON.stringify({ ...here, pid: process.pid, start: 1 }), true],
    ["alive", JSON.stringify(machine.self), false],
    ["fresh and unreadable", "{", false],
    ["another machine's, fresh", JSON.stringify({ host: "elsewhere", pid: 1 }), false],
  ] as const) {
    await rm(place.file, { force: true });
    await writeFile(lock, text);
    const index = place.open();
    await index.refresh();
    await index.dispose();
    const there = (await readdir(place.state)).sort();
    const wanted = written ? ["index.sqlite", "runs"] : ["index.lock", "runs"];
    assert.deepEqual(there, wanted, name);
    await rm(lock, { force: true });
  }
  await writeFile(lock, "{");
  await utimes(lock, 1, 1);
  const index = place.open();
  await index.refresh();
  await index.dispose();
  assert.deepEqual(
    (await readdir(place.state)).sort(),
    ["index.sqlite", "runs"],
    "old, unreadable",
  );
});

test("what a killed writer left beside the index is swept away by the next", async (t) => {
  const place = await scene(t, 2);
  for (const name of ["index.0123456789ab.tmp", "index.lock.0123456789ab.tmp"]) {
    await writeFile(join(place.state, name), "half");
    await utimes(join(place.state, name), 1, 1);
  }
  const index = place.open();
  await index.refresh();
  await index.dispose();
  assert.deepEqual((await readdir(place.state)).sort(), ["index.sqlite", "runs"]);
});

test("the index is written by itself once nothing is asked for a while, and a question puts that off", async (t) => {
  const place = await scene(t, 2);
  const rests: { readonly end: () => void; readonly signal: AbortSignal | undefined }[] = [];
  const clock = {
    ...systemClock,
    wait: (_: number, { signal }: { readonly signal?: AbortSignal | undefined } = {}) =>
      new Promise<void>((end) => rests.push({ end, signal })),
  };
  const index = place.open(undefined, clock);
  await index.refresh();
  await index.refresh();
  rests[0]?.end();
  assert.deepEqual(
    rests.map(({ signal }) => signal?.aborted),
    [true, false],
  );
  await index.refresh();
  assert.deepEqual(await readdir(place.state), ["runs"]);
  rests.at(-1)?.end();
  await until("the index to be written", () => existsSync(place.file));
  await index.dispose();
});

test("two at once over one folder answer alike, and leave a whole index", async (t) => {
  const place = await scene(t, 8);
  const [a, b] = [place.open(), place.open()];
  const wanted = await idsOf(a);
  for (let round = 8; round < 20; round += 1) {
    await storeRun(place.state, round);
    wanted.unshift(runIdOf(round));
    const [ofA, ofB] = await Promise.all([idsOf(a), idsOf(b)]);
    assert.deepEqual(ofA, wanted);
    assert.deepEqual(ofB, wanted);
    await Promise.all([a.save(), b.save()]);
  }
  await Promise.all([a.dispose(), b.dispose()]);
  place.reads();
  const next = place.open();
  assert.deepEqual(await idsOf(next), wanted);
  assert.equal((await next.refresh()).figures.found, "whole");
  assert.ok(place.reads().length <= 1, "more than the last round was lost");
  await next.dispose();
});
