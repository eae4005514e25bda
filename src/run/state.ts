/**
 * A run's state: the fold of its events. A tree of open tasks that mirrors the workflow, and a flat record of
 * every task. Owns the shapes. Only `evolve` writes here; everyone else reads.
 */
import type { Json, JsonObject } from "../util/json.ts";
import type { Supervision } from "../workflow/definition/supervision.ts";
import type { Step } from "../workflow/workflow.ts";
import type { Account } from "./account.ts";
import type { Answer, Breakpoint, Comment } from "./ask/breakpoint.ts";
import type { Criterion, Opening, RunStarted } from "./event.ts";
import type { Failure } from "./failure.ts";
import type { GateResult } from "./gate/judge.ts";
import type { GateCounts } from "./gate/tally.ts";
import type { TaskRecord } from "./history/taskRecord.ts";
import type { ActivityRequest, Effects, Tried } from "./request.ts";
import type { StopSession } from "./stops/stop.ts";
import type { Carried, Supervised } from "./supervise/facts.ts";
import type { AskedBefore } from "./worker/anotherRound.ts";

export type RunStatus =
  | "running"
  | "paused"
  | "cancelling"
  | "done"
  | "failed"
  | "rejected"
  | "cancelled";

/** What the steps of one body share: its inputs, its state, its item. */
export interface Body {
  /** Key in the run's bundle. */
  readonly workflow: string;
  readonly inputs: JsonObject;
  /** Replaced field by field as steps write. */
  state: Record<string, Json>;
  /** Bytes of that state as JSON, -1 until somebody writes to it. One object for all bodies that share the state. */
  readonly size: { bytes: number };
  readonly item?: Json;
  readonly loop?: JsonObject;
  /** Default agent of the foreach around it. */
  readonly agent?: string;
  /** Supervision of the foreach around it. */
  readonly supervise?: Supervision;
  /** In steps that undo a task: what is known of it. */
  readonly task?: JsonObject;
  readonly strict: boolean;
}

/** What kind of body a list of steps is; `evolve/flow/leave.ts` says which of them a step can leave. */
export type FrameKind =
  | "root"
  | "condition"
  | "turn"
  | "node"
  | "item"
  | "branch"
  | "workflow"
  | "handler"
  | "rejection"
  | "revision"
  | "plan"
  | "isolated"
  | "compensation"
  | "gates"
  | "review";

/** A list of steps in execution. */
export interface Frame {
  /** What the paths of its tasks begin with. */
  readonly path: string;
  /** Key in the run's `frames`: the path, unless several lists share it. */
  readonly key: string;
  readonly kind: FrameKind;
  readonly steps: readonly Step[];
  readonly body: Body;
  /** The container task this list belongs to; absent for the root. */
  readonly owner?: OpenTask;
  /** The place among the owner's frames. */
  readonly index: number;
  /** Key of the account that its steps are counted and timed under. */
  readonly account: string;
  /** The list whose results its steps see, where that is not the list of its owner. */
  readonly beside?: Frame;
  /** Index of the step that runs or comes next. */
  cursor: number;
  current?: OpenTask;
  /** Latest results of finished steps of this list, by id; ids with `-` also under their name with `_`. */
  readonly results: Record<string, Json>;
  /** How often each `goto` has come back to this list, by its path without visits. */
  jumps?: Record<string, number>;
  /** The step that it stands at is to be visited once more, under supervision. */
  supervised?: Carried;
  last: Json;
  ended: "no" | "done" | "failed";
  failure?: Failure;
}

/** Where an open task stands. `settled` and `failed` differ: the first awaits a decision, the second is one. */
export type TaskState =
  | { readonly is: "ready" }
  | {
      readonly is: "running";
      readonly token: string;
      readonly deadline?: number;
      readonly stopping: boolean;
      /** Since when it waits for a place among the agents of its host. */
      readonly queued_at?: number;
      /** The breakpoints of what it asks, and since when it asks: meanwhile it stands still. */
      readonly asked?: { readonly ids: readonly string[]; readonly since: number };
    }
  | {
      readonly is: "settled";
      readonly failure: Failure;
      readonly unknown: boolean;
      /** It ended by nothing of its own: its host died, or the time of what is around it was up. */
      readonly host_died: boolean;
      /** It was still queued: nothing has happened. */
      readonly unbegun?: true;
    }
  | { readonly is: "retrying"; readonly due: number; readonly correction?: string }
  /** Waits for its turn among the attempts of the run; `repeat`: with the recorded request. */
  | { readonly is: "queued"; readonly repeat: boolean; readonly correction?: string }
  | { readonly is: "asking"; readonly breakpoint: string }
  | ({ readonly is: "answered" } & GivenAnswer)
  | { readonly is: "performed"; readonly result: Json }
  | { readonly is: "judged" }
  /** Supervised: its prompt is there; its answer is looked at; what follows is decided. */
  | { readonly is: "prompted" | "reviewed" | "decided" }
  | { readonly is: "worked" }
  | { readonly is: "waiting"; readonly due?: number; readonly signal?: string }
  | { readonly is: "signalled"; readonly payload: Json }
  | { readonly is: "open" }
  | { readonly is: "failed"; readonly failure: Failure };

/** How far a graph has come; indexes are those of its steps. */
export interface GraphState {
  /** Steps that depend on each step. */
  readonly dependants: readonly (readonly number[])[];
  /** What a step has come to: `met` lets its dependants begin, `failed` and `blocked` let them never. */
  readonly ends: Map<number, "met" | "failed" | "blocked">;
  /** How many dependencies of a step are not met. */
  readonly unmet: number[];
  /** Steps that may begin, in the order in which they came to that. */
  readonly ready: Set<number>;
  /** Steps that are to be blocked. */
  readonly doomed: Set<number>;
  /** When steps have waited too long for what they depend on, in ms since the epoch. */
  readonly blockedUntil: Map<number, number>;
  /** Results of its steps, by id. */
  readonly results: Record<string, Json>;
}

export interface OpenTask {
  readonly path: string;
  readonly step: Step;
  readonly frame: Frame;
  /** Key of the account that it is counted and timed under: its own, or that of its list. */
  account: string;
  state: TaskState;
  /** Attempts started so far, and how many of them died with their host. */
  attempts: number;
  lost: number;
  request?: ActivityRequest;
  /** What it asked over HTTP before a person had it begun again. */
  asked?: AskedBefore;
  /** What the latest attempt was told to mend. */
  correction?: string;
  /** What its attempt was asking when its host died, so that nobody could answer. */
  pending?: readonly string[];
  /** What a person has its next agent told. */
  guidance?: string;
  effects?: Effects;
  /** What came of its attempts so far, where the next one is told. */
  tried?: readonly Tried[];
  /** Breakpoints opened so far; names them. */
  questions: number;
  /** The stop before this step has been passed. */
  cleared: boolean;
  /** It was looked at whether to stop before it, and it went on. */
  looked?: boolean;
  /** A limit was reached: nothing inside goes on, until a person has it retried. */
  cut: boolean;
  /** How a container unfolded, last time it did. */
  opening?: Opening;
  /** The state around inline items, as of the expansion. */
  around?: JsonObject;
  /** Its size, see `Body.size`. */
  around_bytes?: number;
  /** Frames that were opened and still matter, by index. */
  frames: Map<number, Frame>;
  opened: number;
  active: number;
  failures: number;
  /** Results of ended frames, by index. */
  results: Json[];
  /** Items that could not begin, for a retry to open once more. */
  again: number[];
  /** Items and branches that were cancelled because they were no longer needed. */
  stopped: number[];
  /** What steps in the turns of a loop have answered, by path without visits; see `flow/said.ts`. */
  said?: Readonly<Record<string, readonly string[]>>;
  /** A `break` has left it. */
  left: boolean;
  graph?: GraphState;
  /** A `return` in a graph, which ends what is around the graph once the rest of it has stopped. */
  returning?: { readonly value: Json };
  /** Something inside was rejected, which no `mode` forgives. */
  rejected: boolean;
  /** Approval: the version on the table and what was said of it. */
  version: number;
  title?: string;
  plan?: string;
  comments: readonly Comment[];
  /** The last answer to one of its breakpoints. */
  answer?: GivenAnswer;
  /** What its work came to, where gates or a stop come before its end. */
  output?: Json;
  replaced: boolean;
  /** The failure that its output stands for, which ended nothing. */
  tolerated?: Failure;
  /** The stop after this step has been passed. */
  passed: boolean;
  /** Its result stands in the state already, where people may have changed it. */
  written: boolean;
  /** The task inside it that judged its output last. */
  judge?: string;
  supervised?: Supervised;
  /** The verdicts on a gate step's gates. */
  judged?: readonly GateResult[];
}

export interface GivenAnswer {
  readonly answer: Answer;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What is kept of a task that may have to be undone. */
export interface Undo {
  readonly path: string;
  readonly steps: readonly Step[];
  /** The list that the task stood in: its state as it goes on, and its results. */
  readonly frame: Frame;
  /** What its `on_cancel` steps see as `task`: {path, inputs, known, output}. */
  readonly task: JsonObject;
}

export interface RunState {
  seq: number;
  status: RunStatus;
  readonly started: RunStarted;
  readonly started_at: number;
  updated_at: number;
  ended_at?: number;
  paused_at?: number;
  readonly root: Frame;
  readonly frames: Map<string, Frame>;
  readonly open: Map<string, OpenTask>;
  readonly tasks: Map<string, TaskRecord>;
  readonly breakpoints: Map<string, Breakpoint>;
  /** Every time that something falls due, by task path. */
  readonly timers: Map<string, number>;
  /** What is timed and counted, by key; that of the run, `""`, is always there. */
  readonly accounts: Map<string, Account>;
  /** Attempts executing. */
  running: number;
  /** Tasks whose attempt waits for its turn, by path, with the sequence number of when they came; the first goes first. */
  readonly queue: Map<string, number>;
  /** Payloads of signals that came before anyone waited for them, by name, oldest first. */
  readonly signals: Map<string, Json[]>;
  /** Sessions of debugging that may stop the run, by name. */
  readonly stops: Map<string, StopSession>;
  /** Inbox signals that were admitted. */
  readonly signalIds: Set<string>;
  cancel?: { readonly by: string; readonly kill: boolean };
  /** Why the run ends as failed: a limit that was reached, or a failure that it is undone for. */
  halt?: Failure;
  /** What the success criteria came to when it ended. */
  criteria?: readonly Criterion[];
  /** Budgets that are only watched and were exceeded, or of which nobody knows whether they are. */
  readonly overspent: Failure[];
  /** A state that has grown too large, until the run is ended for it. */
  oversize?: {
    readonly path: string;
    readonly field: string;
    readonly bytes: number;
    readonly limit: number;
  };
  /** Tasks with `on_cancel` that ended, or of which nobody knows, by path, the latest last. */
  readonly undo: Map<string, Undo>;
  /** The steps that undo one of them, while they run. */
  undoing?: Frame;
  /** How many have been undone. */
  readonly undone: { done: number; failed: number };
  value?: Json;
  failure?: Failure;
  tokens: number;
  cost_usd: number;
  /** Tokens of it whose price nobody knows; absent: there are none. */
  unpriced?: number;
  /** Every gate of the run by its last verdict. */
  readonly gates: GateCounts;
}

/** When a run began, in ms since the epoch: a fork when it was forked, whatever it has from the other run. */
export function beganAt({ started, started_at }: RunState): number {
  return started.forked_at ?? started_at;
}

/** True once nothing further happens unless a person retries. */
export function isFinished(state: RunState): boolean {
  return (
    state.status === "done" ||
    state.status === "failed" ||
    state.status === "rejected" ||
    state.status === "cancelled"
  );
}

/**
 * True when the run stands still until somebody answers or signals: nothing executes, and no time falls due but that
 * of what is asked.
 */
export function isWaiting(state: RunState): boolean {
  if (state.running > 0 && !allAsk(state)) return false;
  for (const path of state.timers.keys()) if (!isAsked(state.open.get(path))) return false;
  if (state.breakpoints.size > 0) return true;
  for (const task of state.open.values()) if (isAsked(task)) return true;
  return false;
}

/** The breakpoint that a task waits at: its own, or the first of those that its attempt asks. */
export function breakpointOf(task: OpenTask | undefined): string | undefined {
  const now = task?.state;
  if (now?.is === "asking") return now.breakpoint;
  return now?.is === "running" ? now.asked?.ids[0] : undefined;
}

/** True when every attempt that executes stands still at a question. */
function allAsk(state: RunState): boolean {
  if (state.breakpoints.size === 0) return false;
  for (const { state: now } of state.open.values())
    if (now.is === "running" && !now.asked) return false;
  return true;
}

function isAsked(task: OpenTask | undefined): boolean {
  return (
    task?.state.is === "asking" || (task?.state.is === "waiting" && task.state.signal !== undefined)
  );
}
