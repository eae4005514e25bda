/** Words between processes over one run's folder, as the product's verbs send and hear them. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openRunDisk, type RunDisk, type SeenRun } from "../../src/app/runs/runDisk.ts";
import { createDisk, type Disk } from "../../src/journal/disk.ts";
import { systemClock } from "../../src/journal/machine/clock.ts";
import { createMachine } from "../../src/journal/machine/machine.ts";
import type { Admission } from "../../src/run/command.ts";
import type { Signal } from "../../src/run/signal.ts";
import { createProgram } from "../../src/run/start/program.ts";
import { begin, bundleOf } from "../run/simulate.ts";

async function open(t: TestContext): Promise<RunDisk> {
  const state = await mkdtemp(join(tmpdir(), "fermata-disk-"));
  t.after(() => rm(state, { recursive: true, force: true, maxRetries: 5 }));
  return openRunDisk({
    disk: createDisk(),
    state,
    machine: createMachine(),
    clock: systemClock,
    random: randomBytes,
    report: () => undefined,
  });
}

/** A run that hears signals; what `deliver` answers is what the sender is told. */
async function hearing(
  t: TestContext,
  deliver: (signal: Signal) => Promise<Admission>,
  isKnown: (id: string) => boolean = () => false,
): Promise<[RunDisk, string]> {
  const disk = await open(t);
  const run = disk.newId();
  const held = await disk.create(run);
  const stop = disk.receive(run, { deliver, isKnown });
  t.after(async () => {
    stop();
    await held.close();
  });
  return [disk, run];
}

const CANCEL: Signal = { type: "cancel", by: "t" };

test("a signal comes with the id by which it is known for good", async (t) => {
  const heard: Signal[] = [];
  const [disk, run] = await hearing(t, async (signal) => {
    heard.push(signal);
    return { ok: true, events: [] };
  });
  assert.deepEqual(await disk.send(run, CANCEL), { ok: true, events: [] });
  assert.deepEqual(await disk.send(run, CANCEL), { ok: true, events: [] });
  assert.deepEqual(
    heard.map(({ id, ...rest }) => [typeof id, rest]),
    [
      ["string", CANCEL],
      ["string", CANCEL],
    ],
  );
  assert.notEqual(heard[0]?.id, heard[1]?.id);
});

test("a signal that the journal has already, its owner having died before the answer, counts as taken", async (t) => {
  const [disk, run] = await hearing(
    t,
    () => assert.fail("it was delivered again"),
    () => true,
  );
  assert.deepEqual(await disk.send(run, CANCEL), { ok: true, events: [] });
});

test("a refusal crosses with its reason", async (t) => {
  const [disk, run] = await hearing(t, async () => ({ ok: false, reason: "Not now." }));
  assert.deepEqual(await disk.send(run, CANCEL), { ok: false, reason: "Not now." });
});

test("a run is held by one at a time, and free once it is let go", async (t) => {
  const disk = await open(t);
  const run = disk.newId();
  const held = await disk.create(run);
  assert.equal((await disk.claim(run, false)).status, "held");
  assert.equal(await disk.ownership(run), "elsewhere");
  await held.close();
  assert.equal(await disk.ownership(run), "nobody");
  const claim = await disk.claim(run, false);
  assert.equal(claim.status, "owned");
  if (claim.status === "owned") await claim.held.close();
});

test("time in which nobody owned a run is given back, by the last owner's last heartbeat", async (t) => {
  const state = await mkdtemp(join(tmpdir(), "fermata-disk-"));
  t.after(() => rm(state, { recursive: true, force: true, maxRetries: 5 }));
  let later = 0;
  const disk = openRunDisk({
    disk: createDisk(),
    state,
    machine: createMachine(),
    clock: { ...systemClock, now: () => systemClock.now() + later },
    random: randomBytes,
    report: () => undefined,
  });
  const run = disk.newId();
  const first = await disk.create(run);
  assert.equal(first.idle, 0);
  const keys = { name: "test", version: "1.0.0", limits: { timeout: "1h" } };
  const steps = [{ id: "work", type: "delegate", instructions: "do" }];
  const started = begin(createProgram(), bundleOf(JSON.stringify({ ...keys, steps })));
  await first.journal.append([started.event], systemClock.now());
  await first.close();
  later = 8 * 3_600_000;
  const claim = await disk.claim(run, false);
  if (claim.status !== "owned") assert.fail(claim.status);
  const { held } = claim;
  assert.ok(Math.abs(held.idle - later) < 60_000, `idle ${held.idle}`);
  await held.admit({ type: "pause", by: "t" });
  await held.close();
  const events = (await disk.records(run)).map(({ event }) => event);
  assert.deepEqual(events[1], { type: "time_skipped", shift: held.idle, why: "unowned" });
  assert.equal(events[2]?.type, "run_paused");
});

test("a run that was looked at is taken without reading it again, unless somebody wrote since", async (t) => {
  const state = await mkdtemp(join(tmpdir(), "fermata-disk-"));
  t.after(() => rm(state, { recursive: true, force: true, maxRetries: 5 }));
  const real = createDisk();
  let reads = 0;
  const counting: Disk = {
    ...real,
    read: (path, from) => {
      if (path.endsWith("journal.jsonl") && from === undefined) reads += 1;
      return real.read(path, from);
    },
  };
  const machine = createMachine();
  const ports = { disk: counting, state, machine, clock: systemClock, random: randomBytes };
  const disk = openRunDisk({ ...ports, report: () => undefined });
  const run = disk.newId();
  const first = await disk.create(run);
  const steps = [{ id: "ask", type: "prompt", input: "text", message: "?" }];
  const bundle = bundleOf(JSON.stringify({ name: "test", version: "1.0.0", steps }));
  await first.journal.append([begin(createProgram(), bundle).event], systemClock.now());
  await first.close();
  const take = async (seen: SeenRun | undefined): Promise<readonly string[]> => {
    const claim = await disk.claim(run, false, seen);
    if (claim.status !== "owned") assert.fail(claim.status);
    await claim.held.admit({ type: "pause", by: "t" });
    await claim.held.close();
    return claim.held.records.map(({ event }) => event.type);
  };

  const seen = await disk.look(run);
  assert.equal(seen?.state.status, "running");
  reads = 0;
  assert.deepEqual(await take(seen), ["run_started"]);
  assert.equal(reads, 0, "nothing has changed");
  // It has been owned, and paused, since it was looked at.
  const before = ["run_started", "run_paused"];
  assert.deepEqual(
    (await take(seen)).filter((type) => before.includes(type)),
    before,
  );
  assert.equal(reads, 1);
  assert.equal((await disk.state(run))?.status, "paused");
});
