/**
 * The fold of supervision: what an iteration came to, and what the next visit of its step begins with.
 * Part of the fold: writes the draft it is given, decides nothing.
 */
import { countVerdicts } from "../../gate/tally.ts";
import { taskPath } from "../../path.ts";
import type { OpenTask, RunState } from "../../state.ts";
import type { Carried, Supervised, SupervisionEvent } from "../../supervise/facts.ts";
import { noteOf } from "../../supervise/iteration.ts";
import { FIRST, supervisionOf, workAt } from "../../supervise/supervised.ts";
import { clearFrames } from "../open.ts";
import { forget, stopWaiting, taskAt } from "../tree.ts";

/** Folds the events of supervision. */
export function supervise(state: RunState, event: SupervisionEvent, at: number): void {
  const task = taskAt(state, event.path, at);
  const record = state.tasks.get(event.path);
  switch (event.type) {
    case "prompt_generated":
      return generate(state, task, event, at);
    case "response_validated": {
      const { type: _, path: __, iteration: ___, ...validation } = event;
      if (task.state.is === "settled") delete task.output;
      return found(state, task, { validation });
    }
    case "quality_checked": {
      const { score, stages, tests } = event;
      if (record) record.quality = score;
      return found(state, task, { quality: { score, stages }, ...(tests ? { tests } : {}) });
    }
    case "confidence_scored": {
      const { type: _, path: __, iteration: ___, ...confidence } = event;
      if (record) record.confidence = event.score;
      return found(state, task, { confidence });
    }
    case "decision_made":
      if (record) record.decision = event.decision;
      if (event.decision === "retry") return again(state, task, event, at);
      stopWaiting(state, task);
      task.supervised = { ...(task.supervised ?? FIRST), decision: event };
      task.state = { is: "decided" };
  }
}

/** A reviewing or judging agent is called: the task that it is called for may do so no more often than it may. */
export function countCall({ frame, request }: OpenTask): void {
  const owner = frame.kind === "review" ? frame.owner : undefined;
  if (!owner?.supervised || request?.activity !== "agent") return;
  owner.supervised = { ...owner.supervised, calls: owner.supervised.calls + 1 };
}

/** The agent is called anew: nothing is known of what this iteration comes to. */
export function startIterationOver(task: OpenTask): void {
  if (task.supervised) task.supervised = carriedOf(task.supervised);
}

/** The agent's answer stays, and is looked at once more from where that failed. */
export function reviewAgain(state: RunState, task: OpenTask): void {
  discount(state, task);
  clearFrames(state, task);
  delete task.opening;
  task.state = { is: "reviewed" };
}

function generate(
  state: RunState,
  task: OpenTask,
  event: Extract<SupervisionEvent, { type: "prompt_generated" }>,
  at: number,
): void {
  const carried = task.frame.supervised;
  delete task.frame.supervised;
  stopWaiting(state, task);
  task.request = event.request;
  task.effects = event.effects;
  task.supervised = task.supervised ?? carried ?? FIRST;
  task.state = { is: "prompted" };
  const account = state.accounts.get(task.path);
  if (carried?.time_left !== undefined && account) account.deadline = at + carried.time_left;
  const record = state.tasks.get(task.path);
  if (record) record.iteration = event.iteration;
}

function found(state: RunState, task: OpenTask, more: Partial<Supervised>): void {
  if (task.opening?.kind === "review") {
    clearFrames(state, task);
    delete task.opening;
  }
  task.supervised = { ...(task.supervised ?? FIRST), ...more };
  task.state = { is: "reviewed" };
}

/** This visit is over; the step is visited once more, by an agent that knows what came of it. */
function again(
  state: RunState,
  task: OpenTask,
  event: Extract<SupervisionEvent, { type: "decision_made" }>,
  at: number,
): void {
  const { frame, supervised = FIRST } = task;
  frame.supervised = nextOf(state, task, supervised, event, at);
  const record = state.tasks.get(task.path);
  if (record) {
    record.status = "done";
    record.ended_at = at;
  }
  discount(state, task);
  forget(state, task);
  delete frame.current;
}

function nextOf(
  state: RunState,
  task: OpenTask,
  supervised: Supervised,
  event: Extract<SupervisionEvent, { type: "decision_made" }>,
  at: number,
): Carried {
  const { iteration, extra, notes, clarifications, calls } = supervised;
  const most = (supervisionOf(task.step, task.frame.body)?.max_iterations ?? 0) + extra;
  const note = noteOf({
    iteration,
    work: workAt(task),
    quality: supervised.quality,
    confidence: supervised.confidence,
    findings: event.findings,
    guidance: event.guidance,
  });
  const agent = event.agent ?? supervised.agent;
  const account = state.accounts.get(task.path);
  const left =
    account?.deadline === undefined ? undefined : account.deadline - (account.stopped_at ?? at);
  return {
    iteration: iteration + 1,
    calls: calls + task.attempts,
    clarifications: clarifications + (supervised.decision?.decision === "clarify" ? 1 : 0),
    extra: iteration >= most ? extra + 1 : extra,
    notes: [...notes, note],
    ...(agent === undefined ? {} : { agent }),
    ...(left === undefined ? {} : { time_left: left }),
  };
}

/** Verdicts on what is made once more count no more. */
function discount(state: RunState, task: OpenTask): void {
  const visits = state.tasks.get(`${task.path}/tests`)?.visits ?? 1;
  for (let visit = 1; visit <= visits; visit++) {
    const tests = state.tasks.get(taskPath(task.path, "tests", visit));
    if (!tests?.gates) continue;
    countVerdicts(state.gates, tests.gates, []);
    delete tests.gates;
  }
}

function carriedOf({ iteration, calls, clarifications, extra, notes, agent }: Supervised): Carried {
  const chosen = agent === undefined ? {} : { agent };
  return { iteration, calls, clarifications, extra, notes, ...chosen };
}
