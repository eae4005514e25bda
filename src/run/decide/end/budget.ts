/**
 * Whether what is about to begin fits the limits around it: steps before they begin, tokens and money before each
 * attempt that spends them. What does not fit ends, with one failure, whatever it was part of.
 */
import type { Account } from "../../account.ts";
import { accountPath, accountsAround } from "../../account.ts";
import type { Command } from "../../command.ts";
import type { RunEvent } from "../../event.ts";
import type { Failure } from "../../failure.ts";
import type { RunState } from "../../state.ts";
import { accountAt } from "../standing.ts";
import { cut, halt } from "./cut.ts";
import { priceUnknown, spent, tooManySteps } from "./words.ts";

/** Most steps of a run that says nothing about it. */
const MAX_STEPS = 100_000;

/** The commands, or instead of those that exceed a limit the ones that end what it belongs to. */
export function withinLimits(state: RunState, commands: readonly Command[]): readonly Command[] {
  const noted = overspent(state);
  const reached = firstReached(state, commands);
  // What ends the run is its last word.
  if (!reached) return noted.length === 0 ? commands : [...noted, ...commands];
  const [account, failure] = reached;
  if (account.key === "") return halt(state, failure);
  const path = accountPath(account.key);
  const task = state.open.get(path);
  if (!task) return commands;
  const others = commands.filter(({ event }) => !isInside(event, path));
  return [...withinLimits(state, others), ...cut(task, failure)];
}

/** The outermost account that a command exceeds. */
function firstReached(
  state: RunState,
  commands: readonly Command[],
): readonly [Account, Failure] | undefined {
  if (!isNear(state, commands.length)) return undefined;
  const begun = new Map<Account, number>();
  const reached = new Map<Account, Failure>();
  const seen = new Set<string>();
  for (const { event } of commands) {
    const key = accountOf(state, event);
    if (key === undefined) continue;
    const isNew = begins(state, event, seen);
    for (const account of accountsAround(state.accounts, key)) {
      if (reached.has(account)) continue;
      const failure =
        (isNew && stepFailure(state, account, begun)) ||
        (spends(state, event) && spendFailure(state, account));
      if (failure) reached.set(account, failure);
    }
  }
  return [...reached].sort(
    ([a], [b]) => a.key.length - b.key.length || (a.key < b.key ? -1 : 1),
  )[0];
}

/** False when so many commands cannot exceed anything, which is nearly always: then none is looked at. */
function isNear(state: RunState, commands: number): boolean {
  for (const account of state.accounts.values()) {
    const { tokens, cost_usd } = account.limits;
    if (account.steps + commands > (mostSteps(account) ?? Number.POSITIVE_INFINITY)) return true;
    if (tokens !== undefined && account.tokens >= tokens) return true;
    if (cost_usd !== undefined && (account.cost_usd >= cost_usd || account.unpriced)) return true;
  }
  return false;
}

function mostSteps({ key, limits }: Account): number | undefined {
  return limits.max_steps ?? (key === "" ? MAX_STEPS : undefined);
}

function stepFailure(
  state: RunState,
  account: Account,
  begun: Map<Account, number>,
): Failure | undefined {
  const most = mostSteps(account);
  const count = (begun.get(account) ?? 0) + 1;
  begun.set(account, count);
  if (most === undefined || account.steps + count <= most) return undefined;
  return tooManySteps(state, account, most);
}

function spendFailure(state: RunState, account: Account): Failure | undefined {
  const { tokens, cost_usd, budget_mode } = account.limits;
  if (budget_mode === "audit") return undefined;
  if (tokens !== undefined && account.tokens >= tokens)
    return spent(state, account, "tokens", tokens);
  if (cost_usd !== undefined && account.cost_usd >= cost_usd)
    return spent(state, account, "cost_usd", cost_usd);
  if (cost_usd !== undefined && account.unpriced) return priceUnknown(state, account, cost_usd);
  return undefined;
}

/** Budgets that are only watched: told once, when more is spent than they say, and once when nobody can tell. */
function overspent(state: RunState): readonly Command[] {
  return [...state.accounts.values()].flatMap((account) =>
    account.limits.budget_mode === "audit"
      ? [...unpriced(state, account), ...exceeded(state, account)]
      : [],
  );
}

function unpriced(state: RunState, account: Account): readonly Command[] {
  const { cost_usd } = account.limits;
  if (cost_usd === undefined || !account.unpriced || account.price_unknown) return [];
  const failure = priceUnknown(state, account, cost_usd);
  return [{ event: { type: "price_unknown", account: account.key, failure } }];
}

function exceeded(state: RunState, account: Account): readonly Command[] {
  const { tokens, cost_usd } = account.limits;
  if (account.overspent) return [];
  const limit =
    tokens !== undefined && account.tokens > tokens
      ? (["tokens", tokens] as const)
      : cost_usd !== undefined && account.cost_usd > cost_usd
        ? (["cost_usd", cost_usd] as const)
        : undefined;
  if (!limit) return [];
  const failure = spent(state, account, limit[0], limit[1]);
  return [{ event: { type: "budget_exceeded", account: account.key, failure } }];
}

/** The account under which an event's task is counted; undefined where it has none. */
function accountOf(state: RunState, event: RunEvent): string | undefined {
  if (!("path" in event) || event.path === undefined || event.type === "frame_opened")
    return undefined;
  return accountAt(state, event.path);
}

/** True for the first event of a step. */
function begins(state: RunState, event: RunEvent, seen: Set<string>): boolean {
  if (!("path" in event) || event.path === undefined || seen.has(event.path)) return false;
  seen.add(event.path);
  return !state.open.has(event.path);
}

/** True for the start of an attempt that spends tokens. */
function spends(state: RunState, event: RunEvent): boolean {
  if (event.type !== "task_started") return false;
  const request = event.request ?? state.open.get(event.path)?.request;
  return request?.activity === "agent";
}

function isInside(event: RunEvent, path: string): boolean {
  if (!("path" in event) || event.path === undefined) return false;
  const inner = event.path;
  return inner === path || inner.startsWith(`${path}/`) || inner.startsWith(`${path}[`);
}
