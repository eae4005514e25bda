/**
 * The door of a run: what comes from outside becomes events or is refused with a reason.
 * Late and duplicate outcomes, answers to what is no longer asked, and requests that do not fit stop here.
 */
import { isObject } from "../util/json.ts";
import { eachStep } from "../workflow/definition/eachStep.ts";
import { type Answer, approves, type Breakpoint, type BreakpointKind } from "./ask/breakpoint.ts";
import { admitInquiry } from "./ask/inquiry.ts";
import { readAnswer } from "./ask/readAnswer.ts";
import type { Admission, Effect } from "./command.ts";
import { admitSet } from "./edit/setState.ts";
import { admitGuide, admitStopTask } from "./edit/steerTask.ts";
import type { RunEvent } from "./event.ts";
import type { Failure } from "./failure.ts";
import { stepId } from "./path.ts";
import type { ActivityOutcome } from "./request.ts";
import type { Inquiry, Outcome, Signal, Skip, Turn } from "./signal.ts";
import { isFinished, type OpenTask, type RunState } from "./state.ts";
import { admitStep, admitStops, admitStopsEnd } from "./stops/admitStops.ts";

/** Admits or refuses one thing from outside. Changes nothing. */
export function admit(state: RunState, input: Signal | Outcome | Skip | Turn | Inquiry): Admission {
  if (input.type === "outcome") return admitOutcome(state, input);
  if (input.type === "skip") return admitSkip(state, input);
  if (input.type === "queued" || input.type === "begun") return admitTurn(state, input);
  if (input.type === "asked" || input.type === "withdrawn") return admitInquiry(state, input);
  const { id } = input;
  if (id === undefined) return admitSignal(state, input);
  if (state.signalIds.has(id)) return refused("This signal was admitted before.");
  const admission = admitSignal(state, input);
  if (!admission.ok) return admission;
  return { ...admission, events: admission.events.map((event) => ({ ...event, signal_id: id })) };
}

function admitSignal(state: RunState, input: Signal): Admission {
  switch (input.type) {
    case "answer":
      return admitAnswer(state, input);
    case "claim":
      return admitClaim(state, input);
    case "signal":
      return admitNamed(state, input);
    case "set":
      return isSettable(state) ? admitSet(state, input) : refused(ended(state));
    case "cancel":
      if (isFinished(state)) return refused(ended(state));
      if (state.status === "cancelling") return yes({ type: "kill_requested", by: input.by });
      return yes({
        type: "cancel_requested",
        by: input.by,
        ...(input.reason === undefined ? {} : { reason: input.reason }),
      });
    case "kill":
      return isFinished(state)
        ? refused(ended(state))
        : yes({ type: "kill_requested", by: input.by });
    case "pause":
      return state.status === "running"
        ? yes({ type: "run_paused", by: input.by })
        : refused(`The run is ${state.status}; only a running one can be paused.`);
    case "resume":
      return state.status === "paused"
        ? yes({ type: "run_resumed", by: input.by })
        : refused(`The run is ${state.status}, not paused.`);
    case "retry":
      return admitRetry(state, input);
    case "stop_task":
      return admitStopTask(state, input);
    case "guide":
      return admitGuide(state, input, () => admitRetry(state, { ...input, type: "retry" }));
    case "stops":
      return admitStops(state, input);
    case "step":
      return admitStep(state, input);
    case "stops_end":
      return admitStopsEnd(state, input);
  }
}

/** The open breakpoint that a name means: its id, its task's path, or a step id that only one of them has. */
export function findBreakpoint(state: RunState, name: string): Breakpoint | undefined {
  const exact = state.breakpoints.get(name);
  if (exact) return exact;
  const open = [...state.breakpoints.values()];
  const byPath = open.find((breakpoint) => breakpoint.path === name);
  if (byPath) return byPath;
  const byStep = open.filter((breakpoint) => stepId(breakpoint.path) === name);
  return byStep.length === 1 ? byStep[0] : undefined;
}

/**
 * The tasks that a retry would put back to work: those that failed themselves, not the containers around them, and not
 * what was rejected.
 */
export function failedPaths(state: RunState): readonly string[] {
  const paths: string[] = [];
  for (const task of state.open.values())
    if (task.state.is === "failed" && !isRejected(task) && (task.cut || !hasFailedChild(task)))
      paths.push(task.path);
  return paths;
}

function isRejected({ state }: OpenTask): boolean {
  return state.is === "failed" && state.failure.code === "rejected";
}

function hasFailedChild(task: OpenTask): boolean {
  for (const { ended, current } of task.frames.values())
    if (ended === "failed" && current) return true;
  return false;
}

function admitOutcome(state: RunState, input: Outcome): Admission {
  const { path, attempt, token, outcome } = input;
  const task = state.open.get(path);
  if (task?.state.is !== "running" || task.state.token !== token) {
    return refused(`Attempt ${attempt} of ${path} is over: its outcome came late or twice.`);
  }
  const base = { path, attempt, token };
  const spent = outcome.type === "unknown" ? {} : spentIn(outcome);
  switch (outcome.type) {
    case "completed":
      return yes({ type: "attempt_completed", ...base, result: outcome.result, ...spent });
    case "failed":
      return yes({ type: "attempt_failed", ...base, failure: outcome.failure, ...spent });
    case "unknown":
      return yes({
        type: "attempt_lost",
        ...base,
        failure: outcome.failure,
        host_died: input.host_died === true,
      });
  }
}

function spentIn({ usage, context }: Exclude<ActivityOutcome, { type: "unknown" }>) {
  return { ...(usage ? { usage } : {}), ...(context ? { context } : {}) };
}

/** An attempt waits for its turn once, and begins once; one that was stopped does neither. */
function admitTurn(state: RunState, { type, path, attempt, token }: Turn): Admission {
  const now = state.open.get(path)?.state;
  const stands = now?.is === "running" && now.token === token && !now.stopping;
  if (type === "begun" && state.status === "paused")
    return refused("The run is paused: nothing new begins.");
  if (!stands || (now.queued_at === undefined) !== (type === "queued"))
    return refused(`Attempt ${attempt} of ${path} no longer waits for its turn.`);
  return yes({
    type: type === "queued" ? "attempt_queued" : "attempt_begun",
    path,
    attempt,
    token,
  });
}

/** Time is given back only where some is measured, so that other journals stay as they are. */
function admitSkip(state: RunState, { shift, why }: Skip): Admission {
  if (isFinished(state) || shift === 0 || !isTimed(state)) return { ok: true, events: [] };
  return yes({ type: "time_skipped", shift, why });
}

function isTimed(state: RunState): boolean {
  for (const { deadline } of state.accounts.values()) if (deadline !== undefined) return true;
  for (const task of state.open.values())
    if (task.state.is === "running" && task.state.deadline !== undefined) return true;
  return false;
}

function admitAnswer(state: RunState, input: Extract<Signal, { type: "answer" }>): Admission {
  if (isFinished(state) || state.status === "cancelling") return refused(ended(state));
  const open = findBreakpoint(state, input.breakpoint);
  if (!open) return notAsked(state, input.breakpoint);
  if (input.shown !== undefined && input.shown !== open.hash) {
    return {
      ok: false,
      reason: `${open.path} has changed since you saw it (version ${input.shown}, now ${open.hash}). Look at it again, then answer.`,
      present: open,
    };
  }
  const read = readAnswer(open.form, input.answer);
  if (!read.ok)
    return {
      ok: false,
      reason: `The answer to ${open.path} does not fit. ${read.message}`,
      present: open,
    };
  if (approves(read.answer) && input.shown === undefined && input.policy !== true) {
    const what = WHAT_IS_READ[open.form.kind] ?? "the plan of";
    return {
      ok: false,
      reason: `An approval names the text it approves. Read ${what} ${open.path}, then approve it with its hash ${open.hash}.`,
      present: open,
    };
  }
  const event: RunEvent = {
    type: "breakpoint_answered",
    path: open.path,
    id: open.id,
    answer: read.answer,
    answered_by: input.by,
    shown: open.hash,
  };
  return { ok: true, events: [event], effects: tellAttempt(state, open, read.answer) };
}

/** An attempt that asked is told what was said. */
function tellAttempt(
  state: RunState,
  { path, question }: Breakpoint,
  answer: Answer,
): readonly Effect[] {
  const task = state.open.get(path);
  if (task?.state.is !== "running" || question === undefined) return [];
  if (answer.kind !== "permission") return [];
  const { token } = task.state;
  return [{ type: "tell", path, attempt: task.attempts, token, question, answer }];
}

const WHAT_IS_READ: Readonly<Partial<Record<BreakpointKind, string>>> = {
  permission: "what the agent asks at",
  escalation: "the answer at",
};

/** A claim tells others; it keeps nobody from answering. */
function admitClaim(state: RunState, input: Extract<Signal, { type: "claim" }>): Admission {
  if (isFinished(state) || state.status === "cancelling") return refused(ended(state));
  const open = findBreakpoint(state, input.breakpoint);
  if (!open) return notAsked(state, input.breakpoint);
  const { path, id, claimed_by } = open;
  const { by } = input;
  if (input.release === true)
    return claimed_by === undefined
      ? refused(`Nobody has claimed ${id}.`)
      : yes({ type: "breakpoint_claimed", path, id, by, released: true });
  if (claimed_by !== undefined && claimed_by !== by)
    return refused(`${id} is claimed by ${claimed_by}. Release it first, or answer it as it is.`);
  return yes({ type: "breakpoint_claimed", path, id, by });
}

function notAsked(state: RunState, name: string): Admission {
  const open = [...state.breakpoints.values()];
  const [first] = open;
  const by = state.tasks.get(name.replace(/@\d+$/, ""))?.answered_by;
  const what =
    by === undefined ? `Nothing is asked at ${name} now` : `${by} has answered ${name} already`;
  if (!first) return refused(`${what}, and nothing else is waiting for an answer.`);
  const list = open.map((breakpoint) => breakpoint.id).join(", ");
  return { ok: false, reason: `${what}. Waiting for an answer: ${list}.`, present: first };
}

/** A signal that no step of the run ever waits for is a slip of the pen: it would be kept for nothing. */
function admitNamed(state: RunState, input: Extract<Signal, { type: "signal" }>): Admission {
  if (isFinished(state) || state.status === "cancelling") return refused(ended(state));
  const awaited = awaitedSignals(state);
  if (awaited.has(input.name)) return yes(signalEvent(state, input));
  const list = [...awaited].join(", ");
  const known = list === "" ? "It waits for no signal at all." : `It waits for: ${list}.`;
  return refused(`No step of this run waits for the signal ${input.name}. ${known}`);
}

function awaitedSignals(state: RunState): ReadonlySet<string> {
  const names = new Set<string>();
  for (const workflow of Object.values(state.started.bundle.workflows)) {
    for (const { steps } of [workflow, ...Object.values(workflow.tasks)]) {
      for (const step of eachStep(steps)) {
        if (step.kind === "wait" && step.signal !== undefined) names.add(step.signal);
      }
    }
  }
  return names;
}

function signalEvent(state: RunState, input: Extract<Signal, { type: "signal" }>): RunEvent {
  const { name, payload, by } = input;
  for (const task of state.open.values()) {
    if (task.state.is === "waiting" && task.state.signal === name) {
      return { type: "signal_received", name, payload, by, path: task.path };
    }
  }
  return { type: "signal_received", name, payload, by };
}

function admitRetry(state: RunState, input: Extract<Signal, { type: "retry" }>): Admission {
  if (state.status === "rejected")
    return refused("A rejected run is never retried. Start a new one.");
  if (state.status === "cancelling" || state.status === "cancelled")
    return refused("A cancelled run is never retried. Start a new one.");
  const failed = failedPaths(state);
  const never = whyNoRetry(state);
  const why = state.halt ?? state.failure;
  if (never === USED_UP && why) return refused(`${why.message} ${never}`);
  if (never !== undefined) return refused(never);
  const { path } = input;
  const named = path === undefined ? undefined : state.open.get(path);
  if (named && isRejected(named))
    return refused(`${named.path} was rejected, and what was rejected is never retried.`);
  if (path !== undefined && !failed.includes(path) && !failedItsGates(state, path)) {
    const others = failed.length > 0 ? ` Failed: ${failed.join(", ")}.` : "";
    return refused(`${path} has not failed.${others}`);
  }
  if (failed.length === 0 && !state.halt)
    return refused(`The run is ${state.status}; nothing in it failed.`);
  return yes({
    type: "retry_requested",
    by: input.by,
    paths: path === undefined ? failed : [path],
  });
}

/** Time is given anew when a person retries; nothing else that a run has used up is. */
function mayGoOn({ detail }: Failure): boolean {
  return isObject(detail) && detail.limit === "timeout";
}

const UNDONE =
  "This run has undone what it had done, so there is nothing to go on from. Start a new one.";

const USED_UP = "A retry of this run would come to the same end: start a new one.";

/** Why nothing that failed in this run can be retried, in words; undefined when it may be. */
export function whyNoRetry(state: RunState): string | undefined {
  const { undone, halt } = state;
  if (undone.done + undone.failed > 0) return UNDONE;
  const failed = failedPaths(state);
  const spent = failed.length > 0 && failed.every((path) => hasSpentCalls(state.open.get(path)));
  return (halt && !mayGoOn(halt)) || spent ? USED_UP : undefined;
}

/** True for a task that failed because it may call its agent no more, as it may after a retry. */
function hasSpentCalls(task: OpenTask | undefined): boolean {
  if (task?.state.is !== "failed") return false;
  const { detail } = task.state.failure;
  return isObject(detail) && detail.limit === "max_calls";
}

/** Such a task's work can be made again by its own name; by that of its gates, only they are judged again. */
function failedItsGates(state: RunState, path: string): boolean {
  const task = state.open.get(path);
  return task?.state.is === "failed" && task.opening?.kind === "gates";
}

/** A failed run keeps its state for a retry, which reads what was set meanwhile. */
function isSettable(state: RunState): boolean {
  if (state.status === "failed") return failedPaths(state).length > 0;
  return !isFinished(state) && state.status !== "cancelling";
}

function ended(state: RunState): string {
  return state.status === "cancelling"
    ? "The run is being cancelled."
    : `The run is over (${state.status}).`;
}

function yes(event: RunEvent): Admission {
  return { ok: true, events: [event] };
}

function refused(reason: string): Admission {
  return { ok: false, reason };
}
