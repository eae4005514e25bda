/** The one failure for each limit that a run, a task or a sub-workflow has reached: which, how much it is, how to raise it. */
import { formatDuration } from "../../../workflow/duration.ts";
import type { Limits, Workflow } from "../../../workflow/workflow.ts";
import { type Account, accountPath } from "../../account.ts";
import { type Failure, failure } from "../../failure.ts";
import type { RunState } from "../../state.ts";

const UNCOUNTED = "time spent waiting for people is not counted";

/** The time of an account is up. */
export function timeIsUp(state: RunState, account: Account): Failure {
  const figure = account.limits.timeout ?? 0;
  const time = formatDuration(figure);
  const { subject, file, title, workflow } = ownerOf(state, account);
  if (account.key !== "" && file === undefined) {
    const message = `${title} took longer than its total_timeout of ${time} (all its attempts; ${UNCOUNTED}). Raise its total_timeout if it needs more.`;
    return failure("timeout", message, { limit: "total_timeout", figure });
  }
  const again = account.key === "" ? ", then retry it or start anew" : "";
  const key = workflow?.execution?.timeout === figure ? "execution.timeout" : "limits.timeout";
  const message = `${subject} took longer than its ${key} of ${time} (${UNCOUNTED}). Raise ${key} in ${file}${again}.`;
  return failure("limit_exceeded", message, { limit: "timeout", figure });
}

/** An account would begin more steps than it may. */
export function tooManySteps(state: RunState, account: Account, figure: number): Failure {
  const message = `has begun all the steps it may (limits.max_steps: ${figure}). See whether something goes round for ever, or raise limits.max_steps`;
  return exceeded(state, account, "max_steps", figure, message);
}

/** An account has nothing left to spend. */
export function spent(
  state: RunState,
  account: Account,
  limit: "tokens" | "cost_usd",
  figure: number,
): Failure {
  const message =
    limit === "tokens"
      ? `has spent ${account.tokens} tokens of the ${figure} it may (limits.tokens). Raise limits.tokens`
      : `has spent $${account.cost_usd.toFixed(4)} of the $${figure} it may (limits.cost_usd). Raise limits.cost_usd`;
  return exceeded(state, account, limit, figure, message);
}

/** An account has a limit in money, and something was spent whose price nobody knows. */
export function priceUnknown(state: RunState, account: Account, figure: number): Failure {
  const { subject, file } = ownerOf(state, account);
  const watched = account.limits.budget_mode === "audit";
  const moves = watched
    ? `or limit tokens instead in ${file}`
    : `limit tokens instead, or set budget_mode: audit in ${file}`;
  const message = `${subject} has spent ${account.unpriced} tokens of a model whose price is unknown, so nobody can tell how much is left of limits.cost_usd ($${figure}). Say what the model costs in the setting prices, ${moves}.`;
  return failure("limit_exceeded", message, {
    limit: "cost_usd",
    figure,
    unpriced: account.unpriced ?? 0,
  });
}

/** A state has grown too large. */
export function stateTooLarge(
  state: RunState,
  { path, field, bytes, limit }: NonNullable<RunState["oversize"]>,
): Failure {
  const where = path === "" ? "The state of the run" : `The state around ${path}`;
  const main = state.started.bundle.main;
  const message = `${where} has grown to ${bytes} bytes with ${field}, more than it may (limits.max_state_bytes: ${limit}). Keep large values in files, or raise limits.max_state_bytes in ${main}.`;
  return failure("limit_exceeded", message, { limit: "max_state_bytes", figure: limit });
}

function exceeded(
  state: RunState,
  account: Account,
  limit: keyof Limits,
  figure: number,
  said: string,
): Failure {
  const { subject, file } = ownerOf(state, account);
  return failure("limit_exceeded", `${subject} ${said} in ${file}.`, { limit, figure });
}

/** What an account is kept for, as it begins a sentence; `file` names the workflow that sets its limits, if one does. */
function ownerOf(
  state: RunState,
  { key }: Account,
): {
  readonly subject: string;
  readonly title: string;
  readonly file?: string;
  readonly workflow?: Workflow | undefined;
} {
  const { main, workflows } = state.started.bundle;
  const task = state.open.get(accountPath(key));
  if (!task) {
    const workflow = workflows[main];
    return { subject: "The run", title: "The run", file: main, workflow };
  }
  const title = task.step.name ?? task.step.id;
  if (key === task.path || task.step.kind !== "workflow") return { subject: title, title };
  const { name, workflow } = task.step.workflow;
  const subject = `The workflow ${name} in ${title}`;
  return { subject, title, file: name, workflow: workflows[workflow] };
}
