/**
 * The frontier of a run: what must happen next, from its state and the time alone.
 * Given the paths just touched it visits only those and what they release; without them it walks everything.
 * Reads the state; `evolve` alone changes it.
 */
import type { Command } from "../command.ts";
import { failure } from "../failure.ts";
import { nodeKey, parentPath } from "../path.ts";
import { type Frame, isFinished, type OpenTask, type RunState } from "../state.ts";
import { oneStopEach } from "../stops/stopsBefore.ts";
import { supervisionOf } from "../supervise/supervised.ts";
import { afterPlanAnswer, presentAgain } from "./approve.ts";
import { attemptTime, repeatAttempt } from "./attempt.ts";
import { begin } from "./begin.ts";
import { decideContainer } from "./containers.ts";
import { followDoubtWord, judgeAnswer } from "./doubt.ts";
import { withinLimits } from "./end/budget.ts";
import { withCriteria } from "./end/criteria.ts";
import { accountDues, cutTask, haltRun, heldAt } from "./end/cut.ts";
import { endRun, isTimed, undoesFailure } from "./end/ending.ts";
import { decidedAround, isDecided } from "./flow/group.ts";
import { inTurn } from "./flow/turn.ts";
import { afterWork } from "./gates/afterWork.ts";
import { closeGate, judgeGates } from "./gates/gate.ts";
import { workDone } from "./gates/workEnd.ts";
import { answerResult } from "./prompt.ts";
import type { Moment } from "./scope.ts";
import { finallyFail, settle } from "./settle.ts";
import { placeOf, standingAt, standingOf } from "./standing.ts";
import { attemptOf, stopWith } from "./stop.ts";
import { followDecision, followWord } from "./supervise/follow.ts";
import { reviewNext } from "./supervise/review.ts";

/** The commands that the state calls for at this moment; empty when there is nothing to do but wait. */
export function decide(moment: Moment, touched?: Iterable<string>): readonly Command[] {
  if (isFinished(moment.state) || moment.state.status === "paused") return [];
  return withCriteria(moment, frontier(moment, touched));
}

function frontier(moment: Moment, touched?: Iterable<string>): readonly Command[] {
  const { state } = moment;
  if (state.status === "cancelling") return endRun(moment, (frame) => walked(moment, frame));
  const halted = haltRun(moment);
  if (halted) return halted;
  const commands = touched === undefined ? walked(moment, state.root) : visitAll(moment, touched);
  return withinLimits(state, inTurn(moment, oneStopEach(moment, commands, begin)));
}

/**
 * The soonest time at which `decide` may have something new to say, in ms since the epoch; undefined when never. What
 * fell due up to `after` was looked at already: time alone changes nothing about it.
 */
export function nextDue(state: RunState, after = Number.NEGATIVE_INFINITY): number | undefined {
  if (!isTimed(state)) return undefined;
  let soonest: number | undefined;
  const consider = (due: number): void => {
    if (due > after && (soonest === undefined || due < soonest)) soonest = due;
  };
  for (const due of state.timers.values()) consider(due);
  for (const [, due] of accountDues(state)) consider(due);
  return soonest;
}

/** The paths whose time has come. */
export function duePaths(state: RunState, at: number): readonly string[] {
  const paths: string[] = [];
  for (const [path, due] of state.timers) if (due <= at) paths.push(path);
  for (const [path, due] of accountDues(state)) if (due <= at) paths.push(path);
  return paths;
}

function visitAll(moment: Moment, touched: Iterable<string>): readonly Command[] {
  const commands: Command[] = [];
  const visited = new Set<Frame | OpenTask>();
  for (const path of touched) visit(moment, path, visited, commands);
  return commands;
}

function walked(moment: Moment, frame: Frame): readonly Command[] {
  const commands: Command[] = [];
  walkFrame(moment, frame, commands);
  return commands;
}

function walkFrame(moment: Moment, frame: Frame, commands: Command[]): void {
  decideFrame(moment, frame, commands);
  if (frame.current) walkTask(moment, frame.current, commands);
}

function walkTask(moment: Moment, task: OpenTask, commands: Command[]): void {
  const cut = cutTask(moment, task);
  if (cut) return void commands.push(...cut);
  if (task.state.is !== "ready") commands.push(...decideTask(moment, task));
  if (task.state.is === "open" && !isDecided(task))
    for (const frame of task.frames.values()) walkFrame(moment, frame, commands);
}

/** Visits what a path names, or else the nearest thing around it that is still there. */
function visit(
  moment: Moment,
  path: string,
  visited: Set<Frame | OpenTask>,
  commands: Command[],
): void {
  const { state } = moment;
  const held = heldAt(moment, nearest(state, path));
  const given = held && decidedAround(held.frame);
  if (given) return visitTask(moment, given, visited, commands);
  if (held && visited.has(held)) return;
  const cut = held && cutTask(moment, held);
  if (cut) {
    visited.add(held);
    commands.push(...cut);
    return;
  }
  for (let at = held?.path ?? path; ; at = around(at)) {
    const task = state.open.get(at);
    const frame = state.frames.get(at) ?? state.frames.get(nodeKey(at));
    const list = task?.frame ?? frame;
    const decided = list && decidedAround(list);
    if (decided) return visitTask(moment, decided, visited, commands);
    if (task && task.state.is !== "ready") visitTask(moment, task, visited, commands);
    if (frame) visitFrame(moment, frame, visited, commands);
    if (task && (task.state.is === "ready" || task.state.is === "failed")) {
      visitFrame(moment, task.frame, visited, commands);
    }
    if (task || frame || at === "") return;
  }
}

function visitFrame(
  moment: Moment,
  frame: Frame,
  visited: Set<Frame | OpenTask>,
  commands: Command[],
): void {
  if (visited.has(frame) || (frame.owner && frame.owner.state.is !== "open")) return;
  visited.add(frame);
  decideFrame(moment, frame, commands);
  const { owner } = frame;
  if (frame.ended !== "no" && owner) visitTask(moment, owner, visited, commands);
}

function visitTask(
  moment: Moment,
  task: OpenTask,
  visited: Set<Frame | OpenTask>,
  commands: Command[],
): void {
  if (visited.has(task)) return;
  visited.add(task);
  commands.push(...decideTask(moment, task));
}

/** The task at a path, or the nearest one around it that is still there. */
function nearest(state: RunState, path: string): OpenTask | undefined {
  for (let at = path; at !== ""; at = around(at)) {
    const found = state.open.get(at) ?? state.frames.get(at)?.owner;
    if (found) return found;
  }
  return undefined;
}

function around(path: string): string {
  const bracket = path.endsWith("]") ? path.lastIndexOf("[") : -1;
  return bracket > path.lastIndexOf("/") ? path.slice(0, bracket) : parentPath(path);
}

function decideFrame(moment: Moment, frame: Frame, commands: Command[]): void {
  if (frame.ended !== "no") {
    if (frame.kind === "root") commands.push(finish(moment.state, frame));
    return;
  }
  if (frame.current && frame.current.state.is !== "ready") return;
  const standing = standingOf(moment.state, frame);
  if (standing) commands.push(...begin(moment, standing));
}

function decideTask(moment: Moment, task: OpenTask): readonly Command[] {
  const now = task.state;
  switch (now.is) {
    case "ready":
    case "queued":
    case "failed":
      return [];
    case "open":
      return decideContainer(moment, task);
    case "settled":
      return settle(moment, task);
    case "running":
      if (now.queued_at !== undefined || now.asked) return [];
      return now.deadline !== undefined && now.deadline <= moment.at && !now.stopping
        ? [timeUp(task, now.token)]
        : [];
    case "retrying":
      return now.due <= moment.at ? repeatAttempt(moment, task, now.correction) : [];
    case "waiting":
      return now.due !== undefined && now.due <= moment.at ? waited(task, now.signal) : [];
    case "signalled":
      return [workDone(standingAt(task), { waited: true, payload: now.payload })];
    case "asking":
      return expired(moment, task);
    case "answered":
      return task.step.kind === "approve" && now.answer.kind === "approval"
        ? afterPlanAnswer(moment, task, now)
        : afterAnswer(moment, task, now);
    case "performed":
      return task.step.kind === "gate"
        ? judgeGates(moment, standingAt(task), placeOf(standingAt(task)), now.result)
        : judgeAnswer(moment, task, now.result);
    case "judged":
      return closeGate(moment, task);
    case "prompted":
      return repeatAttempt(moment, task, undefined);
    case "reviewed":
      return reviewNext(moment, task);
    case "decided":
      return followDecision(moment, task);
    case "worked":
      return afterWork(task);
  }
}

function afterAnswer(
  moment: Moment,
  task: OpenTask,
  given: Parameters<typeof answerResult>[1],
): readonly Command[] {
  const { answer } = given;
  if (task.supervised?.decision && answer.kind !== "outcome") return followWord(task, given);
  if (answer.kind === "escalation") return followDoubtWord(moment, task, given);
  if (answer.kind !== "outcome") return [workDone(standingAt(task), answerResult(task, given))];
  switch (answer.selected) {
    case "retry":
      return repeatAttempt(moment, task, task.correction);
    case "done":
      return task.step.kind === "approve"
        ? presentAgain(moment, task)
        : [workDone(standingAt(task), null)];
    case "fail": {
      const message = `Nobody knows what became of attempt ${task.attempts}; ${given.by} counted it as failed.`;
      return finallyFail(standingAt(task), failure("outcome_unknown", message));
    }
  }
}

function waited(task: OpenTask, signal: string | undefined): readonly Command[] {
  if (signal === undefined) return [workDone(standingAt(task), { waited: true })];
  const message = `The signal ${signal} did not come in time. Send it with fermata signal, or give the step more time.`;
  return finallyFail(standingAt(task), failure("timeout", message));
}

/** A prompt's own time-out: it is passed to someone else, or the task fails; it is never answered by itself. */
function expired(moment: Moment, task: OpenTask): readonly Command[] {
  if (task.state.is !== "asking") return [];
  const open = moment.state.breakpoints.get(task.state.breakpoint);
  if (!open || open.due === undefined || open.due > moment.at || open.escalated) return [];
  const { step, path } = task;
  if (step.kind === "prompt" && step.on_timeout === "fail") {
    return finallyFail(
      standingAt(task),
      failure("timeout", `Nobody answered ${step.name ?? step.id} in time.`),
    );
  }
  return [{ event: { type: "breakpoint_escalated", path, id: open.id } }];
}

function timeUp(task: OpenTask, token: string): Command {
  const { step, frame } = task;
  const seconds = (attemptTime(task) ?? 0) / 1000;
  const iterates = step.timeout === undefined && supervisionOf(step, frame.body) !== undefined;
  const key = iterates ? "iteration_timeout" : "timeout";
  const message = `${step.name ?? step.id} took longer than ${seconds} s and was stopped. Raise its ${key} if it needs more.`;
  return stopWith(task, token, {
    type: "attempt_timed_out",
    ...attemptOf(task, token),
    failure: failure("timeout", message),
  });
}

function finish(state: RunState, root: Frame): Command {
  const failed = root.failure;
  if (failed && undoesFailure(state)) return { event: { type: "run_failing", failure: failed } };
  if (!failed) return { event: { type: "run_finished", status: "done", value: root.last } };
  const status = failed.code === "rejected" ? "rejected" : "failed";
  return { event: { type: "run_finished", status, failure: failed } };
}
