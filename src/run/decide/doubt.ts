/**
 * What follows an answer whose own maker is not sure of it (a worker below its threshold, or one that asks for a person):
 * an escalation, and what a person's word on it leads to. The work is never done twice without one, a plan not carried
 * out, a revision not shown for approval. What supervision makes of an agent's answer is supervise/follow.ts's.
 */
import { findJson } from "../../util/findJson.ts";
import { isObject, type Json, type JsonObject, parsedJson } from "../../util/json.ts";
import { withoutMiddle } from "../../util/shorten.ts";
import type { EscalationChoice, EscalationForm } from "../ask/escalation.ts";
import type { Command } from "../command.ts";
import { failure } from "../failure.ts";
import type { ActivityRequest } from "../request.ts";
import type { GivenAnswer, OpenTask } from "../state.ts";
import { askedOf } from "../supervise/supervised.ts";
import { anotherRound } from "../worker/anotherRound.ts";
import { isWorkerResult } from "../worker/contract.ts";
import { doubtIn, workerDoubt } from "../worker/doubt.ts";
import { presentRevision } from "./approve.ts";
import { startAttempt } from "./attempt.ts";
import { workDone } from "./gates/workEnd.ts";
import { planIn, planProblem, unfoldPlan } from "./plan.ts";
import { asText, type Moment } from "./scope.ts";
import { callsLeft, finallyFail } from "./settle.ts";
import { standingAt } from "./standing.ts";

/** Goes on with an answer, or puts it before a person. */
export function judgeAnswer(moment: Moment, task: OpenTask, result: Json): readonly Command[] {
  const reason = doubtOf(task, result);
  // What cannot be used is made again, whoever doubts it.
  return reason === undefined || isUseless(task, result)
    ? goOnWith(moment, task, result)
    : escalate(moment, task, result, reason);
}

function escalate(
  moment: Moment,
  task: OpenTask,
  result: Json,
  reason: string,
): readonly Command[] {
  const { path, questions } = task;
  const form = escalation(moment, task, result, reason);
  return [{ event: { type: "breakpoint_opened", path, id: `${path}@${questions + 1}`, form } }];
}

/** What an answer is for: the end of the step, the next version of a plan to approve, a plan to carry out. */
function goOnWith(moment: Moment, task: OpenTask, result: Json): readonly Command[] {
  switch (task.step.kind) {
    case "approve":
      return presentRevision(moment, task, result);
    case "plan":
      return unfoldPlan(moment, task, result);
    default:
      return [workDone(standingAt(task), result)];
  }
}

function isUseless({ step }: OpenTask, result: Json): boolean {
  if (step.kind === "approve") return asText(result).trim() === "";
  return step.kind === "plan" && planProblem(result, step) !== undefined;
}

/** What a person said to an escalated answer. */
export function followDoubtWord(
  moment: Moment,
  task: OpenTask,
  { answer, by }: GivenAnswer,
): readonly Command[] {
  const standing = standingAt(task);
  const { output = null, request, effects = "once", step } = task;
  if (answer.kind !== "escalation") return [];
  switch (answer.decision) {
    case "approve":
      return goOnWith(moment, task, output);
    case "edit": {
      const result = { ...edited(output, answer.response), edited_by: by };
      const problem = step.kind === "plan" ? planProblem(result, step) : undefined;
      if (problem === undefined) return goOnWith(moment, task, result);
      // Asked again about the agent's own: an approval takes what is shown.
      const wrong = problem.charAt(0).toLowerCase() + problem.slice(1).replace(/[.]$/, "");
      return escalate(
        moment,
        task,
        output,
        `as ${by} put it right, it cannot be carried out: ${wrong}`,
      );
    }
    case "retry":
      return request
        ? startAttempt(moment, standing, askedAnew(task, request, answer.guidance), effects)
        : [];
    case "reroute": {
      if (request?.activity !== "agent") return [];
      const { agent, guidance } = answer;
      const anew = askedAnew(task, { ...request, agent }, guidance);
      const own = step.effects ?? moment.state.started.agents[agent]?.effects ?? "once";
      return startAttempt(moment, standing, anew, own);
    }
    case "fail": {
      const why = answer.reason === "" ? "" : `: ${answer.reason.replace(/[.!]$/, "")}`;
      const message = `${step.name ?? step.id} was escalated (${doubtOf(task, output) ?? ""}), and ${by} let it fail${why}.`;
      return finallyFail(standing, failure("escalated", message));
    }
  }
}

/** An answer as a person put it right: the words, and the data that they hold where there was any. */
export function edited(output: Json, response: string): JsonObject {
  if (isWorkerResult(output)) return { ...output, result: parsedJson(response) ?? response };
  const kept: JsonObject = isObject(output) ? output : {};
  const { doubt: _, data: before, ...rest } = kept;
  // What the words say no more is no data of theirs.
  const data = before === undefined ? undefined : findJson(response)?.value;
  return { ...rest, response, ...(data === undefined ? {} : { data }) };
}

/** Agents that work can be given to instead of the one that did it: those named first, then the run's own. */
export function otherAgents(
  { state }: Moment,
  { request }: OpenTask,
  {
    first = [],
    without = [],
  }: { readonly first?: readonly string[]; readonly without?: readonly string[] } = {},
): readonly string[] {
  const now = request?.activity === "agent" ? request.agent : "";
  const own = Object.keys(state.started.agents).filter((name) => !without.includes(name));
  return [...new Set([...first, ...own])].filter((name) => name !== now);
}

/** The same request with a person's words, so that nobody takes it for the one that was answered already. */
function askedAnew(task: OpenTask, request: ActivityRequest, guidance: string): ActivityRequest {
  switch (request.activity) {
    case "worker":
      return anotherRound(request, guidance);
    case "agent": {
      const why = `A person had it made again: ${doubtOf(task, task.output ?? null) ?? ""}.`;
      return { ...request, correction: guidance === "" ? why : guidance };
    }
    default:
      return request;
  }
}

/** Why a person should look at an answer; undefined when nobody needs to. */
function doubtOf({ step }: OpenTask, result: Json): string | undefined {
  if (step.kind === "worker_call")
    return isWorkerResult(result) ? workerDoubt(result, step.confidence?.threshold) : undefined;
  return doubtIn(result);
}

function escalation(moment: Moment, task: OpenTask, result: Json, reason: string): EscalationForm {
  const { step, attempts, request } = task;
  const given = isObject(result) ? result : {};
  const agents = request?.activity === "agent" ? otherAgents(moment, task) : [];
  const again = request?.activity !== "agent" || callsLeft(moment.state, task);
  const allow: readonly EscalationChoice[] = [
    ...(["approve", "edit"] as const),
    ...(again ? (["retry"] as const) : []),
    ...(again && agents.length > 0 ? (["reroute"] as const) : []),
    "fail",
  ];
  const response = responseIn(task, result);
  const isData = isWorkerResult(result) || step.kind === "plan";
  const message = [
    `${step.name ?? step.id} was escalated: ${reason}.`,
    ...askedOf(task),
    `What ${whoAnswered(task)} answered:`,
    isData
      ? `\`\`\`json\n${response.length > SHOWN ? `${response.slice(0, SHOWN)}…` : response}\n\`\`\``
      : withoutMiddle(response, SHOWN),
    ...afterApproval(task),
  ].join("\n\n");
  const schema = step.kind === "delegate" ? step.output_schema : undefined;
  return {
    kind: "escalation",
    ...{ message, reason, priority: "normal", response, iteration: attempts },
    ...(typeof given.confidence === "number" ? { confidence: given.confidence } : {}),
    ...(schema === undefined ? {} : { schema }),
    ...{ allow, agents },
  };
}

/** What taking an answer leads to, where that is not the end of the step. */
function afterApproval({ step, version = 0 }: OpenTask): readonly string[] {
  if (step.kind === "plan") return ["Approved, it is carried out as it stands."];
  if (step.kind !== "approve") return [];
  return [`Approved here, it is put before you as version ${version + 1} of the plan.`];
}

function responseIn({ step }: OpenTask, result: Json): string {
  if (step.kind === "plan") return JSON.stringify(planIn(result), null, 2);
  if (isWorkerResult(result)) return JSON.stringify(result.result, null, 2);
  return isObject(result) && typeof result.response === "string" ? result.response : "";
}

function whoAnswered({ request }: OpenTask): string {
  if (request?.activity === "worker") return `${request.operation} of ${request.worker}`;
  return request?.activity === "agent" ? request.agent : "it";
}

/** Characters of an answer on screen. */
const SHOWN = 12_000;
