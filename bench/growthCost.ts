/** Whether a step stays as cheap as the first ones once its run has a long history and a large state. The device is left out: its share never grows. */
import type { Bundle } from "../src/workflow/workflow.ts";
import { median, threadTime } from "./measure.ts";
import type { Scorecard } from "./scorecard.ts";
import { bundle, runBundle } from "./workflows.ts";

const EVENTS = 100_000;
const STATE_BYTES = 1_000_000;
/** Steps timed as one. The clock of a thread moves in steps of some milliseconds, so a figure is the sum of many. */
const SEGMENT = 2000;
const COUNTED = 12;
/** Steps before the first one that counts: what a run does once is not what a step costs. */
const BEGUN = 100;

/** Segments at a run's beginning that are compared with its end; the one before them only warms up. */
const EARLY = 4;

/** A step behind 100,000 events, and one beside 1 MB of state. */
export async function growthCost(card: Scorecard, rounds: number): Promise<void> {
  const ratios = { state: [] as number[], history: [] as number[], both: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const young = await youngRuns(0);
    const large = await youngRuns(STATE_BYTES);
    const all = await segments(EVENTS / 2 + COUNTED * SEGMENT + BEGUN, STATE_BYTES);
    const early = sum(all.slice(1, 1 + EARLY)) / EARLY;
    const late = sum(all.slice(-COUNTED)) / COUNTED;
    if (round === 0) continue;
    ratios.state.push(large / young);
    ratios.history.push(late / early);
    ratios.both.push((late * COUNTED) / young);
  }
  card.section("A step as its run grows, in processor time");
  card.add({
    name: "after 100,000 events / at the beginning of the same run",
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
  card.add({
    name: "both / many short runs with a small state",
    value: median(ratios.both),
    unit: "x",
    more: "its heap is larger too, which collections go through",
  });
}

/** As many steps as are counted of an old run, each segment in a run of its own. */
async function youngRuns(stateBytes: number): Promise<number> {
  let total = 0;
  for (let run = 0; run < COUNTED; run++) total += sum(await segments(SEGMENT + BEGUN, stateBytes));
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Milliseconds of processor time of each segment of a long sequential run, each step reading and writing the state. */
async function segments(steps: number, stateBytes: number): Promise<readonly number[]> {
  const marks: number[] = [];
  let last: number | undefined;
  const began = (count: number): void => {
    if (count % SEGMENT !== BEGUN) return;
    const now = threadTime();
    if (last !== undefined) marks.push(now - last);
    last = now;
  };
  await runBundle(counting(steps, stateBytes), { began, synced: false });
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
  const made = bundle({ initial_state: { filler: null, last: null }, steps: [step] });
  const main = made.workflows[made.main];
  const [only] = main?.steps ?? [];
  if (!main || !only) throw new Error("no step");
  // A file of so much would be refused as too long; a run of so much is not.
  const all = Array.from({ length: steps }, (_, index) => ({ ...only, id: `s${index}` }));
  const initial_state = { filler, last: null };
  return { ...made, workflows: { [made.main]: { ...main, initial_state, steps: all } } };
}
