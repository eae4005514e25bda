/**
 * Whose turn it is: no more attempts execute at once than `max_parallel` of the run, and of the sub-workflow they are in,
 * allows. Who finds no place waits in the run's queue, which the fold keeps; whoever came first goes first.
 */
import { type Account, accountsAround } from "../../account.ts";
import type { Command } from "../../command.ts";
import { comparePaths } from "../../path.ts";
import type { OpenTask, RunState } from "../../state.ts";
import { repeatAttempt } from "../attempt.ts";
import { proceed } from "../begin.ts";
import { heldAt } from "../end/cut.ts";
import type { Moment } from "../scope.ts";
import { accountAt, standingAt } from "../standing.ts";
import { decidedAround } from "./group.ts";

/** Attempts of a run at once where the file says nothing. */
const MAX_PARALLEL = 10;

/**
 * These commands with no more attempts begun than have a place, and those begun whose turn has come. The same whatever
 * the order of the commands.
 */
export function inTurn(moment: Moment, commands: readonly Command[]): readonly Command[] {
  const { state } = moment;
  const starts = commands.filter(isStart);
  if (hasRoom(state, starts.length)) return commands;
  const places = createPlaces(state);
  const called = callQueued(moment, places);
  starts.sort(byPath);
  if (starts.length === 0) return [...commands, ...called];
  const late = new Set(
    starts.filter(({ event }) => !places.take(accountAt(state, event.path) ?? "")),
  );
  const kept = commands.map((command) =>
    isStart(command) && late.has(command) ? queue(command) : command,
  );
  return [...kept, ...called];
}

/** True when so many may begin and nobody waits, which is nearly always: then none is looked at. */
function hasRoom({ accounts, queue }: RunState, starts: number): boolean {
  const run = accounts.get("");
  if (queue.size > 0 || accounts.size > 1 || !run) return false;
  return occupied(run) + starts <= mostOf(run);
}

/** Begins attempts that have waited, while there are places. */
function callQueued(moment: Moment, places: Places): readonly Command[] {
  const { state } = moment;
  const called: Command[] = [];
  for (const path of state.queue.keys()) {
    if (!places.isFree("")) break;
    const task = state.open.get(path);
    if (!task || decidedAround(task.frame) || heldAt(moment, task)) continue;
    if (!places.isFree(task.account)) continue;
    const next = call(moment, task);
    if (next.some(isStart)) places.take(task.account);
    called.push(...next);
  }
  return called;
}

function call(moment: Moment, task: OpenTask): readonly Command[] {
  const now = task.state;
  if (now.is !== "queued") return [];
  return now.repeat
    ? repeatAttempt(moment, task, now.correction)
    : proceed(moment, standingAt(task));
}

function queue({ event }: Start): Command {
  const { path, request, correction } = event;
  const repeat = request ? {} : { repeat: true as const };
  const why = correction === undefined ? {} : { correction };
  return { event: { type: "task_queued", path, ...repeat, ...why } };
}

interface Places {
  readonly isFree: (account: string) => boolean;
  /** Takes a place, in every account around; false when there is none. */
  readonly take: (account: string) => boolean;
}

/** The places that are free now, less those that are taken from here on. */
function createPlaces({ accounts }: RunState): Places {
  const taken = new Map<Account, number>();
  const isFull = (account: Account): boolean => {
    return occupied(account) + (taken.get(account) ?? 0) >= mostOf(account);
  };
  const isFree = (key: string) => ![...accountsAround(accounts, key)].some(isFull);
  const take = (key: string): boolean => {
    if (!isFree(key)) return false;
    for (const account of accountsAround(accounts, key))
      taken.set(account, (taken.get(account) ?? 0) + 1);
    return true;
  };
  return { isFree, take };
}

/** What waits for an agent's place in its host, or for an answer, has its place in the run. */
function occupied({ working, queued }: Account): number {
  return working + queued;
}

function mostOf({ key, limits }: Account): number {
  return limits.max_parallel ?? (key === "" ? MAX_PARALLEL : Number.POSITIVE_INFINITY);
}

type Start = Command & { readonly event: Extract<Command["event"], { type: "task_started" }> };

function isStart(command: Command): command is Start {
  return command.event.type === "task_started";
}

function byPath(a: Start, b: Start): number {
  return comparePaths(a.event.path, b.event.path);
}
