/** The rounds of a plan approval: show a version, take the answer, revise, show the next. */

import { shortHash } from "../../util/hash.ts";
import type { Json } from "../../util/json.ts";
import type { ApproveStep } from "../../workflow/definition/personSteps.ts";
import type { Answer, Comment } from "../ask/breakpoint.ts";
import type { Command } from "../command.ts";
import { failure } from "../failure.ts";
import type { AgentRequest } from "../request.ts";
import type { GivenAnswer, OpenTask } from "../state.ts";
import { startAttempt } from "./attempt.ts";
import { workDone } from "./gates/workEnd.ts";
import { effectsOf } from "./request/requestOf.ts";
import { asText, type Moment } from "./scope.ts";
import { callsSpent, finallyFail } from "./settle.ts";
import { type Standing, standingAt } from "./standing.ts";

/** Puts a version of the plan before a person. */
export function presentPlan(
  moment: Moment,
  standing: Standing,
  plan: string,
  title: string | undefined,
): readonly Command[] {
  const { path, step, task } = standing;
  if (step.kind !== "approve") return [];
  const version = (task?.version ?? 0) + 1;
  return [
    {
      event: {
        type: "breakpoint_opened",
        path,
        id: `${path}@${(task?.questions ?? 0) + 1}`,
        form: {
          kind: "approval",
          title: title ?? task?.title ?? step.name ?? step.id,
          plan,
          version,
          allow: step.allow,
          revisable: version < step.max_rounds && mayRevise(moment, standing, step),
        },
      },
    },
  ];
}

/** What an answer to a plan leads to. */
export function afterPlanAnswer(
  moment: Moment,
  task: OpenTask,
  given: GivenAnswer,
): readonly Command[] {
  const { step, path } = task;
  const { answer } = given;
  if (step.kind !== "approve" || answer.kind !== "approval") return [];
  switch (answer.decision) {
    case "approve":
      return [workDone(standingAt(task), approvalResult(task, given))];
    case "reject":
      if (step.on_reject)
        return [{ event: { type: "task_opened", path, opening: { kind: "rejection" } } }];
      return finallyFail(standingAt(task), failure("rejected", rejectionText(task, answer.reason)));
    case "change":
      return revise(moment, task, step, answer.comments);
  }
}

/** The revised plan, from an agent's result or the last step of `revise`, goes before the person. */
export function presentRevision(moment: Moment, task: OpenTask, revised: Json): readonly Command[] {
  const text = asText(revised).trim();
  if (text === "") {
    const empty = failure(
      "invalid_output",
      `The revision of ${task.step.id} came back empty. Retry it.`,
    );
    return finallyFail(standingAt(task), empty);
  }
  return presentPlan(moment, standingAt(task), text, undefined);
}

/** The last version once more, where nobody knows whether there is a better one. */
export function presentAgain(moment: Moment, task: OpenTask): readonly Command[] {
  return presentPlan(moment, standingAt(task), task.plan ?? "", undefined);
}

/** The revision that failed, made once more from the version on the table and what was said of it. */
export function reviseAgain(moment: Moment, task: OpenTask): readonly Command[] {
  return task.step.kind === "approve" ? revise(moment, task, task.step, task.comments) : [];
}

/** The result of an approve step, as LANGUAGE.md lists it. */
export function approvalResult(task: OpenTask, { answer, by, at }: GivenAnswer): Json {
  const approved = answer.kind === "approval" && answer.decision === "approve";
  const plan = approved ? answer.plan : (task.plan ?? "");
  const revision = task.opening?.kind === "revision" ? task.results[0] : undefined;
  return {
    approved,
    plan,
    comments: commentsOf(answer).map((comment) => ({ ...comment })),
    version: task.version,
    hash: approved ? answer.hash : shortHash(plan),
    ...(answer.kind === "approval" && answer.decision === "reject"
      ? { reason: answer.reason }
      : {}),
    ...(revision === undefined ? {} : { revision }),
    answered_by: by,
    answered_at: new Date(at).toISOString(),
  };
}

function mayRevise(moment: Moment, { task }: Standing, step: ApproveStep): boolean {
  if (typeof step.revise !== "string") return step.revise !== undefined;
  return !task || !callsSpent(moment.state, task, revisionRequest(step.revise, "", []));
}

function revise(
  moment: Moment,
  task: OpenTask,
  step: ApproveStep,
  comments: readonly Comment[],
): readonly Command[] {
  if (typeof step.revise !== "string") {
    return [{ event: { type: "task_opened", path: task.path, opening: { kind: "revision" } } }];
  }
  const request = revisionRequest(step.revise, task.plan ?? "", comments);
  const effects = effectsOf(moment.state, request, step.effects);
  return startAttempt(moment, standingAt(task), request, effects);
}

function revisionRequest(agent: string, plan: string, comments: readonly Comment[]): AgentRequest {
  const said = comments
    .map((comment) => `- ${linesOf(comment)}: ${comment.text.replaceAll("\n", "\n  ")}`)
    .join("\n");
  const instructions = [
    "Revise the plan below. Address every comment, keep what was not commented on, and answer with the whole revised",
    "plan in markdown and nothing else.",
    "",
    "Comments:",
    said,
    "",
    "Plan:",
    plan,
  ].join("\n");
  return { activity: "agent", agent, instructions };
}

function linesOf({ line, end_line }: Comment): string {
  return end_line === undefined ? `line ${line}` : `lines ${line}-${end_line}`;
}

function rejectionText(task: OpenTask, reason: string): string {
  const title = task.step.name ?? task.step.id;
  return reason === "" ? `${title} was rejected.` : `${title} was rejected: ${reason}`;
}

function commentsOf(answer: Answer): readonly Comment[] {
  return answer.kind === "approval" ? answer.comments : [];
}
