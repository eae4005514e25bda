/**
 * What is timed and counted for a part of a run: the whole of it, a task with a `total_timeout`, a sub-workflow with
 * limits of its own. Owns the shape and its names; `evolve` keeps the books, `decide` looks whether they are exceeded.
 */
import type { Limits } from "../workflow/workflow.ts";

/** Times in ms. An account is inside the one that `around` names; what is counted in it is counted there, too. */
export interface Account {
  /** `""` for the run, a task's path, or that path with `/` behind it for the workflow that the task runs. */
  readonly key: string;
  readonly around?: string;
  readonly limits: Limits;
  /** When its time is up; moves when a stop ends. Absent: it has all the time it wants, or its clock is out of use. */
  deadline?: number;
  /** Since when its clock stands: the run is paused, or nothing in it works and somebody is asked or
   *  something is queued. */
  stopped_at?: number;
  /** Open breakpoints, attempts executing, and attempts that wait for a place or for an answer. */
  asked: number;
  working: number;
  queued: number;
  /** Steps begun, tokens and money spent. */
  steps: number;
  tokens: number;
  cost_usd: number;
  /** Tokens of it whose price nobody knows; absent: there are none. */
  unpriced?: number;
  /** It was told that a budget that is only watched is exceeded. */
  overspent: boolean;
  /** It was told that nobody knows what was spent of a budget that is only watched. */
  price_unknown?: true;
}

/** The limits that an account of its own is kept for. */
export function isAccounted(limits: Limits): boolean {
  const { timeout, max_steps, max_parallel, tokens, cost_usd } = limits;
  return [timeout, max_steps, max_parallel, tokens, cost_usd].some((limit) => limit !== undefined);
}

/** An account and those around it, the innermost first. */
export function* accountsAround(
  accounts: ReadonlyMap<string, Account>,
  key: string,
): Generator<Account> {
  for (let at: string | undefined = key; at !== undefined; ) {
    const account: Account | undefined = accounts.get(at);
    if (!account) return;
    yield account;
    at = account.around;
  }
}

/** The key of the account of the workflow that a task runs. */
export function workflowKey(path: string): string {
  return `${path}/`;
}

/** The task that an account belongs to; `""` for the run. */
export function accountPath(key: string): string {
  return key.endsWith("/") ? key.slice(0, -1) : key;
}
