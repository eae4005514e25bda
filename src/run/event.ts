/**
 * The facts of a run: what the journal holds and what the next decision may depend on.
 * Owns the shapes; `evolve` gives them meaning. What no decision reads (logs, transcripts) is not here.
 */
import type { Json, JsonObject } from "../util/json.ts";
import type { Bundle } from "../workflow/workflow.ts";
import type { Answer, Form } from "./ask/breakpoint.ts";
import type { Failure } from "./failure.ts";
import type { GateResult } from "./gate/judge.ts";
import type { PlannedStep } from "./plan/readPlan.ts";
import type { ActivityRequest, ContextUse, Effects, Usage } from "./request.ts";
import type { Pace, StopPlace } from "./stops/stop.ts";
import type { SupervisionEvent } from "./supervise/facts.ts";

/** The agent that stands behind a name in this run, chosen once and kept. */
export interface ChosenAgent {
  readonly adapter: string;
  readonly effects: Effects;
  readonly hash: string;
  readonly why: string;
  readonly [more: string]: Json;
}

export interface RunStarted {
  readonly type: "run_started";
  readonly run: string;
  readonly bundle: Bundle;
  /** SHA-256 of the bundle's JSON. */
  readonly bundle_hash: string;
  readonly inputs: JsonObject;
  readonly state: JsonObject;
  /** Seeds `uuid()` and `random()`. */
  readonly seed: string;
  /** The environment names that expressions may read, as of the start. */
  readonly env: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly started_by: string;
  /** The machine that made the run; only there it resumes by itself. */
  readonly machine: string;
  /** Key of the agent for steps that name none, in workflows that `default_agents` does not list. */
  readonly default_agent: string;
  /** By workflow of the bundle, where its settings make it another. */
  readonly default_agents?: Readonly<Record<string, string>>;
  /** By the keys that the bundle's steps name them by, as `agentKey.ts` forms them. */
  readonly agents: Readonly<Record<string, ChosenAgent>>;
  readonly tools: Readonly<Record<string, { readonly effects: Effects }>>;
  readonly forked_from?: string;
  /** When it was forked; the records up to there are the other run's. Ms since the epoch. */
  readonly forked_at?: number;
}

/** How a container task unfolds; recorded so that nothing is evaluated again. */
export type Opening =
  | { readonly kind: "condition"; readonly branch: "then" | "else" | "none" }
  | {
      readonly kind: "foreach";
      readonly items: readonly Json[];
      /** The items' names for people. */
      readonly keys?: readonly string[];
    }
  | { readonly kind: "parallel" }
  | { readonly kind: "graph" }
  /** The n-th turn of a `while`, from 1. */
  | { readonly kind: "while"; readonly turn: number }
  | { readonly kind: "workflow"; readonly inputs: JsonObject; readonly state: JsonObject }
  | { readonly kind: "handler"; readonly failure: Failure }
  | { readonly kind: "rejection" }
  | { readonly kind: "revision" }
  /** The plan as its agent made it, found to be one that can be carried out. */
  | { readonly kind: "plan"; readonly goal: string; readonly steps: readonly PlannedStep[] }
  /** The agent's work in a worktree of its own. `form`: how it unfolds; absent, as it first did. */
  | { readonly kind: "isolated"; readonly form?: 2 }
  /** The step's own gates over its output. */
  | { readonly kind: "gates" }
  /** What supervision asks of others about an answer. */
  | { readonly kind: "review"; readonly part: ReviewPart };

export type ReviewPart = "validate" | "tests" | "judge";

/** Where a step sends the run instead of to the step after it. */
export type Jump =
  | { readonly to: "break" }
  | { readonly to: "continue" }
  /** The step at `index` of the list with this key. */
  | { readonly to: "step"; readonly list: string; readonly index: number };

export type ClosedStatus = "done" | "failed" | "skipped" | "cancelled" | "rejected";

type OfAttempt = { readonly path: string; readonly attempt: number; readonly token: string };

/** One of the `success_criteria`, as it was written, and whether it held; `problem`: why it could not be evaluated. */
export interface Criterion {
  readonly criterion: string;
  readonly held: boolean;
  readonly problem?: string;
}

export type RunEvent = Fact & {
  /** The inbox signal that caused it. */
  readonly signal_id?: string;
};

type Fact =
  | RunStarted
  | SupervisionEvent
  | { readonly type: "task_opened"; readonly path: string; readonly opening: Opening }
  | {
      /** An item of a foreach, a branch of a parallel or a step of a graph begins. */
      readonly type: "frame_opened";
      readonly path: string;
      readonly owner: string;
      readonly index: number;
      readonly inputs?: JsonObject;
      readonly state?: JsonObject;
      /** Why it could not begin; it counts as failed. */
      readonly failure?: Failure;
    }
  | {
      /** A step of a graph never begins, because one that it depends on has failed. */
      readonly type: "step_blocked";
      readonly path: string;
      readonly owner: string;
      readonly index: number;
      /** Id of that one. */
      readonly by: string;
    }
  | {
      /** An item, branch or graph's step that is no longer needed, and in which nothing runs any more, is given up. */
      readonly type: "frame_cancelled";
      readonly path: string;
      readonly owner: string;
      readonly index: number;
    }
  | (OfAttempt & {
      readonly type: "task_started";
      /** Absent when the attempt reuses the recorded request of the attempt before. */
      readonly request?: ActivityRequest;
      readonly correction?: string;
      readonly effects?: Effects;
      /** When the attempt's time is up, in ms since the epoch. */
      readonly deadline?: number;
    })
  | {
      /** An attempt could begin, but as many as may execute at once do. */
      readonly type: "task_queued";
      readonly path: string;
      /** It is to reuse the recorded request. */
      readonly repeat?: true;
      readonly correction?: string;
    }
  | (OfAttempt & {
      readonly type: "attempt_completed";
      readonly result: Json;
      readonly usage?: Usage;
      readonly context?: ContextUse;
    })
  | (OfAttempt & {
      readonly type: "attempt_failed";
      readonly failure: Failure;
      readonly usage?: Usage;
      readonly context?: ContextUse;
    })
  | (OfAttempt & {
      readonly type: "attempt_lost";
      readonly failure: Failure;
      readonly host_died: boolean;
    })
  | (OfAttempt & {
      readonly type: "attempt_timed_out";
      readonly failure: Failure;
      /** It was not its own time that was up, but that of what is around it. */
      readonly cut?: true;
    })
  | (OfAttempt & { readonly type: "attempt_stopping" })
  /** It waits for a place among the agents of its host; no time of its runs. */
  | (OfAttempt & { readonly type: "attempt_queued" })
  /** It has that place: its deadline moves by as long as it waited. */
  | (OfAttempt & { readonly type: "attempt_begun" })
  | {
      readonly type: "retry_scheduled";
      readonly path: string;
      readonly attempt: number;
      readonly due: number;
      readonly correction?: string;
    }
  | {
      readonly type: "wait_started";
      readonly path: string;
      readonly due?: number;
      readonly signal?: string;
    }
  | {
      /** The work of a step is done, whose gates or stop come before its end; `attempt_completed` says it of attempts. */
      readonly type: "task_performed";
      readonly path: string;
      /** Absent where the result follows from what is inside the task. */
      readonly result?: Json;
      /** It came in the place of work that failed: no gate is asked of it. */
      readonly replaced?: boolean;
      /** What failed, where nothing mended it and the list goes on. */
      readonly failure?: Failure;
    }
  | {
      readonly type: "task_closed";
      readonly path: string;
      readonly status: ClosedStatus;
      /** Absent where the result follows from what is inside the task. */
      readonly result?: Json;
      /** Of a task that is done: it failed, and `on_error: continue` let the list go on. */
      readonly failure?: Failure;
      /** A `return`: the value ends the nearest item, branch, handler, workflow or the run. */
      readonly returns?: boolean;
      readonly jump?: Jump;
    }
  | {
      readonly type: "breakpoint_opened";
      readonly path: string;
      readonly id: string;
      readonly form: Form;
      readonly due?: number;
      /** The running attempt that asks, and its number of the question. */
      readonly attempt?: number;
      readonly question?: number;
    }
  | {
      /** The attempt that asked does not want to know any more. */
      readonly type: "breakpoint_withdrawn";
      readonly path: string;
      readonly id: string;
      /** Its host died, and nobody had answered. */
      readonly host_died?: true;
    }
  | { readonly type: "breakpoint_escalated"; readonly path: string; readonly id: string }
  | {
      /** Somebody takes it on, or, with `released`, no longer. */
      readonly type: "breakpoint_claimed";
      readonly path: string;
      readonly id: string;
      readonly by: string;
      readonly released?: true;
    }
  | {
      readonly type: "breakpoint_answered";
      readonly path: string;
      readonly id: string;
      readonly answer: Answer;
      readonly answered_by: string;
      /** Hash of what was on screen. */
      readonly shown: string;
    }
  | {
      /** The gates of a gate step, each with its evidence; the last word on them until they are judged again. */
      readonly type: "gates_judged";
      readonly path: string;
      readonly results: readonly GateResult[];
    }
  | {
      readonly type: "signal_received";
      readonly name: string;
      readonly payload: Json;
      readonly by: string;
      readonly path?: string;
    }
  | {
      /** A task, or without a path the run, has used up what it may; what executes in it was stopped before. */
      readonly type: "limit_reached";
      readonly path?: string;
      readonly failure: Failure;
    }
  | {
      /** A budget that is only watched (`budget_mode: audit`) is exceeded; told once. */
      readonly type: "budget_exceeded";
      /** Whose budget: see `run/account.ts`. */
      readonly account: string;
      readonly failure: Failure;
    }
  | {
      /** A budget in money that is only watched, and something was spent whose price nobody knows; told once. */
      readonly type: "price_unknown";
      readonly account: string;
      readonly failure: Failure;
    }
  /** The run fails, and is undone first. */
  | { readonly type: "run_failing"; readonly failure: Failure }
  /** The `on_cancel` steps of a task begin. */
  | { readonly type: "compensation_started"; readonly path: string }
  | { readonly type: "compensation_ended"; readonly path: string; readonly failure?: Failure }
  | {
      /** Time went by in which nothing could be done: deadlines that ran move by `shift` (ms). */
      readonly type: "time_skipped";
      readonly shift: number;
      /** Nobody drove the run, or the machine slept or had its clock set. */
      readonly why: "unowned" | "clock";
    }
  | {
      /** A person wrote state fields by hand. */
      readonly type: "state_set";
      readonly by: string;
      readonly updates: JsonObject;
      /** As in the signal; absent: the run's own state. */
      readonly path?: string;
    }
  | {
      /** What a session of debugging wants the run to stop at, all of it; see `stops/stop.ts`. */
      readonly type: "stops_set";
      readonly session: string;
      readonly by: string;
      readonly host: string;
      readonly places: readonly StopPlace[];
      /** It is to stop at the next step that begins, too. */
      readonly pace?: Pace;
    }
  | {
      readonly type: "step_asked";
      readonly session: string;
      readonly by: string;
      readonly pace: Pace;
      /** The task that the run stood at, its lane and its thread. */
      readonly from?: string;
      readonly lane?: string;
      readonly thread?: string;
    }
  | {
      /** A place was come to at which the run does not stop: it is counted, or leaves a line. */
      readonly type: "stop_passed";
      readonly path: string;
      readonly session: string;
      readonly place: string;
      readonly message?: string;
    }
  /** A session has ended: what it stopped goes on. */
  | { readonly type: "stops_removed"; readonly session: string; readonly by: string }
  | { readonly type: "cancel_requested"; readonly by: string; readonly reason?: string }
  | { readonly type: "kill_requested"; readonly by: string }
  | { readonly type: "run_paused"; readonly by: string }
  | { readonly type: "run_resumed"; readonly by: string }
  | {
      readonly type: "retry_requested";
      readonly by: string;
      readonly paths: readonly string[];
      /** What the agent of the one task is told. */
      readonly guidance?: string;
    }
  | {
      readonly type: "run_finished";
      readonly status: "done" | "failed" | "rejected" | "cancelled";
      readonly value?: Json;
      readonly failure?: Failure;
      /** What the workflow's `success_criteria` came to; absent where it has none. */
      readonly criteria?: readonly Criterion[];
    };

export type EventType = RunEvent["type"];

/** An event in its place: `seq` from 1 without gaps, `at` the time of its batch in ms since the epoch. */
export interface Recorded {
  readonly seq: number;
  readonly at: number;
  readonly event: RunEvent;
}
