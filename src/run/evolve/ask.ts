/** The fold of what a task asks of people and waits for: breakpoints, times and signals. */
import { shortHash } from "../../util/hash.ts";
import { type Breakpoint, shownText } from "../ask/breakpoint.ts";
import type { RunEvent } from "../event.ts";
import type { OpenTask, RunState } from "../state.ts";
import { holdTask } from "../stops/foldStops.ts";
import { countAsked } from "./accounts.ts";
import { closeQuestion, openQuestion } from "./question.ts";
import { closeBreakpoint, setTimer, stopWaiting, taskAt } from "./tree.ts";

type Of<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** Folds `wait_started`. A signal that came before is taken at once, so that each serves one task. */
export function startWait(state: RunState, event: Of<"wait_started">, at: number): void {
  const task = taskAt(state, event.path, at);
  const { due, signal } = event;
  const record = state.tasks.get(task.path);
  if (record) record.status = "waiting";
  const early = signal === undefined ? undefined : state.signals.get(signal);
  const payload = early?.shift();
  if (signal !== undefined && payload !== undefined) {
    if (early?.length === 0) state.signals.delete(signal);
    task.state = { is: "signalled", payload };
    return;
  }
  task.state = {
    is: "waiting",
    ...(due === undefined ? {} : { due }),
    ...(signal === undefined ? {} : { signal }),
  };
  setTimer(state, task.path, due);
}

/** Folds `signal_received`: for the task that waits for it, or kept for the next that will. */
export function receiveSignal(state: RunState, event: Of<"signal_received">): void {
  const task = event.path === undefined ? undefined : state.open.get(event.path);
  if (task) {
    stopWaiting(state, task);
    task.state = { is: "signalled", payload: event.payload };
    return;
  }
  const kept = state.signals.get(event.name) ?? [];
  kept.push(event.payload);
  state.signals.set(event.name, kept);
}

/** Folds the events of a breakpoint. */
export function moveBreakpoint(
  state: RunState,
  event: Of<
    "breakpoint_opened" | "breakpoint_escalated" | "breakpoint_claimed" | "breakpoint_answered"
  >,
  at: number,
): void {
  const task = taskAt(state, event.path, at);
  const record = state.tasks.get(event.path);
  switch (event.type) {
    case "breakpoint_opened":
      return openBreakpoint(state, task, event, at);
    case "breakpoint_escalated": {
      const open = state.breakpoints.get(event.id);
      if (open) state.breakpoints.set(event.id, { ...open, escalated: true });
      setTimer(state, event.path, undefined);
      return;
    }
    case "breakpoint_claimed":
      return claim(state, event);
    case "breakpoint_answered":
      if (record) record.answered_by = event.answered_by;
      if (event.answer.kind === "permission") return closeQuestion(state, task, event.id, at);
      closeBreakpoint(state, task, event.id);
      setTimer(state, event.path, undefined);
      task.answer = { answer: event.answer, by: event.answered_by, at };
      task.state = { is: "answered", ...task.answer };
      if (event.answer.kind === "approval") task.comments = event.answer.comments;
      if (event.answer.kind === "stop") {
        const after = task.output !== undefined;
        task.state = { is: after ? "worked" : "ready" };
        if (after) task.passed = true;
        else task.cleared = true;
      }
      if (record) record.status = "open";
  }
}

function openBreakpoint(
  state: RunState,
  task: OpenTask,
  event: Of<"breakpoint_opened">,
  at: number,
): void {
  const { id, path, form, due, question } = event;
  if (question === undefined) task.questions += 1;
  if (form.kind === "stop") holdTask(state, task, form);
  if (form.kind === "approval") {
    task.version = form.version;
    task.title = form.title;
    task.plan = form.plan;
    // What was doubted of it has been decided.
    delete task.output;
  }
  const open: Breakpoint = {
    id,
    path,
    form,
    hash: shortHash(shownText(form)),
    opened_at: at,
    ...(due === undefined ? {} : { due }),
    ...(question === undefined ? {} : { question }),
  };
  state.breakpoints.set(id, open);
  countAsked(state, task.account, 1, at);
  if (form.kind === "permission") return openQuestion(state, task, id, at);
  task.state = { is: "asking", breakpoint: id };
  setTimer(state, path, due);
  const record = state.tasks.get(path);
  if (record) record.status = "asking";
}

function claim(state: RunState, { id, by, released }: Of<"breakpoint_claimed">): void {
  const open = state.breakpoints.get(id);
  if (!open) return;
  const { claimed_by: _, ...rest } = open;
  state.breakpoints.set(id, { ...rest, ...(released ? {} : { claimed_by: by }) });
}
