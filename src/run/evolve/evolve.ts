/**
 * The fold: one fact changes a run's state. Total over the events, in constant time each, without clock or chance.
 * Writes the state that it is given (one private draft per fold) and gives it back; decides nothing.
 */
import type { Recorded, RunEvent, RunStarted } from "../event.ts";
import { noGates } from "../gate/tally.ts";
import type { Body, Frame, RunState } from "../state.ts";
import { askStep, passStop, removeStops, setStops } from "../stops/foldStops.ts";
import { openAccount } from "./accounts.ts";
import { moveBreakpoint, receiveSignal, startWait } from "./ask.ts";
import {
  beginAttempt,
  holdAttempt,
  queueAttempt,
  scheduleRetry,
  settleAttempt,
  startAttempt,
} from "./attempt.ts";
import { closeTask } from "./close.ts";
import { finish, pause, resume, retry, skip } from "./course.ts";
import { cut } from "./cut.ts";
import { cancelFrame } from "./flow/cancel.ts";
import { blockStep } from "./flow/nodes.ts";
import { supervise } from "./flow/supervise.ts";
import { beginEnding, endUndo, failing, startUndo } from "./flow/undo.ts";
import { finishWork, judgeGates } from "./gates.ts";
import { openItem, openTask } from "./open.ts";
import { withdrawQuestion } from "./question.ts";
import { dropQuestions, setTimer, taskAt } from "./tree.ts";
import { setFields } from "./write.ts";

/**
 * The state after one more event; `undefined` before the first, which must be `run_started`.
 * Throws when an event cannot follow the state: a journal that was changed by hand.
 */
export function evolve(state: RunState | undefined, recorded: Recorded): RunState {
  if (!state) return start(recorded);
  state.seq = recorded.seq;
  state.updated_at = recorded.at;
  if (recorded.event.signal_id !== undefined) state.signalIds.add(recorded.event.signal_id);
  apply(state, recorded.event, recorded.at, recorded.seq);
  return state;
}

/** The fold of a whole list of records. */
export function fold(records: Iterable<Recorded>): RunState | undefined {
  let state: RunState | undefined;
  for (const recorded of records) state = evolve(state, recorded);
  return state;
}

function start({ event, seq, at }: Recorded): RunState {
  if (event.type !== "run_started")
    throw new Error(`A run begins with run_started, not ${event.type}`);
  const root = rootFrame(event);
  const state: RunState = {
    seq,
    status: "running",
    started: event,
    started_at: at,
    updated_at: at,
    root,
    frames: new Map([["", root]]),
    open: new Map(),
    tasks: new Map(),
    breakpoints: new Map(),
    timers: new Map(),
    accounts: new Map(),
    overspent: [],
    undo: new Map(),
    undone: { done: 0, failed: 0 },
    running: 0,
    queue: new Map(),
    signals: new Map(),
    stops: new Map(),
    signalIds: new Set(),
    tokens: 0,
    cost_usd: 0,
    gates: noGates(),
  };
  const { limits } = event.bundle.workflows[event.bundle.main] ?? { limits: {} };
  openAccount(state, { key: "", limits }, at);
  return state;
}

function rootFrame(event: RunStarted): Frame {
  const workflow = event.bundle.workflows[event.bundle.main];
  if (!workflow) throw new Error(`The bundle lacks its main workflow ${event.bundle.main}`);
  const body: Body = {
    workflow: event.bundle.main,
    inputs: event.inputs,
    state: { ...event.state },
    size: { bytes: -1 },
    strict: workflow.strict,
  };
  return {
    path: "",
    key: "",
    kind: "root",
    steps: workflow.steps,
    body,
    index: 0,
    account: "",
    cursor: 0,
    results: {},
    last: null,
    ended: workflow.steps.length === 0 ? "done" : "no",
  };
}

function apply(state: RunState, event: RunEvent, at: number, seq: number): void {
  switch (event.type) {
    case "run_started":
      throw new Error("A run starts once");
    case "task_opened":
      return openTask(state, event, at);
    case "frame_opened":
      return openItem(state, event, at);
    case "step_blocked":
      return blockStep(state, event, at);
    case "frame_cancelled":
      return cancelFrame(state, event, at);
    case "task_started":
      return startAttempt(state, event, at);
    case "task_queued":
      return queueAttempt(state, event, at, seq);
    case "attempt_completed":
    case "attempt_failed":
    case "attempt_lost":
    case "attempt_timed_out":
      return settleAttempt(state, event, at, seq);
    case "attempt_stopping": {
      const task = taskAt(state, event.path, at);
      dropQuestions(state, task);
      if (task.state.is === "running") task.state = { ...task.state, stopping: true };
      return setTimer(state, task.path, undefined);
    }
    case "attempt_queued":
      return holdAttempt(state, event, at);
    case "attempt_begun":
      return beginAttempt(state, event, at);
    case "retry_scheduled":
      return scheduleRetry(state, event, at);
    case "wait_started":
      return startWait(state, event, at);
    case "task_performed":
      return finishWork(state, event, at);
    case "gates_judged":
      return judgeGates(state, event, at);
    case "task_closed":
      return closeTask(state, event, at, seq);
    case "breakpoint_opened":
    case "breakpoint_escalated":
    case "breakpoint_claimed":
    case "breakpoint_answered":
      return moveBreakpoint(state, event, at);
    case "breakpoint_withdrawn":
      return withdrawQuestion(state, event, at);
    case "prompt_generated":
    case "response_validated":
    case "quality_checked":
    case "confidence_scored":
    case "decision_made":
      return supervise(state, event, at);
    case "signal_received":
      return receiveSignal(state, event);
    case "state_set":
      return setFields(state, event);
    case "stops_set":
      return setStops(state, event);
    case "step_asked":
      return askStep(state, event);
    case "stop_passed":
      return passStop(state, event, at);
    case "stops_removed":
      return removeStops(state, event);
    case "cancel_requested":
      state.cancel = { by: event.by, kill: false };
      return beginEnding(state);
    case "kill_requested":
      state.cancel = { by: event.by, kill: true };
      return beginEnding(state);
    case "run_failing":
      return failing(state, event.failure);
    case "compensation_started":
      return startUndo(state, event);
    case "compensation_ended":
      return endUndo(state, event);
    case "run_paused":
      return pause(state, at);
    case "run_resumed":
      return resume(state, at);
    case "retry_requested":
      return retry(state, event, at);
    case "budget_exceeded": {
      const account = state.accounts.get(event.account);
      if (account) account.overspent = true;
      state.overspent.push(event.failure);
      return;
    }
    case "price_unknown": {
      const account = state.accounts.get(event.account);
      if (account) account.price_unknown = true;
      state.overspent.push(event.failure);
      return;
    }
    case "limit_reached":
      return cut(state, event, at);
    case "time_skipped":
      return skip(state, event.shift);
    case "run_finished":
      return finish(state, event, at);
  }
}
