/** From a file's text to a workflow, and from a parsed workflow to its first step running. */
import { seededRandom } from "../src/expression/random.ts";
import { spreadOf } from "../src/report/percentile.ts";
import { validateWorkflow } from "../src/workflow/validate.ts";
import { median, threadTime } from "./measure.ts";
import { openProduct, withFolder } from "./product.ts";
import type { Scorecard } from "./scorecard.ts";
import { RESULT } from "./workflows.ts";

const STEPS = 22;
const STARTS = 200;
const WARM_UP = 20;

/** Parsing and checking, each time with a text that was never seen before. */
export function parseCost(card: Scorecard): void {
  const times = Array.from({ length: STARTS }, (_, round) => {
    const text = workflowText(round);
    const from = threadTime();
    const { bundle } = validateWorkflow({ fileName: "bench.workflow.yaml", text });
    const took = threadTime() - from;
    if (!bundle) throw new Error("the benchmark's workflow has errors");
    return took;
  });
  card.section(`A workflow of ${STEPS} steps`);
  card.add({
    name: "parse and validate from text, the first time in a process",
    value: times[0] ?? Number.NaN,
    unit: "ms",
    goal: { most: 30 },
  });
  const warm = times.slice(WARM_UP);
  card.add({
    name: "parse and validate from text, p99",
    value: spreadOf(warm)?.p99 ?? Number.NaN,
    unit: "ms",
    goal: { most: 30 },
    more: `median ${median(warm).toFixed(2)} ms`,
  });
}

/** A parsed workflow's first event made, its folder, owner and journal on disk, its first step running. */
export async function startCost(card: Scorecard): Promise<void> {
  const { bundle } = validateWorkflow({ fileName: "bench.workflow.yaml", text: workflowText(0) });
  if (!bundle) throw new Error("the benchmark's workflow has errors");
  const times = await withFolder(async (folder) => {
    let running: () => void = () => undefined;
    const product = openProduct({
      folder,
      perform: async () => {
        running();
        return { type: "completed", result: RESULT };
      },
    });
    const measured: number[] = [];
    for (let round = 0; round < WARM_UP + STARTS; round++) {
      const began = new Promise<void>((resolve) => {
        running = resolve;
      });
      const from = performance.now();
      const starting = product.start(bundle, { task: "measure" });
      await began;
      measured.push(performance.now() - from);
      await product.runs.settled(await starting);
    }
    await product.close();
    return measured.slice(WARM_UP);
  });
  card.add({
    name: "start of the parsed workflow to its first step running, p99",
    value: spreadOf(times)?.p99 ?? Number.NaN,
    unit: "ms",
    goal: { most: 10 },
    more: `median ${median(times).toFixed(2)} ms`,
  });
  card.add({
    name: "the seeds' 100 ms to start / our median",
    value: 100 / median(times),
    unit: "x",
  });
}

/** A workflow as people write them: agents with templates over what came before. `round` makes the text another. */
function workflowText(round: number): string {
  const random = seededRandom("bench", "launch", round);
  const step = (index: number): string => `
  - id: step-${index}
    type: delegate
    needs_state: [notes]
    timeout: ${1 + Math.floor(random() * 30)}m
    instructions: |
      Work on {{ inputs.task }} with {{ state.notes | tojson(indent=2) }}
      and {{ ${index === 0 ? "run.id" : `steps.step_${index - 1}`} }}, number ${random()}.
    output_to: notes`;
  const steps = Array.from({ length: STEPS }, (_, index) => step(index)).join("");
  return `name: bench\nversion: 1.0.0\ninputs: { task: { type: string } }\nsteps:${steps}\n`;
}
