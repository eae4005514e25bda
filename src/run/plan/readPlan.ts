/**
 * A plan as an agent answers it: what it is asked, the shape of its answer, and what makes an answer one that can be carried
 * out. After ReWOO (https://arxiv.org/abs/2305.18323): planned once, evidence referred to as `#E1`.
 */
import { isList, isObject, type Json, type JsonObject, own } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";
import { type PlanStep, workerName } from "../../workflow/definition/planStep.ts";

/** One step of a plan; JSON, as it stands in the journal. */
export type PlannedStep = {
  /** `E1` */
  readonly id: string;
  /** A name of `workerName`. */
  readonly worker: string;
  /** Why, in a few words. */
  readonly purpose: string;
  /** Instructions for an agent, parameters for a tool or worker; texts may refer to evidence. */
  readonly input: Json;
  /** Ids of the evidence that it refers to. */
  readonly needs: readonly string[];
};

export type ReadPlan =
  | { readonly ok: true; readonly steps: readonly PlannedStep[] }
  | { readonly ok: false; readonly problem: string };

export const REFERENCE = /#E([1-9]\d*)/g;

export const PLAN_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    steps: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        properties: {
          evidence: { type: "string", description: "#E1 for the first step, #E2 for the second" },
          worker: { type: "string" },
          purpose: { type: "string" },
          input: { type: ["string", "object"] },
        },
        required: ["evidence", "worker", "input"],
      },
    },
  },
  required: ["steps"],
};

/** What the planning agent is asked. */
export function planInstructions(goal: string, { workers, max_steps }: PlanStep): string {
  const listed = workers.map((worker) => {
    const input = worker.agent === undefined ? "an object of parameters" : "a text of instructions";
    const does = worker.description === undefined ? "" : `: ${worker.description}`;
    return `- ${workerName(worker)} (input: ${input})${does}`;
  });
  return [
    "Make a plan that reaches the goal below. It is carried out as it stands and you are not asked again, so let every step",
    "say all that its worker needs.",
    "",
    `Goal: ${goal}`,
    "",
    "Workers that a step may use:",
    ...listed,
    "",
    `Answer as JSON: {"steps": [{"evidence": "#E1", "worker": "...", "purpose": "...", "input": ...}]}, ${max_steps} steps at most.`,
    "The evidence of the first step is #E1, of the second #E2, and so on. Where an input needs what an earlier step found,",
    "write that step's #E in its place. Steps that do not need one another run at once.",
  ].join("\n");
}

/** Reads the data of a planning agent's answer; the problem is worded for the agent that is to mend it. */
export function readPlan(answer: Json, step: PlanStep): ReadPlan {
  const listed = isObject(answer) ? own(answer, "steps") : undefined;
  if (!isList(listed) || listed.length === 0) return no("The answer holds no `steps`.");
  if (listed.length > step.max_steps)
    return no(`The plan has ${listed.length} steps, but ${step.max_steps} are allowed.`);
  const names = new Map(step.workers.map((worker) => [workerName(worker), worker]));
  const steps: PlannedStep[] = [];
  for (const [index, entry] of listed.entries()) {
    const read = isObject(entry) ? readStep(entry, index, listed.length, names) : "it is no object";
    if (typeof read === "string") {
      const end = read.endsWith("?") ? "" : ".";
      return no(`Step ${index + 1} of the plan cannot be used: ${read}${end}`);
    }
    steps.push(read);
  }
  return { ok: true, steps };
}

function readStep(
  entry: JsonObject,
  index: number,
  count: number,
  names: ReadonlyMap<string, PlanStep["workers"][number]>,
): PlannedStep | string {
  const id = `E${index + 1}`;
  const evidence = own(entry, "evidence");
  if (evidence !== `#${id}`) return `its evidence is ${told(evidence)}, not "#${id}"`;
  const worker = own(entry, "worker");
  const known = typeof worker === "string" ? names.get(worker) : undefined;
  if (typeof worker !== "string" || !known) return unknownWorker(worker, [...names.keys()]);
  const input = own(entry, "input") ?? null;
  if (known.agent !== undefined && (typeof input !== "string" || input.trim() === ""))
    return `${worker} is an agent, and its input is a text of instructions`;
  if (known.agent === undefined && !isObject(input))
    return `the input of ${worker} is an object of parameters`;
  const needs = referencesIn(input);
  for (const need of needs) {
    const at = Number(need.slice(1)) - 1;
    if (at === index) return `it refers to its own evidence #${need}, which is a cycle`;
    if (at >= count) return `it refers to #${need}, which no step gives`;
    if (at > index) return `it refers to #${need}, which comes after it; put that step first`;
  }
  const purpose = own(entry, "purpose");
  return { id, worker, purpose: typeof purpose === "string" ? purpose : "", input, needs };
}

/** The evidence that a value refers to, each once, in order of appearance. */
function referencesIn(value: Json): readonly string[] {
  if (typeof value === "string")
    return [...new Set([...value.matchAll(REFERENCE)].map(([, number]) => `E${number}`))];
  const inner = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return [...new Set(inner.flatMap(referencesIn))];
}

function unknownWorker(worker: Json | undefined, known: readonly string[]): string {
  const near = typeof worker === "string" ? closest(worker, known) : undefined;
  const hint = near ? `did you mean ${near}?` : `there are: ${known.join(", ")}`;
  return `there is no worker ${told(worker)}; ${hint}`;
}

function told(value: Json | undefined): string {
  return JSON.stringify(value ?? null).slice(0, 100);
}

function no(problem: string): ReadPlan {
  return { ok: false, problem };
}
