/**
 * The fold of time and counts: clocks that stop and go on, attempts and questions counted where limits look.
 * Part of the fold: writes the draft it is given. In constant time per account around the task.
 */
import type { Limits } from "../../workflow/workflow.ts";
import { type Account, accountsAround, workflowKey } from "../account.ts";
import type { RunState } from "../state.ts";

/** Opens an account inside the one that `around` names, its clock set when there is a limit of time. */
export function openAccount(
  state: RunState,
  made: { readonly key: string; readonly around?: string; readonly limits: Limits },
  at: number,
): void {
  const account: Account = {
    ...made,
    asked: 0,
    working: 0,
    queued: 0,
    steps: 0,
    tokens: 0,
    cost_usd: 0,
    overspent: false,
  };
  state.accounts.set(made.key, account);
  startClock(state, made.key, at);
}

/** The clock of an account begins anew: at its start, and when a person has its task retried. */
export function startClock(state: RunState, key: string, at: number): void {
  const account = state.accounts.get(key);
  if (account?.limits.timeout === undefined) return;
  account.deadline = at + account.limits.timeout;
  delete account.stopped_at;
  turn(state, account, at);
}

/** The clock of an account is out of use: its task ended, or its time was up. */
export function dropClock(state: RunState, key: string): void {
  const account = state.accounts.get(key);
  if (!account) return;
  delete account.deadline;
  delete account.stopped_at;
}

/** An attempt began (1) or ended (-1) under this account. */
export function countWork(state: RunState, key: string, change: 1 | -1, at: number): void {
  for (const account of accountsAround(state.accounts, key)) {
    account.working += change;
    turn(state, account, at);
  }
}

/** An attempt under this account began (1) or ended (-1) to wait for a place, or for an answer. */
export function countQueued(state: RunState, key: string, change: 1 | -1, at: number): void {
  for (const account of accountsAround(state.accounts, key)) {
    account.queued += change;
    turn(state, account, at);
  }
}

/** A breakpoint was opened (1) or closed (-1) under this account. */
export function countAsked(state: RunState, key: string, change: 1 | -1, at: number): void {
  for (const account of accountsAround(state.accounts, key)) {
    account.asked += change;
    turn(state, account, at);
  }
}

/** A step began under this account. */
export function countStep(state: RunState, key: string): void {
  for (const account of accountsAround(state.accounts, key)) account.steps += 1;
}

/** An attempt under this account has spent so much; without a cost nobody knows what it is in money. */
export function countSpent(
  state: RunState,
  key: string,
  tokens: number,
  cost: number | undefined,
): void {
  for (const account of accountsAround(state.accounts, key)) {
    account.tokens += tokens;
    account.cost_usd += cost ?? 0;
    if (cost === undefined && tokens > 0) account.unpriced = (account.unpriced ?? 0) + tokens;
  }
}

/** The run was paused or resumed: clocks stop or go on. */
export function turnClocks(state: RunState, at: number): void {
  for (const account of state.accounts.values()) turn(state, account, at);
}

/** Time went by in which nobody could work: clocks that ran get it back. Negative: the machine's clock was set back. */
export function skipTime(state: RunState, shift: number): void {
  for (const account of state.accounts.values()) {
    if (account.deadline !== undefined && account.stopped_at === undefined)
      account.deadline += shift;
  }
}

/** The accounts of a task that is no more. */
export function closeAccounts(state: RunState, path: string): void {
  if (state.accounts.size === 1) return;
  for (const key of [path, workflowKey(path)]) state.accounts.delete(key);
}

/** The keys of the accounts that a task has of its own. */
export function ownAccounts(state: RunState, path: string): readonly string[] {
  if (state.accounts.size === 1) return [];
  return [path, workflowKey(path)].filter((key) => state.accounts.has(key));
}

/** Stops a clock, or lets it go on with its deadline moved by as long as it stood. */
function turn(state: RunState, account: Account, at: number): void {
  if (account.deadline === undefined) return;
  const idle = account.working === 0 && account.asked + account.queued > 0;
  const stands = state.paused_at !== undefined || idle;
  if (stands) {
    account.stopped_at ??= at;
    return;
  }
  if (account.stopped_at === undefined) return;
  account.deadline += Math.max(0, at - account.stopped_at);
  delete account.stopped_at;
}
