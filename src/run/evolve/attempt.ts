/** The fold of attempts: begun, come to something, to be made again. */
import { extract } from "../../util/extract.ts";
import { isObject } from "../../util/json.ts";
import type { StepKind } from "../../workflow/workflow.ts";
import type { RunEvent } from "../event.ts";
import { endsLater } from "../gate/ownGates.ts";
import type { Tried, Usage } from "../request.ts";
import type { OpenTask, RunState } from "../state.ts";
import { anotherRound, isKeyed } from "../worker/anotherRound.ts";
import { isDoubted } from "../worker/doubt.ts";
import { countQueued, countSpent, countWork } from "./accounts.ts";
import { closeTask } from "./close.ts";
import { countCall, startIterationOver } from "./flow/supervise.ts";
import { dropUndo, keepUndo } from "./flow/undo.ts";
import { forgetWork } from "./open.ts";
import { beginWork, endWork, setTimer, stopWaiting, taskAt } from "./tree.ts";

/** Whose work is not done with their attempt: somebody judges what came of it. */
const STEPS_JUDGED: ReadonlySet<StepKind> = new Set(["gate", "approve", "worker_call", "plan"]);

type Of<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** Folds `task_queued`. */
export function queueAttempt(
  state: RunState,
  event: Of<"task_queued">,
  at: number,
  seq: number,
): void {
  const task = taskAt(state, event.path, at);
  const { correction, repeat = false } = event;
  stopWaiting(state, task);
  task.state = { is: "queued", repeat, ...(correction === undefined ? {} : { correction }) };
  state.queue.set(task.path, seq);
  const record = state.tasks.get(task.path);
  if (!record) return;
  record.status = "queued";
  delete record.retry_at;
}

/** Folds `task_started`. */
export function startAttempt(state: RunState, event: Of<"task_started">, at: number): void {
  const task = taskAt(state, event.path, at);
  state.queue.delete(task.path);
  task.attempts = event.attempt;
  if (event.request) task.request = event.request;
  delete task.asked;
  delete task.guidance;
  delete task.pending;
  if (task.step.kind === "worker_call" || isDoubted(task)) delete task.output;
  if (event.effects) task.effects = event.effects;
  countCall(task);
  startIterationOver(task);
  if (event.correction === undefined) delete task.correction;
  else task.correction = event.correction;
  task.state = {
    is: "running",
    token: event.token,
    stopping: false,
    ...(event.deadline === undefined ? {} : { deadline: event.deadline }),
  };
  beginWork(state, task);
  dropUndo(state, task.path);
  setTimer(state, task.path, event.deadline);
  const record = state.tasks.get(task.path);
  if (!record) return;
  // What it waited for its turn is no time that it took.
  if (record.status === "queued" && event.attempt === 1) record.started_at = at;
  record.status = "running";
  record.attempts = event.attempt;
  delete record.retry_at;
  delete record.failure;
  delete record.ended_at;
  if (task.request?.activity === "agent") record.agent = task.request.agent;
}

/** Folds `attempt_queued`: until it begins, it neither works nor runs out of time. */
export function holdAttempt(state: RunState, event: Of<"attempt_queued">, at: number): void {
  const task = taskAt(state, event.path, at);
  if (task.state.is !== "running") return;
  task.state = { ...task.state, queued_at: at };
  setTimer(state, task.path, undefined);
  countQueued(state, task.account, 1, at);
  countWork(state, task.account, -1, at);
  const record = state.tasks.get(task.path);
  if (record) record.status = "queued";
}

/** Folds `attempt_begun`. */
export function beginAttempt(state: RunState, event: Of<"attempt_begun">, at: number): void {
  const task = taskAt(state, event.path, at);
  if (task.state.is !== "running" || task.state.queued_at === undefined) return;
  const { queued_at, deadline, ...rest } = task.state;
  const moved = deadline === undefined ? undefined : deadline + Math.max(0, at - queued_at);
  task.state = { ...rest, ...(moved === undefined ? {} : { deadline: moved }) };
  setTimer(state, task.path, moved);
  countWork(state, task.account, 1, at);
  countQueued(state, task.account, -1, at);
  const record = state.tasks.get(task.path);
  if (!record) return;
  if (task.attempts === 1) record.started_at = at;
  record.status = "running";
}

/** Folds the end of an attempt; what becomes of the task is decided, unless it is done. */
export function settleAttempt(
  state: RunState,
  event: Of<"attempt_completed" | "attempt_failed" | "attempt_lost" | "attempt_timed_out">,
  at: number,
  seq: number,
): void {
  const task = taskAt(state, event.path, at);
  const unbegun = task.state.is === "running" && task.state.queued_at !== undefined;
  if (event.type === "attempt_lost") keepPending(state, task);
  endWork(state, task);
  setTimer(state, task.path, undefined);
  if (event.type === "attempt_completed" || event.type === "attempt_failed")
    countUsage(state, task, event.usage);
  if (event.type === "attempt_completed") return complete(state, task, event, at, seq);
  remember(task, event.attempt, event.failure.message);
  const hostDied =
    (event.type === "attempt_lost" && event.host_died) ||
    (event.type === "attempt_timed_out" && event.cut === true);
  if (hostDied) task.lost += 1;
  const unknown = event.type === "attempt_lost" || event.type === "attempt_timed_out";
  const cutShort = event.type === "attempt_failed" && event.failure.code === "cancelled";
  if ((unknown || cutShort) && !unbegun) keepUndo(state, task, undefined);
  task.state = {
    is: "settled",
    failure: event.failure,
    unknown,
    host_died: hostDied,
    ...(unbegun ? { unbegun } : {}),
  };
  const record = state.tasks.get(task.path);
  if (record) record.failure = event.failure;
}

function complete(
  state: RunState,
  task: OpenTask,
  event: Of<"attempt_completed">,
  at: number,
  seq: number,
): void {
  const { path, result } = event;
  task.state = { is: "ready" };
  const doubted = isDoubted({ ...task, output: result });
  const { kind } = task.step;
  if (kind === "worker_call" || doubted) task.output = result;
  // A plan that is doubted is not carried out yet, and a revision is none of the work.
  if (kind === "worker_call" || (doubted && kind === "delegate")) keepUndo(state, task, result);
  if (doubted || (STEPS_JUDGED.has(kind) && !task.supervised)) {
    task.state = { is: "performed", result };
    return;
  }
  if (task.supervised || endsLater(task.step)) {
    task.output = result;
    keepUndo(state, task, result);
    task.state = { is: task.supervised ? "reviewed" : "worked" };
    return;
  }
  closeTask(state, { type: "task_closed", path, status: "done", result }, at, seq);
}

function keepPending(state: RunState, task: OpenTask): void {
  const ids = task.state.is === "running" ? (task.state.asked?.ids ?? []) : [];
  const forms = ids.map((id) => state.breakpoints.get(id)?.form);
  const asked = forms.flatMap((form) => (form?.kind === "permission" ? [form.message] : []));
  if (asked.length > 0) task.pending = asked;
}

/** What an attempt used; without a cost nobody knows what it is in money. */
function countUsage(state: RunState, task: OpenTask, usage: Usage | undefined): void {
  const record = state.tasks.get(task.path);
  if (!record || !usage) return;
  const { cost_usd } = usage;
  const tokens = usage.input_tokens + usage.output_tokens;
  record.tokens += tokens;
  state.tokens += tokens;
  record.cost_usd += cost_usd ?? 0;
  state.cost_usd += cost_usd ?? 0;
  countSpent(state, task.account, tokens, cost_usd);
  if (cost_usd !== undefined || tokens === 0) return;
  record.unpriced = (record.unpriced ?? 0) + tokens;
  state.unpriced = (state.unpriced ?? 0) + tokens;
}

/** Keeps what came of an attempt, where the step's context tells the next one. */
function remember(task: OpenTask, attempt: number, message: string, said?: string): void {
  if (task.step.kind !== "delegate" || !task.step.context?.history) return;
  const tried: Tried = { attempt, message, ...(said === undefined ? {} : { said }) };
  task.tried = [...(task.tried ?? []), tried];
}

/** Tokens of a refused answer that the next attempt still sees. */
const SAID = 400;

/** Folds `retry_scheduled`. */
export function scheduleRetry(state: RunState, event: Of<"retry_scheduled">, at: number): void {
  const task = taskAt(state, event.path, at);
  if (task.opening?.kind === "gates") {
    const said = isObject(task.output) ? task.output.response : undefined;
    const short = typeof said === "string" ? extract(said, SAID).text : undefined;
    remember(task, event.attempt - 1, event.correction ?? "Its gates did not pass.", short);
    forgetWork(state, task);
    // Under its key the other side would only say again what was not enough.
    if (isKeyed(task.request)) task.request = anotherRound(task.request, event.correction ?? "");
  }
  const { due, correction } = event;
  task.state = { is: "retrying", due, ...(correction === undefined ? {} : { correction }) };
  setTimer(state, task.path, due);
  const record = state.tasks.get(task.path);
  if (!record) return;
  record.status = "retrying";
  record.retry_at = due;
}
