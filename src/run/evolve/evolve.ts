/**
 * The fold: one fact changes a run's state. Total over the events, in constant time each, without clock or chance.
 * Writes the state that it is given (one private draft per fold) and gives it back; decides nothing.
 */

import { shortHash } from "../../util/hash.ts";
import type { Breakpoint } from "../breakpoint.ts";
import { shownText } from "../breakpoint.ts";
import type { Recorded, RunEvent, RunStarted } from "../event.ts";
import type { Body, Frame, RunState } from "../state.ts";
import { closeTask } from "./close.ts";
import { openItem, openTask } from "./open.ts";
import { forget, reviveFrame, taskAt } from "./tree.ts";

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
  return {
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
    running: 0,
    signals: new Map(),
    signalIds: new Set(),
    tokens: 0,
    cost_usd: 0,
  };
}

function rootFrame(event: RunStarted): Frame {
  const workflow = event.bundle.workflows[event.bundle.main];
  if (!workflow) throw new Error(`The bundle lacks its main workflow ${event.bundle.main}`);
  const body: Body = {
    workflow: event.bundle.main,
    inputs: event.inputs,
    state: { ...event.state },
    strict: workflow.strict,
  };
  return {
    path: "",
    kind: "root",
    steps: workflow.steps,
    body,
    index: 0,
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
    case "task_started":
      return startAttempt(state, event, at);
    case "attempt_completed":
    case "attempt_failed":
    case "attempt_lost":
    case "attempt_timed_out":
      return settleAttempt(state, event, at, seq);
    case "attempt_stopping": {
      const task = taskAt(state, event.path, at);
      if (task.state.is === "running") task.state = { ...task.state, stopping: true };
      return;
    }
    case "retry_scheduled":
      return scheduleRetry(state, event, at);
    case "wait_started":
      return startWait(state, event, at);
    case "task_closed":
      return closeTask(state, event, at, seq);
    case "breakpoint_opened":
    case "breakpoint_escalated":
    case "breakpoint_answered":
      return moveBreakpoint(state, event, at);
    case "signal_received":
      return receiveSignal(state, event);
    case "cancel_requested":
      state.cancel = { by: event.by, kill: false };
      state.status = "cancelling";
      return;
    case "kill_requested":
      state.cancel = { by: event.by, kill: true };
      state.status = "cancelling";
      return;
    case "run_paused":
      state.status = "paused";
      state.paused_at = at;
      return;
    case "run_resumed":
      return resume(state, at);
    case "retry_requested":
      return retry(state, event.paths);
    case "run_finished":
      return finish(state, event, at);
  }
}

type Of<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

function startAttempt(state: RunState, event: Of<"task_started">, at: number): void {
  const task = taskAt(state, event.path, at);
  task.attempts = event.attempt;
  if (event.request) task.request = event.request;
  if (event.effects) task.effects = event.effects;
  task.state = {
    is: "running",
    token: event.token,
    stopping: false,
    ...(event.deadline === undefined ? {} : { deadline: event.deadline }),
  };
  state.running += 1;
  setTimer(state, task.path, event.deadline);
  const record = state.tasks.get(task.path);
  if (!record) return;
  record.status = "running";
  record.attempts = event.attempt;
  delete record.retry_at;
  delete record.failure;
  delete record.ended_at;
  if (task.request?.activity === "agent") record.agent = task.request.agent;
}

function settleAttempt(
  state: RunState,
  event: Of<"attempt_completed" | "attempt_failed" | "attempt_lost" | "attempt_timed_out">,
  at: number,
  seq: number,
): void {
  const task = taskAt(state, event.path, at);
  state.running -= 1;
  setTimer(state, task.path, undefined);
  const record = state.tasks.get(task.path);
  if (
    record &&
    (event.type === "attempt_completed" || event.type === "attempt_failed") &&
    event.usage
  ) {
    const tokens = event.usage.input_tokens + event.usage.output_tokens;
    record.tokens += tokens;
    state.tokens += tokens;
    record.cost_usd += event.usage.cost_usd ?? 0;
    state.cost_usd += event.usage.cost_usd ?? 0;
  }
  if (event.type === "attempt_completed") {
    task.state = { is: "ready" };
    if (task.step.kind === "gate" || task.step.kind === "approve") {
      task.state = { is: "performed", result: event.result };
      return;
    }
    return closeTask(
      state,
      { type: "task_closed", path: event.path, status: "done", result: event.result },
      at,
      seq,
    );
  }
  const hostDied = event.type === "attempt_lost" && event.host_died;
  if (hostDied) task.lost += 1;
  const unknown = event.type === "attempt_lost" || event.type === "attempt_timed_out";
  task.state = { is: "settled", failure: event.failure, unknown, host_died: hostDied };
  if (record) record.failure = event.failure;
}

function scheduleRetry(state: RunState, event: Of<"retry_scheduled">, at: number): void {
  const task = taskAt(state, event.path, at);
  const { due, correction } = event;
  task.state = { is: "retrying", due, ...(correction === undefined ? {} : { correction }) };
  setTimer(state, task.path, due);
  const record = state.tasks.get(task.path);
  if (!record) return;
  record.status = "retrying";
  record.retry_at = due;
}

function startWait(state: RunState, event: Of<"wait_started">, at: number): void {
  const task = taskAt(state, event.path, at);
  const { due, signal } = event;
  task.state = {
    is: "waiting",
    ...(due === undefined ? {} : { due }),
    ...(signal === undefined ? {} : { signal }),
  };
  setTimer(state, task.path, due);
  const record = state.tasks.get(task.path);
  if (record) record.status = "waiting";
}

function moveBreakpoint(
  state: RunState,
  event: Of<"breakpoint_opened" | "breakpoint_escalated" | "breakpoint_answered">,
  at: number,
): void {
  const task = taskAt(state, event.path, at);
  const record = state.tasks.get(event.path);
  switch (event.type) {
    case "breakpoint_opened": {
      const { id, path, form, due } = event;
      task.questions += 1;
      if (form.kind === "approval") {
        task.version = form.version;
        task.plan = form.plan;
      }
      const open: Breakpoint = {
        id,
        path,
        form,
        hash: shortHash(shownText(form)),
        opened_at: at,
        ...(due === undefined ? {} : { due }),
      };
      state.breakpoints.set(id, open);
      task.state = { is: "asking", breakpoint: id };
      setTimer(state, path, due);
      if (record) record.status = "asking";
      return;
    }
    case "breakpoint_escalated": {
      const open = state.breakpoints.get(event.id);
      if (open) state.breakpoints.set(event.id, { ...open, escalated: true });
      setTimer(state, event.path, undefined);
      return;
    }
    case "breakpoint_answered":
      state.breakpoints.delete(event.id);
      setTimer(state, event.path, undefined);
      task.answer = { answer: event.answer, by: event.answered_by, at };
      task.state = { is: "answered", ...task.answer };
      if (event.answer.kind === "approval") task.comments = event.answer.comments;
      if (event.answer.kind === "stop") {
        task.state = { is: "ready" };
        task.cleared = true;
      }
      if (record) record.status = "open";
  }
}

function receiveSignal(state: RunState, event: Of<"signal_received">): void {
  const task = event.path === undefined ? undefined : state.open.get(event.path);
  if (!task) {
    state.signals.set(event.name, event.payload);
    return;
  }
  setTimer(state, task.path, undefined);
  task.state = { is: "signalled", payload: event.payload };
}

function resume(state: RunState, at: number): void {
  const shift = at - (state.paused_at ?? at);
  delete state.paused_at;
  state.status = "running";
  for (const task of state.open.values()) {
    if (task.state.is !== "running" || task.state.deadline === undefined) continue;
    const deadline = task.state.deadline + shift;
    task.state = { ...task.state, deadline };
    state.timers.set(task.path, deadline);
  }
}

function retry(state: RunState, paths: readonly string[]): void {
  state.status = "running";
  delete state.failure;
  delete state.ended_at;
  for (const path of paths) {
    const task = state.open.get(path);
    if (!task) continue;
    task.state = { is: "ready" };
    task.cleared = true;
    for (const frame of task.frames.values()) if (frame.current) forget(state, frame.current);
    task.frames = new Map();
    task.opened = 0;
    task.active = 0;
    task.failures = 0;
    task.results = [];
    delete task.request;
    const record = state.tasks.get(path);
    if (record) {
      record.status = "open";
      delete record.failure;
      delete record.ended_at;
    }
    reviveFrame(state, task.frame);
  }
}

function finish(state: RunState, event: Of<"run_finished">, at: number): void {
  state.status = event.status;
  state.ended_at = at;
  if (event.value !== undefined) state.value = event.value;
  if (event.failure) state.failure = event.failure;
  if (event.status === "failed") return;
  for (const task of [...state.open.values()]) {
    const record = state.tasks.get(task.path);
    if (record) {
      record.status = event.status === "rejected" ? "rejected" : "cancelled";
      record.ended_at = at;
    }
    forget(state, task);
  }
  for (const frame of [...state.frames.values()]) {
    const record = state.tasks.get(frame.path);
    if (record && record.ended_at === undefined) {
      record.status = "cancelled";
      record.ended_at = at;
    }
    if (frame.path !== "") state.frames.delete(frame.path);
  }
}

function setTimer(state: RunState, path: string, due: number | undefined): void {
  if (due === undefined) state.timers.delete(path);
  else state.timers.set(path, due);
}
