/**
 * Whole runs on a disk that forgets what was not synced, the power cut at every operation: what was told is still
 * there, nothing was done before it was written, nothing finished is done again, and the end is the same.
 * The last test removes the sync and expects the promises to break.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Drive, drive, recordedOf } from "../../src/engine/drive.ts";
import type { Journal } from "../../src/engine/journal.ts";
import type { Disk } from "../../src/journal/disk.ts";
import { openJournal } from "../../src/journal/fileJournal.ts";
import type { Recorded, RunEvent } from "../../src/run/event.ts";
import { fold } from "../../src/run/evolve/evolve.ts";
import { createProgram, type Program } from "../../src/run/start/program.ts";
import type { RunState } from "../../src/run/state.ts";
import { place, tenure, withFiles } from "../journal/scratch.ts";
import { drawing } from "../run/drawing.ts";
import { CHILD, generateWorkflow } from "../run/generate.ts";
import { begin, bundleOf } from "../run/simulate.ts";
import { answerAt, ending, outcomeAt } from "../run/world.ts";
import { createSimulatedDisk, type SimulatedDisk, type Survival } from "../simulation/disk.ts";

const FOLDER = "/run";

/** What the world outside has seen of a run; it forgets nothing. */
interface Seen {
  readonly told: Recorded[];
  /** Attempts that were performed, as `path attempt`. */
  readonly performed: string[];
}

interface Host {
  readonly disk: Disk;
  readonly fence: number;
  readonly program: Program;
  readonly first: Recorded;
  readonly seed: number;
  readonly seen: Seen;
}

for (const survival of ["nothing", "some"] as const) {
  test(`a run keeps its promises when ${survival} of the unsynced survives`, async () => {
    let crashes = 0;
    for (let seed = 1; seed <= 60; seed++)
      crashes += await cutEverywhere(seed, survival, (disk) => disk);
    assert.ok(crashes > 800, `${crashes} crashes`);
  });
}

test("without the journal's sync a power cut breaks the promises", async () => {
  const unsynced = (disk: Disk): Disk =>
    withFiles(disk, () => ({ datasync: async () => undefined }));
  await assert.rejects(
    cutEverywhere(2, "nothing", unsynced),
    /told, then lost|done before it was written/,
  );
});

/** Cuts the power before operation 1, 2, 3 ... until the run gets through; each time another host finishes it. */
async function cutEverywhere(
  seed: number,
  survival: Survival,
  change: (disk: Disk) => Disk,
): Promise<number> {
  const program = createProgram();
  const bundle = bundleOf(generateWorkflow(drawing(seed)), { "child.workflow.yaml": CHILD });
  const first = begin(program, bundle);
  const shared = { program, first, seed };
  const quiet = await live({
    ...shared,
    disk: await newDisk(seed),
    fence: 1,
    seen: { told: [], performed: [] },
  });
  for (let crashAt = 1; ; crashAt += 1) {
    const seen: Seen = { told: [], performed: [] };
    const dying = (await newDisk(seed)).restart("everything", { seed: seed + crashAt, crashAt });
    const ended = await Promise.race([
      live({ ...shared, disk: change(dying), fence: 1, seen }).then(() => true),
      dying.crashed.then(() => false),
    ]);
    const told = seen.told.length;
    const done = new Set(seen.performed);
    const after = dying.restart(survival);
    const state = await live({ ...shared, disk: change(after), fence: 2, seen }, (records) => {
      checkRecovered(records, seen.told.slice(0, told), done);
    });
    assert.equal(ending(state), ending(quiet), `seed ${seed}, cut before operation ${crashAt}`);
    if (ended) return crashAt - 1;
  }
}

function checkRecovered(
  records: readonly Recorded[],
  told: readonly Recorded[],
  done: ReadonlySet<string>,
): void {
  assert.deepEqual(records.slice(0, told.length), told, "told, then lost");
  const started = new Set(
    records.flatMap(({ event }) =>
      event.type === "task_started" ? [`${event.path} ${event.attempt}`] : [],
    ),
  );
  for (const attempt of done)
    assert.ok(started.has(attempt), `${attempt} was done before it was written`);
}

/** One host's life: reads what is there, counts what ran as lost, and drives the run to its end. */
async function live(
  host: Host,
  recovered: (records: readonly Recorded[]) => void = () => undefined,
): Promise<RunState> {
  const { program, seen } = host;
  const opened = await openJournal<RunEvent>(place(host.disk, FOLDER, tenure(host.fence)));
  const { journal } = opened;
  const before = opened.records.map(recordedOf);
  recovered(before);
  const finished = new Set<string>();
  for (const { event } of before) {
    if (event.type === "attempt_completed") finished.add(event.path);
    if (isSentBack(event)) finished.delete(event.path);
  }
  const records = before.length > 0 ? before : await beginRun(journal, host);
  const state = fold(records);
  assert.ok(state);
  let now = records.at(-1)?.at ?? 0;
  const failed = new Map<string, number>();
  for (const { event } of records) if (event.type === "attempt_failed") bump(failed, event.path);
  const driving: Drive = drive(
    {
      program,
      journal,
      now: () => ++now,
      alarm: {
        set: (due, ring) => {
          if (due === undefined) return;
          setImmediate(() => {
            now = Math.max(now, due);
            ring();
          });
        },
      },
      publish: (published) => {
        seen.told.push(...published.map(recordedOf));
        for (const { event } of published) {
          if (event.type === "attempt_failed") bump(failed, event.path);
          if (isSentBack(event)) finished.delete(event.path);
          if (event.type === "breakpoint_opened") answer(driving, host.seed, event);
        }
      },
      performer: {
        perform: (effect, report) => {
          if (effect.type !== "perform") return;
          assert.ok(!finished.has(effect.path), `${effect.path} was finished, and is done again`);
          seen.performed.push(`${effect.path} ${effect.attempt}`);
          const { path, attempt, token } = effect;
          const outcome = outcomeAt(host.seed, effect, failed.get(path) ?? 0);
          queueMicrotask(() => report({ type: "outcome", path, attempt, token, outcome }));
        },
        dispose: async () => undefined,
      },
    },
    state,
  );
  for (const task of state.open.values()) {
    if (task.state.is !== "running") continue;
    const { path, attempts: attempt } = task;
    const failure = { code: "outcome_unknown" as const, message: "The power went." };
    const outcome = { type: "unknown" as const, failure };
    void driving.post({
      type: "outcome",
      path,
      attempt,
      token: task.state.token,
      outcome,
      host_died: true,
    });
  }
  for (const open of state.breakpoints.values()) answer(driving, host.seed, open);
  const end = await driving.finished;
  await journal.close();
  return end;
}

/** A person wants what was finished made once more. */
function isSentBack(
  event: RunEvent,
): event is Extract<RunEvent, { readonly type: "breakpoint_answered" }> {
  if (event.type !== "breakpoint_answered" || event.answer.kind !== "escalation") return false;
  return event.answer.decision === "retry" || event.answer.decision === "reroute";
}

async function beginRun(
  journal: Journal<RunEvent>,
  { first, seen }: Host,
): Promise<readonly Recorded[]> {
  const records = (await journal.append([first.event], first.at)).map(recordedOf);
  seen.told.push(...records);
  return records;
}

function answer(
  driving: Drive,
  seed: number,
  { id, path }: { readonly id: string; readonly path: string },
): void {
  const given = answerAt(seed, id, path);
  void driving.post({ type: "answer", breakpoint: id, answer: given, by: "person", policy: true });
}

function bump(counts: Map<string, number>, path: string): void {
  counts.set(path, (counts.get(path) ?? 0) + 1);
}

async function newDisk(seed: number): Promise<SimulatedDisk> {
  const disk = createSimulatedDisk({ seed });
  await disk.makeFolder(FOLDER);
  await disk.makeFolder(`${FOLDER}/blobs`);
  await disk.syncFolder("/");
  await disk.syncFolder(FOLDER);
  return disk.restart("nothing", { seed });
}
