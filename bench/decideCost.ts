/** What a decision costs as a foreach grows: decide and evolve alone, in memory. */
import { admit } from "../src/run/admit.ts";
import { decide } from "../src/run/decide/decide.ts";
import { evolve } from "../src/run/evolve/evolve.ts";
import { prepareRun } from "../src/run/start/prepare.ts";
import { createProgram } from "../src/run/start/program.ts";
import type { RunState } from "../src/run/state.ts";
import { median, ratio, threadTime } from "./measure.ts";
import type { Scorecard } from "./scorecard.ts";
import { fanOut, SETTING } from "./workflows.ts";

/** Per item of a foreach ten wide, at 10 and at 1,000 items. */
export function decideCost(card: Scorecard, rounds: number): void {
  const small: number[] = [];
  const large: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const one = Array.from({ length: 100 }, () => perItem(10));
    const other = perItem(1000);
    if (round === 0) continue;
    small.push(one.reduce((sum, each) => sum + each, 0) / one.length);
    large.push(other);
  }
  card.add({
    name: "decide and evolve per item, 1,000 items / 10 items",
    value: ratio(large, small),
    unit: "x",
    more: `${median(small).toFixed(2)} us and ${median(large).toFixed(2)} us`,
  });
}

/** Microseconds of processor time. */
function perItem(items: number): number {
  const program = createProgram();
  const prepared = prepareRun(program, SETTING(fanOut(items, 10)), {}, 0);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  let seq = 1;
  const state: RunState = evolve(undefined, { seq, at: 0, event: prepared.value });
  const start = threadTime();
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
  return ((threadTime() - start) * 1000) / items;
}
