/**
 * What follows a worker's answer: the end of its step, or an escalation when the worker is not sure enough or asks for a
 * person; and what follows that person's word. The worker's work is never done twice without one.
 */
import { isObject, type Json } from "../../util/json.ts";
import type { EscalationForm } from "../ask/escalation.ts";
import type { Command } from "../command.ts";
import { failure } from "../failure.ts";
import type { GivenAnswer, OpenTask } from "../state.ts";
import { isWorkerResult } from "../worker/contract.ts";
import { startAttempt } from "./attempt.ts";
import { workDone } from "./gates/workEnd.ts";
import type { Moment } from "./scope.ts";
import { finallyFail } from "./settle.ts";
import { standingAt } from "./standing.ts";

/** Ends the step with a worker's answer, or puts it before a person. */
export function judgeWorker(task: OpenTask, result: Json): readonly Command[] {
  const reason = doubt(task, result);
  if (reason === undefined) return [workDone(standingAt(task), result)];
  const { path, questions } = task;
  const form = escalation(task, result, reason);
  return [{ event: { type: "breakpoint_opened", path, id: `${path}@${questions + 1}`, form } }];
}

/** What a person said to an escalated answer. */
export function followWorkerWord(
  moment: Moment,
  task: OpenTask,
  { answer, by }: GivenAnswer,
): readonly Command[] {
  const standing = standingAt(task);
  const { output = null, request, effects = "once", step } = task;
  if (answer.kind !== "escalation") return [];
  switch (answer.decision) {
    case "approve":
      return [workDone(standing, output)];
    case "edit": {
      const kept = isObject(output) ? output : {};
      return [workDone(standing, { ...kept, result: asValue(answer.response), edited_by: by })];
    }
    case "retry":
    case "reroute": {
      if (request?.activity !== "worker") return [];
      const { guidance: _, round = 1, ...same } = request;
      const said = answer.guidance === "" ? {} : { guidance: answer.guidance };
      return startAttempt(moment, standing, { ...same, ...said, round: round + 1 }, effects);
    }
    case "fail": {
      const why = answer.reason === "" ? "" : `: ${answer.reason.replace(/[.!]$/, "")}`;
      const message = `${step.name ?? step.id} was escalated (${doubt(task, output) ?? ""}), and ${by} let it fail${why}.`;
      return finallyFail(standing, failure("escalated", message));
    }
  }
}

/** Why a person should look at an answer; undefined when nobody needs to. */
function doubt({ step }: OpenTask, result: Json): string | undefined {
  if (step.kind !== "worker_call" || !isWorkerResult(result)) return undefined;
  const { confidence, requires_human } = result;
  const { threshold } = step.confidence;
  if (confidence !== null && confidence < threshold)
    return `the worker's confidence is ${confidence}, below ${threshold}`;
  return requires_human ? "the worker asks for a person" : undefined;
}

function escalation(task: OpenTask, result: Json, reason: string): EscalationForm {
  const { step, attempts, request } = task;
  const found = isWorkerResult(result) ? result : undefined;
  const response = JSON.stringify(found?.result ?? null, null, 2);
  const asked = request?.activity === "worker" ? `${request.operation} of ${request.worker}` : "";
  const message = [
    `${step.name ?? step.id} was escalated: ${reason}.`,
    `What ${asked} answered:`,
    `\`\`\`json\n${response.length > SHOWN ? `${response.slice(0, SHOWN)}…` : response}\n\`\`\``,
  ].join("\n\n");
  return {
    kind: "escalation",
    ...{ message, reason, priority: "normal", response, iteration: attempts },
    ...(typeof found?.confidence === "number" ? { confidence: found.confidence } : {}),
    allow: ["approve", "edit", "retry", "fail"],
    agents: [],
  };
}

/** Characters of an answer on screen. */
const SHOWN = 12_000;

/** JSON as it was meant; anything else is text. */
function asValue(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
