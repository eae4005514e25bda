/** Whether a step stays as cheap as the first ones once a run has a long history and a large state. In memory, so that only we are timed. */
import { type Drive, drive, recordedOf } from "../src/engine/drive.ts";
import { createMemoryJournal } from "../src/journal/memory.ts";
import type { RunEvent } from "../src/run/event.ts";
import { fold } from "../src/run/evolve/evolve.ts";
import { prepareRun } from "../src/run/start/prepare.ts";
import { createProgram } from "../src/run/start/program.ts";
import type { Bundle } from "../src/workflow/workflow.ts";
import { median } from "./measure.ts";
import type { Scorecard } from "./scorecard.ts";
import { bundle, RESULT, SETTING } from "./workflows.ts";

const EVENTS = 100_000;
const STATE_BYTES = 1_000_000;
/** Steps timed as one; long enough for the clock, short enough that most see no pause of the machine. */
const SEGMENT = 100;
/** Segments whose median is a figure, and those before them that only warm up. */
const COUNTED = 20;
const WARM_UP = 10;

/** A step behind 100,000 events and beside 1 MB of state, over one of a young run with a small state. */
export async function growthCost(card: Scorecard, rounds: number): Promise<void> {
  const ratios = { state: [] as number[], history: [] as number[], both: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const young = await segments((WARM_UP + COUNTED) * SEGMENT, 0);
    const large = await segments((WARM_UP + COUNTED) * SEGMENT, STATE_BYTES);
    const old = await segments(EVENTS / 2 + (WARM_UP + COUNTED) * SEGMENT, STATE_BYTES);
    if (round === 0) continue;
    const base = median(young.slice(-COUNTED));
    ratios.state.push(median(large.slice(-COUNTED)) / base);
    ratios.both.push(median(old.slice(-COUNTED)) / base);
    ratios.history.push(
      median(old.slice(-COUNTED)) / median(old.slice(WARM_UP, WARM_UP + COUNTED)),
    );
  }
  card.section("A step as its run grows");
  card.add({
    name: "after 100,000 events and with 1 MB of state / a young, small run",
    value: median(ratios.both),
    unit: "x",
    goal: { most: 1.05 },
  });
  card.add({
    name: "after 100,000 events / after 2,000, both with 1 MB of state",
    value: median(ratios.history),
    unit: "x",
    goal: { most: 1.05 },
  });
  card.add({
    name: "with 1 MB of state / with a small one",
    value: median(ratios.state),
    unit: "x",
    goal: { most: 1.05 },
  });
}

/** Milliseconds of each segment of a long sequential run, two events a step, each reading and writing the state. */
async function segments(steps: number, stateBytes: number): Promise<readonly number[]> {
  const program = createProgram();
  const prepared = prepareRun(program, SETTING(counting(steps, stateBytes)), {}, 0);
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
          if (done % SEGMENT === 0) {
            const now = performance.now();
            marks.push(now - last);
            last = now;
          }
          const { path, attempt, token } = effect;
          const outcome = { type: "completed" as const, result: RESULT };
          queueMicrotask(() => report({ type: "outcome", path, attempt, token, outcome }));
        },
        dispose: async () => undefined,
      },
    },
    state,
  );
  await driving.finished;
  return marks;
}

/** Steps that read one field of the state and write another; the rest of the state is only there. */
function counting(steps: number, stateBytes: number): Bundle {
  const each = 1000;
  const filler = Object.fromEntries(
    Array.from({ length: stateBytes / each }, (_, index) => [`field_${index}`, "x".repeat(each)]),
  );
  const step = {
    id: "one",
    type: "delegate",
    instructions: "after {{ state.last }} of {{ run.id }}",
    output_to: "last",
  };
  const made = bundle({ initial_state: { filler, last: null }, steps: [step] });
  const main = made.workflows[made.main];
  const [only] = main?.steps ?? [];
  if (!main || !only) throw new Error("no step");
  // A file of so many steps would be refused as too long; a run of so many is not.
  const all = Array.from({ length: steps }, (_, index) => ({ ...only, id: `s${index}` }));
  return { ...made, workflows: { [made.main]: { ...main, steps: all } } };
}
