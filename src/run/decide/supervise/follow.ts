/** What follows a decision: the step's end, a question, an escalation; and what follows a person's word on those. */
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { withoutMiddle } from "../../../util/shorten.ts";
import { supervisorsOf } from "../../../workflow/definition/supervision.ts";
import type { EscalationChoice, EscalationForm } from "../../ask/escalation.ts";
import type { Command } from "../../command.ts";
import { failure } from "../../failure.ts";
import type { GivenAnswer, OpenTask } from "../../state.ts";
import { withoutEvidence } from "../../supervise/evidence.ts";
import type { Decision } from "../../supervise/facts.ts";
import { askedOf, supervisionOf, workAt } from "../../supervise/supervised.ts";
import { edited, otherAgents } from "../doubt.ts";
import { workDone } from "../gates/workEnd.ts";
import type { Moment } from "../scope.ts";
import { callsLeft, finallyFail } from "../settle.ts";
import { standingAt } from "../standing.ts";

/** What a decision leads to; a retry has ended this visit already. */
export function followDecision(moment: Moment, task: OpenTask): readonly Command[] {
  const decided = task.supervised?.decision;
  switch (decided?.decision) {
    case "proceed":
      return [workDone(standingAt(task), resultOf(task))];
    case "clarify":
      return [clarify(task)];
    case "escalate":
      return escalate(moment, task);
    default:
      return [];
  }
}

/** What a person's answer to a question or an escalation leads to. */
export function followWord(task: OpenTask, given: GivenAnswer): readonly Command[] {
  const { answer, by } = given;
  if (answer.kind === "prompt")
    return [word(task, by, "retry", `${by} answered.`, { guidance: String(answer.value ?? "") })];
  if (answer.kind !== "escalation") return [];
  switch (answer.decision) {
    case "approve":
      return [word(task, by, "proceed", `${by} takes the result as it is.`)];
    case "edit": {
      const result = edited(asObject(task.output ?? null), answer.response);
      return [word(task, by, "proceed", `${by} put the result right.`, { result })];
    }
    case "retry":
      return [word(task, by, "retry", `${by} has it tried again.`, guided(answer.guidance))];
    case "reroute": {
      const { agent, guidance } = answer;
      const more = { agent, ...guided(guidance) };
      return [word(task, by, "retry", `${by} gives it to ${agent}.`, more)];
    }
    case "fail": {
      const title = task.step.name ?? task.step.id;
      const why = answer.reason === "" ? "" : `: ${answer.reason.replace(/[.!]$/, "")}`;
      const message = `${title} was escalated (${(task.supervised?.decision?.reason ?? "").replace(/\.$/, "")}), and ${by} let it fail${why}.`;
      return finallyFail(standingAt(task), failure("escalated", message));
    }
  }
}

function word(
  task: OpenTask,
  by: string,
  decision: Decision,
  reason: string,
  more: { readonly guidance?: string; readonly agent?: string; readonly result?: Json } = {},
): Command {
  const { path, supervised } = task;
  const iteration = supervised?.iteration ?? 1;
  const asked = supervised?.decision?.decision === "clarify";
  const findings = decision === "retry" && !asked ? (supervised?.decision?.findings ?? []) : [];
  return {
    event: { type: "decision_made", path, iteration, decision, reason, findings, by, ...more },
  };
}

/** The step's result: the agent's, and what supervision made of it. */
function resultOf(task: OpenTask): JsonObject {
  const { supervised } = task;
  const decided = supervised?.decision;
  const { quality, confidence, iteration = 1 } = supervised ?? {};
  return {
    ...asObject(withoutEvidence(decided?.result ?? task.output ?? null)),
    supervision: {
      iterations: iteration,
      quality: quality?.score ?? null,
      confidence: confidence?.score ?? null,
      decided_by: decided?.by ?? "supervision",
      reason: decided?.reason ?? "",
    },
  };
}

function clarify(task: OpenTask): Command {
  const { path, step, supervised } = task;
  const title = step.name ?? step.id;
  const question = supervised?.validation?.question ?? "";
  const [first] = supervised?.decision?.findings ?? [];
  const by = supervised?.validation?.by ?? "heuristic";
  const unsaid = `${by === "heuristic" ? "Nothing says" : `${by} does not say`} what is missing: put more exactly what is wanted.`;
  const asked = question === "" ? (first?.message ?? unsaid) : question;
  const message = `${title} cannot go on: the task is not clear enough. ${asked}`;
  return {
    event: {
      type: "breakpoint_opened",
      path,
      id: `${path}@${task.questions + 1}`,
      form: { kind: "prompt", input: "text", message },
    },
  };
}

function escalate(moment: Moment, task: OpenTask): readonly Command[] {
  const { path, step, frame, supervised } = task;
  const supervision = supervisionOf(step, frame.body);
  if (!supervised || !supervision) return [];
  const { escalation } = supervision;
  const response = workAt(task)?.response ?? "";
  // Those that only supervise do no work.
  const others = { first: escalation.reroute ?? [], without: supervisorsOf(supervision) };
  const agents = step.kind === "delegate" ? otherAgents(moment, task, others) : [];
  const again = callsLeft(moment.state, task);
  const allow: EscalationChoice[] = [
    ...(response === "" ? [] : (["approve"] as const)),
    "edit",
    ...(again ? (["retry"] as const) : []),
    ...(again && agents.length > 0 ? (["reroute"] as const) : []),
    "fail",
  ];
  const { quality, confidence, iteration, decision } = supervised;
  const reason = decision?.reason ?? "";
  const facts = {
    ...{ reason, response, iteration, allow, agents },
    ...(step.kind === "delegate" && step.output_schema ? { schema: step.output_schema } : {}),
    ...(escalation.owner === undefined ? {} : { owner: escalation.owner }),
    priority: escalation.priority,
    ...(quality ? { quality: quality.score } : {}),
    ...(confidence ? { confidence: confidence.score } : {}),
  };
  const form: EscalationForm = { kind: "escalation", ...facts, message: messageOf(task, facts) };
  const due = escalation.deadline === undefined ? {} : { due: moment.at + escalation.deadline };
  const id = `${path}@${task.questions + 1}`;
  return [{ event: { type: "breakpoint_opened", path, id, form, ...due } }];
}

function messageOf(task: OpenTask, facts: Omit<EscalationForm, "kind" | "message">): string {
  const { step, supervised } = task;
  const scores = [
    ...(facts.quality === undefined ? [] : [`quality ${facts.quality}`]),
    ...(facts.confidence === undefined ? [] : [`confidence ${facts.confidence}`]),
  ];
  const found = supervised?.decision?.findings ?? [];
  const shown =
    facts.response === "" ? "There is no answer." : withoutMiddle(facts.response, SHOWN);
  return [
    `${step.name ?? step.id} was escalated: ${facts.reason}`,
    `Iteration ${facts.iteration}${scores.length > 0 ? `, ${scores.join(", ")}` : ""}.`,
    ...(found.length > 0 ? [found.map(({ message }) => `- ${message}`).join("\n")] : []),
    ...askedOf(task),
    "The answer:",
    shown,
  ].join("\n\n");
}

/** Characters of an answer on screen; an approval is of what is shown, and its hash says of which. */
const SHOWN = 12_000;

function guided(guidance: string): { readonly guidance?: string } {
  return guidance === "" ? {} : { guidance };
}

function asObject(value: Json): JsonObject {
  if (isObject(value)) return value;
  return {
    response: typeof value === "string" ? value : value === null ? "" : JSON.stringify(value),
  };
}
