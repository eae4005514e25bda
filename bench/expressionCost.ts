/** What an expression costs where a run evaluates it, compiled before: over a small state and over one of a megabyte. */
import { evaluate, type Moment, type Place } from "../src/run/decide/scope.ts";
import { evolve } from "../src/run/evolve/evolve.ts";
import { prepareRun } from "../src/run/start/prepare.ts";
import { createProgram } from "../src/run/start/program.ts";
import type { Json } from "../src/util/json.ts";
import { median, ratio } from "./measure.ts";
import type { Scorecard } from "./scorecard.ts";
import { bundle, SETTING } from "./workflows.ts";

/** As workflows have them: conditions, texts for prompts, a filter or two, a loop over a short list. */
const SOURCES = [
  "state.count > 3 and state.ready",
  "state.nested.plan.title",
  "state.tasks[1].name | upper",
  "state.tasks | selectattr('done') | map(attribute='name') | join(', ')",
  "'plan for ' ~ inputs.task ~ ' (' ~ state.count ~ ')'",
  "(state.missing or {}).title | default('none')",
  "run.id",
  "state.tasks | length == 3 and state.tasks[0].done",
] as const;

const FIELDS = {
  count: 7,
  ready: true,
  missing: null,
  nested: { plan: { title: "The plan" } },
  tasks: [
    { name: "build", done: true },
    { name: "test", done: false },
    { name: "ship", done: true },
  ],
};

const EVALUATIONS = 20_000;
const LARGE_FIELDS = 10_000;

/** Microseconds an evaluation, of each source in turn. */
export function expressionCost(card: Scorecard, rounds: number): void {
  const small = placeOver({});
  const filling = Array.from({ length: LARGE_FIELDS }, (_, n) => [`field_${n}`, "x".repeat(100)]);
  const large = placeOver(Object.fromEntries(filling));
  const times: Record<"small" | "large", number[]> = { small: [], large: [] };
  const worst: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const [one, other] = [costs(small), costs(large)];
    if (round === 0) continue;
    times.small.push(median(one));
    times.large.push(median(other));
    worst.push(Math.max(...other));
  }
  card.section("An expression, compiled before");
  card.add({
    name: "over 1 MB of state, the dearest of eight",
    value: median(worst),
    unit: "us",
    goal: { most: 10 },
    more: `median of the eight ${median(times.large).toFixed(2)} us`,
  });
  card.add({
    name: "over 1 MB of state / over 1 KB",
    value: ratio(times.large, times.small),
    unit: "x",
    goal: { most: 1.2 },
  });
}

function costs(at: { readonly moment: Moment; readonly place: Place }): number[] {
  return SOURCES.map((source) => {
    // Of the processor's time, because a busy machine's clock measures the others, too.
    const before = process.threadCpuUsage();
    for (let turn = 0; turn < EVALUATIONS; turn++) {
      if (!evaluate(at.moment, at.place, source).ok) throw new Error(`${source} failed`);
    }
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / EVALUATIONS;
  });
}

function placeOver(more: Readonly<Record<string, Json>>): { moment: Moment; place: Place } {
  const made = bundle({
    inputs: { task: { type: "string", default: "measure" } },
    initial_state: FIELDS,
    steps: [{ id: "end", type: "return" }],
  });
  const program = createProgram();
  const prepared = prepareRun(program, SETTING(made), {}, 0);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  const started = { ...prepared.value, state: { ...prepared.value.state, ...more } };
  const state = evolve(undefined, { seq: 1, at: 0, event: started });
  const place = { frame: state.root, path: "end", attempt: 1, chance: {} };
  return { moment: { program, state, at: 0 }, place };
}
