/** The index across runs: it answers as the journals would, and reads only what changed. */
import assert from "node:assert/strict";
import { appendFile, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openImage } from "../../../src/journal/history/image.ts";
import { systemClock } from "../../../src/journal/machine/clock.ts";
import { runFolder } from "../../../src/journal/runFolder.ts";
import { fold } from "../../../src/run/evolve/evolve.ts";
import { rowsOf } from "../../../src/run/history/pastRun.ts";
import { asksWhoDrives, type RunQuery, STATUS_WORDS } from "../../../src/run/history/query.ts";
import type { RunState } from "../../../src/run/state.ts";
import { runStatusName } from "../../../src/views/statusWord.ts";
import { agentIn } from "../../../src/workflow/agents/agentKey.ts";
import { idsOf, query, scene } from "./indexScene.ts";
import { recordsOf, runIdOf, storeRun } from "./storedRuns.ts";

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
          return condition.any.some((name) =>
            run.agents.some((key) => key === name || agentIn(key) === name),
          );
        case "status":
          return condition.any.some((word) =>
            word === "waiting"
              ? run.status === "running" && run.waiting > 0
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
    ...["agent:@reviewer@triage", "agent:@review", "-agent:@reviewer@triage"],
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
  const latest = (await index.refresh()).runs(query("status:done"), { limit: 3 });
  assert.equal(latest.length, 3);
  await index.dispose();
});

test("a run is interrupted when it should go on and nobody drives it", async (t) => {
  const place = await scene(t, 4);
  // Cut off in the middle: nothing is asked yet.
  for (const number of [0, 1]) {
    const journal = join(runFolder(place.state, runIdOf(number)), "journal.jsonl");
    const lines = (await readFile(journal, "utf8")).split("\n");
    await writeFile(journal, `${lines.slice(0, 6).join("\n")}\n`);
  }
  const index = place.open();
  const indexed = await index.refresh();
  const asked = (text: string, driven: readonly string[]) =>
    indexed.runs(query(text), { driven }).map(({ run }) => run);
  assert.deepEqual(asked("status:interrupted", []), [runIdOf(1), runIdOf(0)]);
  assert.deepEqual(asked("status:interrupted", [runIdOf(1)]), [runIdOf(0)]);
  assert.deepEqual(asked("-status:interrupted", [runIdOf(1)]).length, 3);
  await index.dispose();
});

const DOINGS = ["working", "retrying", "timer", "signal"] as const;

test("a status is asked for by the word that lists show", async () => {
  const { image } = await openImage(undefined, "here");
  const rows = rowsOf(fold(recordsOf(0)) ?? assert.fail());
  const statuses = ["running", "paused", "cancelling", "done", "failed", "rejected", "cancelled"];
  const runs = statuses.flatMap((status, at) =>
    [0, 1].flatMap((waiting) =>
      DOINGS.flatMap((doing, nth) =>
        [true, false].map((driven) => ({
          ...{ status: status as RunState["status"], waiting, doing, driven },
          run: runIdOf(100 + at * 16 + nth * 4 + waiting * 2 + Number(driven)),
        })),
      ),
    ),
  );
  image.replace(
    [],
    runs.map(({ run, status, waiting, doing }) => ({
      rows: { run: { ...rows.run, run, status, waiting, doing }, tasks: [], questions: [] },
      source: { bytes: 1, changed: 1 },
    })),
  );
  const driven = runs.filter((run) => run.driven).map(({ run }) => run);
  const names = STATUS_WORDS.filter((word) => word !== "finished" && word !== "unfinished");
  for (const name of names) {
    const wanted = runs.filter((run) => runStatusName(run) === name).map(({ run }) => run);
    const found = image.runs(query(`status:${name}`), { driven }).map(({ run }) => run);
    assert.ok(wanted.length > 0, name);
    assert.deepEqual(found.sort(), wanted.sort(), name);
  }
  assert.ok(runs.every((run) => names.some((name) => name === runStatusName(run))));
  assert.ok(asksWhoDrives(query("status:done,waiting")) && !asksWhoDrives(query("status:paused")));
  image.dispose();
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

test("whoever shares the thread has turns while many journals are read, and while they are looked at again", async (t) => {
  const place = await scene(t, 40);
  let now = 0;
  let turns = 0;
  const clock = {
    ...systemClock,
    // A look at the clock takes 3 ms: no slice holds more than three of them.
    monotonic: () => {
      now += 3;
      return now;
    },
    turn: async () => {
      turns += 1;
    },
  };
  const index = place.open(() => undefined, clock);
  await index.refresh();
  const read = turns;
  assert.ok(read > 20, `${read} turns`);
  await index.refresh();
  assert.ok(turns - read > 10, `${turns - read} more`);
  await index.dispose();
});
