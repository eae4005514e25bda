/**
 * Journals that were written once and must be read for ever: each folds to the state beside it, whose hash is stated,
 * and can be continued from every record. Every type of event has one: see `scripts/keepHistories.ts` for a new one.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { JournalRecord } from "../../src/engine/journal.ts";
import { readRun } from "../../src/journal/follow.ts";
import type { EventType, RunEvent } from "../../src/run/event.ts";
import { evolve, fold } from "../../src/run/evolve/evolve.ts";
import { createProgram } from "../../src/run/start/program.ts";
import { isFinished, type RunState } from "../../src/run/state.ts";
import { stateHash } from "../../src/run/stateHash.ts";
import { hashText } from "../../src/util/hash.ts";
import { createSimulatedDisk } from "../simulation/disk.ts";
import { simulate } from "./simulate.ts";
import { fittingAnswer, outcomeAt } from "./world.ts";

const FOLDER = new URL("./histories/", import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));

/** Every type there is; the compiler asks for a new one, and the last test for its history. */
const TYPES: Readonly<Record<EventType, true>> = {
  run_started: true,
  task_opened: true,
  frame_opened: true,
  step_blocked: true,
  frame_cancelled: true,
  task_started: true,
  task_queued: true,
  attempt_completed: true,
  attempt_failed: true,
  attempt_lost: true,
  attempt_timed_out: true,
  attempt_stopping: true,
  attempt_queued: true,
  attempt_begun: true,
  retry_scheduled: true,
  wait_started: true,
  task_performed: true,
  task_closed: true,
  breakpoint_opened: true,
  breakpoint_escalated: true,
  breakpoint_claimed: true,
  breakpoint_answered: true,
  breakpoint_withdrawn: true,
  prompt_generated: true,
  response_validated: true,
  quality_checked: true,
  confidence_scored: true,
  decision_made: true,
  gates_judged: true,
  signal_received: true,
  limit_reached: true,
  budget_exceeded: true,
  price_unknown: true,
  run_failing: true,
  compensation_started: true,
  compensation_ended: true,
  time_skipped: true,
  cancel_requested: true,
  kill_requested: true,
  run_paused: true,
  run_resumed: true,
  retry_requested: true,
  state_set: true,
  stops_set: true,
  step_asked: true,
  stop_passed: true,
  stops_removed: true,
  run_finished: true,
};

const seen = new Set<string>();

for (const name of NAMES) {
  test(`history ${name}`, async () => {
    const records = await read(name);
    for (const { event } of records) seen.add(event.type);
    const state = fold(records) ?? assert.fail("no run");
    check(name, pictureOf(state));
    let step: RunState | undefined;
    for (const record of records) step = evolve(step, record);
    assert.equal(step && stateHash(step), stateHash(state), "record by record");
    for (let length = 1; length <= records.length; length += 1) goOn(records.slice(0, length));
  });
}

test("every type of event has a history", () => {
  const missing = Object.keys(TYPES).filter((type) => !seen.has(type));
  const todo =
    "write a case with it, then: node scripts/keepHistories.ts NAME, and FERMATA_ACCEPT=1";
  assert.deepEqual(missing, [], todo);
});

async function read(name: string): Promise<readonly JournalRecord<RunEvent>[]> {
  const disk = createSimulatedDisk({ seed: 1 });
  await disk.makeFolder("/run");
  await disk.create("/run/journal.jsonl", readFileSync(new URL(name, FOLDER)));
  const { records, tornBytes } = await readRun<RunEvent>(disk, "/run");
  assert.equal(tornBytes, 0);
  return records;
}

/** A new host takes the run on from here: it comes to an end, or to somebody who has to say something. */
function goOn(records: readonly JournalRecord<RunEvent>[]): void {
  const { state } = simulate(createProgram(), structuredClone(records), {
    outcome: (effect) => outcomeAt(1, effect, Number.POSITIVE_INFINITY),
    answer: (open) => fittingAnswer(1, open),
  });
  const waits = [...state.open.values()].some(
    ({ state: { is } }) => is === "waiting" || is === "asking",
  );
  const rests = isFinished(state) || state.status === "paused" || waits;
  assert.ok(rests, `after record ${records.length} it stands still: ${state.status}`);
}

/** What must stay the same of an old run, however the state is kept: where it stands and what it came to. */
function pictureOf(state: RunState): string {
  const { status, failure, value, root, tasks } = state;
  const lines = [
    `${status} after ${state.seq} records${failure ? `: ${failure.code}` : ""}`,
    `state ${JSON.stringify(root.body.state)}`,
    ...(value === undefined ? [] : [`value ${JSON.stringify(value)}`]),
    ...[...tasks.values()].map(
      (task) => `${task.path} (${task.kind}): ${task.status}, attempts ${task.attempts}`,
    ),
  ];
  const text = lines.join("\n");
  return `${hashText(text)}\n${text}\n`;
}

/** Compares with what it came to when it was kept; only a new one is accepted. */
function check(name: string, found: string): void {
  const expected = new URL(name.replace(/\.jsonl$/, ".txt"), FOLDER);
  if (process.env.FERMATA_ACCEPT === "1" && !existsSync(expected)) writeFileSync(expected, found);
  assert.ok(
    existsSync(expected),
    `nothing says what ${name} comes to: read this, then accept it\n${found}`,
  );
  assert.equal(found, readFileSync(expected, "utf8"), "an old run reads otherwise than it did");
}
