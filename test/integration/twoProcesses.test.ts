/** One run and several processes: one drives, the others follow, signal, and take over when it dies. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { App } from "../../src/app/app.ts";
import type { Recorded } from "../../src/run/event.ts";
import { until } from "../process/until.ts";
import { asks, ends, reaches, scene, start, workflow } from "./harness/product.ts";
import { remote } from "./harness/remote.ts";

const ASKING = workflow(
  "asking",
  `
inputs:
  subject: { type: string, default: rain }
steps:
  - { id: first, type: prompt, input: text, message: "What about {{ inputs.subject }}?" }
  - { id: second, type: prompt, input: confirm, message: "Is {{ steps.first }} right?" }
  - { id: end, type: return, value: { said: "{{ steps.first.input }}", right: "{{ steps.second.confirmed }}" } }
`,
);
const FILES = { "workflows/asking.workflow.yaml": ASKING };

const reply = (breakpoint: string, answer: string | boolean) =>
  ({ type: "answer", breakpoint, answer, by: "elsewhere" }) as const;

/** The workflow that asks, driven by another process. */
async function runElsewhere(t: TestContext) {
  const place = await scene(t, FILES);
  const app = await place.open();
  const driver = await remote(t, place);
  const started = await driver.startRun({ template: "asking", inputs: {}, startedBy: "t" });
  assert.ok(started.ok);
  return { app, driver, run: started.run };
}

/** An owner that no longer beats is taken for dead after three beats. */
async function takesOver(app: App, run: string): Promise<void> {
  for (const from = performance.now(); performance.now() - from < 60_000; await delay(100)) {
    const opened = await app.openRun(run);
    assert.ok(opened.ok);
    if (opened.ownership === "here") return;
  }
  assert.fail(`${run} is still driven elsewhere`);
}

test("a second process follows: it sees records as they come, and never writes a byte", async (t) => {
  const { app, driver, run } = await runElsewhere(t);
  const journal = join(app.stateFolder, "runs", run, "journal.jsonl");
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "elsewhere" });
  const watch = (await app.watchRun(run)) ?? assert.fail("no such run");
  const seen: Recorded[] = [];
  watch.onChange((change) => {
    if (change.type === "records") seen.push(...change.records);
  });
  await asks(app, run, "first");
  const before = await readFile(journal);
  assert.equal(watch.ownership, "elsewhere");
  assert.deepEqual(
    (await app.listRuns()).map(({ ownership }) => ownership),
    ["elsewhere"],
  );
  assert.deepEqual(await app.resumeInterrupted(), []);
  await app.exportRun(run);
  assert.deepEqual(await readFile(journal), before, "looking changed the journal");
  assert.ok((await driver.signal(run, reply("first", "clouds"))).ok);
  await asks(app, run, "second");
  assert.ok(seen.some(({ event }) => event.type === "breakpoint_answered"));
  const fences = (await readFile(journal, "utf8")).match(/"fence":\d+/g);
  assert.deepEqual(new Set(fences), new Set(['"fence":1']));
  watch.dispose();
});

test("answer, pause, resume and cancel reach the owner from another process", async (t) => {
  const { app, run } = await runElsewhere(t);
  await asks(app, run, "first");
  assert.ok((await app.signal(run, { type: "pause", by: "t" })).ok);
  assert.ok((await app.signal(run, reply("first", "clouds"))).ok);
  const paused = await reaches(app, run, "the pause", ({ status }) => status === "paused");
  assert.equal(paused.breakpoints.size, 0, "nothing new starts while it is paused");
  const twice = await app.signal(run, { type: "pause", by: "t" });
  assert.match(twice.ok ? "" : twice.reason, /is paused; only a running one can be paused/);
  assert.ok((await app.signal(run, { type: "resume", by: "t" })).ok);
  await asks(app, run, "second");
  assert.ok((await app.signal(run, { type: "cancel", by: "t", reason: "enough" })).ok);
  const state = await ends(app, run);
  assert.equal(state.status, "cancelled");
});

test("an answer to what is gone or does not fit is refused, with the present question", async (t) => {
  const { app, run } = await runElsewhere(t);
  const first = await asks(app, run, "first");
  assert.ok((await app.signal(run, reply(first.id, "clouds"))).ok);
  const second = await asks(app, run, "second");
  for (const [signal, reason] of [
    [
      reply(first.id, "late"),
      /elsewhere has answered first@1 already\. Waiting for an answer: second@1/,
    ],
    [reply("nowhere", "x"), /Nothing is asked at nowhere now/],
    [{ ...reply(second.id, true), shown: "another" }, /has changed since you saw it/],
    [reply(second.id, "perhaps"), /does not fit.*yes or no/],
  ] as const) {
    const refused = await app.signal(run, signal);
    assert.ok(!refused.ok);
    assert.match(refused.reason, reason);
    assert.equal(refused.present?.id, second.id);
    assert.equal(refused.present?.hash, second.hash);
  }
});

test("when the owner is killed another process takes over, and the question is still there", async (t) => {
  const { app, driver, run } = await runElsewhere(t);
  const watch = (await app.watchRun(run)) ?? assert.fail("no such run");
  await driver.signal(run, reply("first", "clouds"));
  const asked = await asks(app, run, "second");
  await driver.kill("SIGKILL");
  await until("the owner's death to be seen", () => watch.ownership === "nobody");
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
  assert.equal((await asks(app, run, "second")).hash, asked.hash);
  assert.ok((await app.signal(run, reply("second", true))).ok);
  const state = await ends(app, run);
  assert.deepEqual(state.value, { said: "clouds", right: true });
  watch.dispose();
});

test("an owner that was stopped and wakes after a take-over writes nothing any more", async (t) => {
  const { app, driver, run } = await runElsewhere(t);
  await asks(app, run, "first");
  await driver.kill("SIGSTOP");
  await takesOver(app, run);
  assert.ok((await app.signal(run, reply("first", "ours"))).ok);
  await asks(app, run, "second");
  const late = driver.signal(run, reply("second", false)).catch(() => undefined);
  await driver.kill("SIGCONT");
  const said = await late;
  // It may have heard of its successor by then, and have handed the answer on: that is right too.
  const handedOn = said?.ok === true;
  if (handedOn) assert.deepEqual(said.events, [], "the old owner admitted an answer itself");
  else assert.ok((await app.signal(run, reply("second", true))).ok);
  const state = await ends(app, run);
  assert.deepEqual(state.value, { said: "ours", right: !handedOn });
});

test("a run that waits alone is answered from a command, and goes on with whoever opens it", async (t) => {
  const place = await scene(t, FILES);
  const first = await place.open();
  const run = await start(first, "asking");
  await first.settled(run);
  await first.dispose();
  const command = await place.open();
  assert.ok((await command.signal(run, reply("first", "alone"))).ok);
  assert.deepEqual(
    (await command.listRuns()).map(({ ownership, status }) => [ownership, status]),
    [["nobody", "running"]],
  );
  const twice = await command.signal(run, reply("first", "again"));
  assert.ok(!twice.ok);
  const second = await place.open();
  assert.deepEqual(await second.resumeInterrupted(), [run]);
  await asks(second, run, "second");
  assert.ok((await second.signal(run, reply("second", true))).ok);
  const state = await ends(second, run);
  assert.deepEqual(state.value, { said: "alone", right: true });
});

test("two look at a run of another process at once, and both see it", async (t) => {
  const place = await scene(t, FILES);
  const driver = await remote(t, place);
  const started = await driver.startRun({ template: "asking", inputs: {}, startedBy: "t" });
  assert.ok(started.ok);
  const app = await place.open();
  const watches = await Promise.all([app.watchRun(started.run), app.watchRun(started.run)]);
  assert.deepEqual(
    watches.map((watch) => watch?.state.status),
    ["running", "running"],
  );
  for (const watch of watches) watch?.dispose();
});

test("a word right after a run's end finds it, and a retry goes on with it", async (t) => {
  const failing = workflow(
    "failing",
    `
steps:
  - { id: work, type: shell, command: "test -e ready || { touch ready; exit 3; }" }
  - { id: end, type: return, value: done }
`,
  );
  const place = await scene(t, { "workflows/failing.workflow.yaml": failing });
  const app = await place.open();
  const run = await start(app, "failing");
  const state = await app.settled(run);
  assert.equal(state.status, "failed");
  const from = performance.now();
  const retried = await app.signal(run, { type: "retry", by: "t" });
  assert.ok(retried.ok, retried.ok ? "" : retried.reason);
  assert.ok(performance.now() - from < 5000, "it was sent to nobody");
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
  const again = await ends(app, run);
  assert.equal(again.value, "done");
});
