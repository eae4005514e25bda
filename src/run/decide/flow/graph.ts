/** What a graph does next: begin the steps whose dependencies are met, pass by those that never will be, end. */
import type { GraphStep } from "../../../workflow/definition/controlSteps.ts";
import type { Command } from "../../command.ts";
import { type Failure, failure } from "../../failure.ts";
import type { GraphState, OpenTask } from "../../state.ts";
import { workDone } from "../gates/workEnd.ts";
import type { Moment } from "../scope.ts";
import { finallyFail } from "../settle.ts";
import { nextVisit, standingAt } from "../standing.ts";
import { firstFailure, stopRest } from "./group.ts";

/** The next commands of an open graph, from what its steps have come to. */
export function decideGraph(moment: Moment, task: OpenTask, step: GraphStep): readonly Command[] {
  const { graph, path, active, returning } = task;
  if (!graph) return [];
  if (returning) {
    if (active > 0) return stopRest(task);
    // What failed is not undone by a sibling that ends the graph early.
    if (task.failures > 0) return finallyFail(standingAt(task), firstFailure(task));
    const result = returning.value;
    return [{ event: { type: "task_closed", path, status: "done", result, returns: true } }];
  }
  const blocked = [...graph.doomed].map((index) => block(moment, task, step, graph, index));
  const late = [...graph.blockedUntil].filter(
    ([index, due]) => due <= moment.at && !graph.doomed.has(index),
  );
  const overdue = late.map(([index]) =>
    open(moment, task, step, index, waitedTooLong(step, graph, index)),
  );
  const room = task.rejected ? 0 : Math.max(0, step.max_parallel - active);
  const begun = [...take(graph.ready, room)].map((index) => open(moment, task, step, index));
  const commands = [...blocked, ...overdue, ...begun];
  if (commands.length > 0 || active > 0) return commands;
  if (task.failures > 0) return finallyFail(standingAt(task), firstFailure(task));
  return [workDone(standingAt(task))];
}

function open(
  moment: Moment,
  { path: owner }: OpenTask,
  step: GraphStep,
  index: number,
  failed?: Failure,
): Command {
  const path = nextVisit(moment.state, owner, step.steps[index]?.id ?? "");
  const why = failed ? { failure: { ...failed, path } } : {};
  return { event: { type: "frame_opened", path, owner, index, ...why } };
}

function block(
  moment: Moment,
  { path: owner }: OpenTask,
  step: GraphStep,
  graph: GraphState,
  index: number,
): Command {
  const path = nextVisit(moment.state, owner, step.steps[index]?.id ?? "");
  const by = unmetIds(step, graph, index, (end) => end === "failed" || end === "blocked")[0] ?? "";
  return { event: { type: "step_blocked", path, owner, index, by } };
}

function waitedTooLong(step: GraphStep, graph: GraphState, index: number): Failure {
  const waiting = step.steps[index];
  const seconds = (waiting?.blocked_timeout ?? 0) / 1000;
  const ids = unmetIds(step, graph, index, (end) => end !== "met").join(", ");
  const message =
    `${waiting?.name ?? waiting?.id} has waited ${seconds} s for ${ids} and did not begin. ` +
    "Raise its blocked_timeout if that takes longer.";
  return failure("timeout", message);
}

function unmetIds(
  step: GraphStep,
  graph: GraphState,
  index: number,
  counts: (end: "met" | "failed" | "blocked" | undefined) => boolean,
): readonly string[] {
  const wanted = new Set(step.steps[index]?.depends_on);
  return step.steps.flatMap(({ id }, at) =>
    wanted.has(id) && counts(graph.ends.get(at)) ? [id] : [],
  );
}

function* take<T>(from: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const value of from) {
    if (left <= 0) return;
    left -= 1;
    yield value;
  }
}
