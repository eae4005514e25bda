/**
 * A plan as steps like any other: a graph of its tasks, then the answer. What the planning agent wrote stays text, whatever
 * it looks like; only its references to evidence become templates. Pure in the plan, so that a replay unfolds the same.
 */
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";
import type { DelegateStep } from "../../workflow/definition/activitySteps.ts";
import type { GraphStep } from "../../workflow/definition/controlSteps.ts";
import { type PlanStep, type PlanWorker, workerName } from "../../workflow/definition/planStep.ts";
import type { Step } from "../../workflow/workflow.ts";
import { type PlannedStep, REFERENCE } from "./readPlan.ts";

/** Ids of the two steps inside a plan's task. */
export const EVIDENCE = "evidence";
export const ANSWER = "answer";

/** The steps that carry out a plan towards its goal. */
export function planSteps(
  step: PlanStep,
  goal: string,
  plan: readonly PlannedStep[],
): readonly Step[] {
  const workers = new Map(step.workers.map((worker) => [workerName(worker), worker]));
  const kinds = new Map(plan.map(({ id, worker }) => [id, workers.get(worker) ?? {}]));
  const graph: GraphStep = {
    kind: "graph",
    id: EVIDENCE,
    steps: plan.map((planned) => taskOf(planned, kinds, effectsOf(step))),
    max_parallel: step.max_parallel,
  };
  return [graph, answerStep(step, goal, plan, kinds)];
}

/** What counts as the evidence of a step: an agent's words, a worker's result, all that a tool gave. */
export function evidenceOf(worker: PlanWorker, result: Json): Json {
  const key = partOf(worker);
  return key !== undefined && isObject(result) ? (result[key] ?? null) : result;
}

type Kinds = ReadonlyMap<string, PlanWorker>;

/** What a plan says of its effects holds for its tasks. */
function effectsOf({ effects }: PlanStep): Pick<Step, "effects"> {
  return effects === undefined ? {} : { effects };
}

function taskOf(
  { id, worker, purpose, input, needs }: PlannedStep,
  kinds: Kinds,
  effects: Pick<Step, "effects">,
): Step {
  const { agent, tool, worker: http = "", operation = "", timeout } = kinds.get(id) ?? {};
  const base = {
    ...{ id, ...effects, depends_on: needs },
    ...(purpose === "" ? {} : { name: purpose }),
    ...(timeout === undefined ? {} : { timeout }),
  };
  const read = (expression: string) => `steps.${expression}`;
  if (agent !== undefined) {
    const instructions = fill(typeof input === "string" ? input : "", kinds, read);
    return { ...base, kind: "delegate", agent, instructions };
  }
  const filled = fillAll(input, kinds, read);
  const parameters: JsonObject = isObject(filled) ? filled : {};
  if (tool !== undefined) return { ...base, kind: "mcp_call", tool, parameters };
  const call = { worker: http === "" ? worker : http, operation, parameters };
  return { ...base, kind: "worker_call", ...call };
}

function answerStep(
  step: PlanStep,
  goal: string,
  plan: readonly PlannedStep[],
  kinds: Kinds,
): DelegateStep {
  const read = (expression: string) => `steps.${EVIDENCE}.${expression}`;
  const lines = plan.map(({ id, purpose, worker }) => {
    const what = literal(`#${id} (${purpose === "" ? worker : purpose}): `);
    return `${what}${reference(id, kinds, read)}`;
  });
  const instructions = [
    literal(`Answer from the evidence below and from nothing else. Goal: ${goal}`),
    "",
    ...lines,
  ].join("\n");
  const agent = step.solver ?? step.agent;
  return {
    kind: "delegate",
    id: ANSWER,
    instructions,
    ...effectsOf(step),
    ...(agent === undefined ? {} : { agent }),
  };
}

function fillAll(value: Json, kinds: Kinds, read: (expression: string) => string): Json {
  if (typeof value === "string") return fill(value, kinds, read);
  if (isList(value)) return value.map((one) => fillAll(one, kinds, read));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, fillAll(one, kinds, read)]),
  );
}

/** A text that is one reference and nothing else keeps the type of the evidence. */
function fill(text: string, kinds: Kinds, read: (expression: string) => string): string {
  let filled = "";
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    filled += literal(text.slice(from, match.index));
    filled += reference(`E${match[1]}`, kinds, read);
    from = match.index + match[0].length;
  }
  return filled + literal(text.slice(from));
}

function reference(id: string, kinds: Kinds, read: (expression: string) => string): string {
  const part = partOf(kinds.get(id) ?? {});
  return `{{ ${read(part === undefined ? id : `${id}.${part}`)} }}`;
}

function partOf({ agent, tool }: PlanWorker): string | undefined {
  return agent !== undefined ? "response" : tool === undefined ? "result" : undefined;
}

/** Text that the template language leaves as it is. */
function literal(text: string): string {
  if (!text.includes("{")) return text;
  const quoted = JSON.stringify(text).replace(/[{}]/g, (brace) =>
    brace === "{" ? "\\u007b" : "\\u007d",
  );
  return `{{ ${quoted} }}`;
}
