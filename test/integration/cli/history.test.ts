/** What is asked across runs on the command line: which, over many runs and with mistakes in the question. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { recordsOf, runIdOf, storeRun } from "../../journal/history/storedRuns.ts";
import { makePlace } from "./spawnCli.ts";

const place = makePlace();
after(() => place.remove());

/** More than are read from their journals. */
const RUNS = 50;

before(async () => {
  const { stdout } = await place.run("where");
  for (let number = 0; number < RUNS; number += 1) await storeRun(stdout.trim(), number);
});

const failed = Array.from({ length: RUNS }, (_, number) => number)
  .filter((number) => recordsOf(number).at(-1)?.event.type === "run_finished")
  .filter((number) => JSON.stringify(recordsOf(number).at(-1)).includes('"failed"'))
  .map(runIdOf)
  .reverse();

test("runs lists all of them, latest first, and as many as are wanted", async () => {
  const all = await place.run("runs", "--json");
  assert.equal(all.code, 0, all.stderr);
  const ids = all.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).run);
  assert.deepEqual(
    ids,
    Array.from({ length: RUNS }, (_, index) => runIdOf(RUNS - 1 - index)),
  );
  const some = await place.run("runs", "--limit", "3");
  assert.deepEqual(
    some.stdout
      .trim()
      .split("\n")
      .map((line) => /run_\w+/.exec(line)?.[0]),
    ids.slice(0, 3),
  );
});

test("runs --query lists those that fit, before and after the index was written", async () => {
  assert.ok(failed.length > 3 && failed.length < RUNS);
  for (const _ of [1, 2]) {
    const { code, stdout, stderr } = await place.run("runs", "--json", "--query", "status:failed");
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).run),
      failed,
    );
  }
});

test("a question that nothing fits, and one with a mistake, say what to do", async () => {
  const none = await place.run("runs", "--query", "nowhere");
  assert.equal(none.code, 0);
  assert.match(none.stdout, /^No run in .* fits\. All of them: fermata runs\n$/);
  const wrong = await place.run("runs", "--query", "stauts:failed");
  assert.equal(wrong.code, 2);
  assert.match(
    wrong.stderr,
    /^fermata: There is no field stauts:\. Did you mean status:\? The fields are/,
  );
  const count = await place.run("runs", "--limit", "few");
  assert.equal(count.code, 2);
  assert.match(count.stderr, /--limit few is no count\./);
});

test("stats counts what the journals hold, for people and for programs", async () => {
  const { code, stdout, stderr } = await place.run("stats", "--json");
  assert.equal(code, 0, stderr);
  const stats = JSON.parse(stdout);
  assert.equal(stats.type, "stats");
  assert.deepEqual([stats.runs.started, stats.runs.failed], [RUNS, failed.length]);
  assert.equal(stats.steps.delegate.tasks, RUNS * 4);
  assert.ok(stats.steps.delegate.took.p50 <= stats.steps.delegate.took.p99);
  const table = await place.run("stats", "--query", "status:failed");
  assert.match(
    table.stdout,
    new RegExp(`^${failed.length} runs from .* UTC: ${failed.length} failed\\.`),
  );
  assert.match(table.stdout, /^step +tasks +failed +P50 +P95 +P99 +max +tokens +cost$/m);
  const none = await place.run("stats", "--since", "1m");
  assert.match(none.stdout, /^No run in .* to count fits\.\n$/);
});

test("archive, restore and prune say what they did, and what to do instead", async () => {
  const [run = ""] = failed;
  const file = join(place.workspace, `${run}.fermata.gz`);
  const archived = await place.run("archive", run);
  assert.equal(archived.code, 0, archived.stderr);
  assert.match(archived.stdout, /^\/.*\.fermata\.gz \(1\.\d KB\)\n$/);
  const here = await place.run("restore", file);
  assert.equal(here.code, 2);
  assert.match(here.stderr, /its run run_\w+ is here already\. Nothing was restored\.\n$/);
  const limits = await place.run("prune");
  assert.equal(limits.code, 2);
  assert.match(
    limits.stderr,
    /^fermata: No limit is set.*\n {2}fermata prune --max-age 90d --dry-run\n$/,
  );
  const plan = await place.run("prune", "--max-age", "1d", "--dry-run");
  assert.match(plan.stdout, /\n\d\d runs would go: \d+ KB\.\n$/);
  const pruned = await place.run("prune", "--max-age", "1d", "--json");
  assert.equal(pruned.code, 0, pruned.stderr);
  const { leaving } = JSON.parse(pruned.stdout);
  assert.ok(leaving.some((gone: { run: string }) => gone.run === run));
  const restored = await place.run("restore", file);
  assert.equal(restored.code, 0, restored.stderr);
  assert.match(
    restored.stdout,
    /^run_\w+ is here again\. Look at it with: fermata show run_\w+\n$/,
  );
  assert.match((await place.run("show", run)).stdout, /Failed/);
});

test("health sums up, and where names the log", async () => {
  const { code, stdout } = await place.run("health");
  assert.equal(code, 0);
  assert.match(stdout, /^✔ Storage: .* can be written\./m);
  assert.match(stdout, /^✔ Owners: \d+ unfinished, 0 driven\.$/m);
  assert.match(
    stdout,
    /^! Queues: 0 tasks at work, 0 in line; \d+ open questions, the oldest for \d+d/m,
  );
  assert.match(stdout, /\n\nDegraded: it works, and something is worth a look\.\n$/);
  const health = JSON.parse((await place.run("health", "--json")).stdout);
  assert.deepEqual([health.type, health.status], ["health", "degraded"]);
  const log = await place.run("where", "--log");
  assert.match(log.stdout, /\/log\/fermata\.jsonl\n$/);
  const where = JSON.parse((await place.run("where", "--json")).stdout);
  assert.equal(`${where.log}\n`, log.stdout);
});
