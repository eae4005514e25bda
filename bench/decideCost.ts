/** What a decision costs as a run grows: per item of a foreach, and per step behind a long history. */
import { type Drive, drive, recordedOf } from "../src/engine/drive.ts";
import { createMemoryJournal } from "../src/journal/memory.ts";
import { admit } from "../src/run/admit.ts";
import { decide } from "../src/run/decide/decide.ts";
import type { RunEvent } from "../src/run/event.ts";
import { evolve, fold } from "../src/run/evolve/evolve.ts";
import { prepareRun } from "../src/run/start/prepare.ts";
import { createProgram } from "../src/run/start/program.ts";
import type { RunState } from "../src/run/state.ts";
import { median, ratio } from "./measure.ts";
import { fanOut, SETTING, sequence } from "./workflows.ts";

/** Microseconds of decide and evolve per item of a foreach ten wide, at 10 and at 1,000 items. */
export function decideCost(rounds: number): {
  readonly small: number;
  readonly large: number;
  readonly ratio: number;
} {
  const small: number[] = [];
  const large: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const one = Array.from({ length: 20 }, () => perItem(10));
    const other = perItem(1000);
    if (round === 0) continue;
    small.push(median(one));
    large.push(other);
  }
  return { small: median(small), large: median(large), ratio: ratio(large, small) };
}

/** Time of 100 steps after 10,000 events of history, over that of the first 100: medians of the ratios. */
export async function historyCost(rounds: number): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const took = await segments(5200, 100);
    const early = median(took.slice(1, 6));
    const late = median(took.slice(-5));
    if (round > 0) ratios.push(late / early);
  }
  return median(ratios);
}

function perItem(items: number): number {
  const program = createProgram();
  const prepared = prepareRun(program, SETTING(fanOut(items, 10)), {}, 0);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  let seq = 1;
  const state: RunState = evolve(undefined, { seq, at: 0, event: prepared.value });
  const start = performance.now();
  let touched: string[] | undefined;
  const todo: { path: string; attempt: number; token: string }[] = [];
  for (;;) {
    const commands = decide({ program, state, at: 0 }, touched);
    touched = [];
    for (const { event, effect } of commands) {
      evolve(state, { seq: ++seq, at: 0, event });
      if ("path" in event && event.path !== undefined) touched.push(event.path);
      if (effect?.type === "perform") todo.push(effect);
    }
    if (commands.length > 0) continue;
    const next = todo.shift();
    if (!next) break;
    const outcome = { type: "completed" as const, result: null };
    const admission = admit(state, {
      type: "outcome",
      path: next.path,
      attempt: next.attempt,
      token: next.token,
      outcome,
    });
    if (!admission.ok) throw new Error(admission.reason);
    for (const event of admission.events) evolve(state, { seq: ++seq, at: 0, event });
    touched = [next.path];
  }
  return ((performance.now() - start) * 1000) / items;
}

/** Milliseconds of each `size` steps of a long sequential run; two events a step; in memory, so that only we are timed. */
async function segments(steps: number, size: number): Promise<readonly number[]> {
  const program = createProgram();
  const prepared = prepareRun(program, SETTING(sequence(steps)), {}, 0);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  const journal = createMemoryJournal<RunEvent>();
  const [first] = await journal.append([prepared.value], 0);
  const state = first && fold([recordedOf(first)]);
  if (!state) throw new Error("no state");
  const marks: number[] = [];
  let done = 0;
  let last = performance.now();
  const driving: Drive = drive(
    {
      program,
      journal,
      now: () => 0,
      alarm: { set: () => undefined },
      publish: () => undefined,
      performer: {
        perform: (effect, report) => {
          if (effect.type !== "perform") return;
          done += 1;
          if (done % size === 0) {
            const now = performance.now();
            marks.push(now - last);
            last = now;
          }
          const { path, attempt, token } = effect;
          queueMicrotask(() =>
            report({
              type: "outcome",
              path,
              attempt,
              token,
              outcome: { type: "completed", result: null },
            }),
          );
        },
        dispose: async () => undefined,
      },
    },
    state,
  );
  await driving.finished;
  return marks;
}
