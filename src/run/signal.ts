/** What comes from outside: a person's or program's requests, and the outcomes that performers report. */
import type { Json, JsonObject } from "../util/json.ts";
import type { PermissionForm } from "./ask/breakpoint.ts";
import type { ActivityOutcome } from "./request.ts";
import type { Pace, StopPlace } from "./stops/stop.ts";

export type Signal = Request & {
  /** Names a signal that came through an inbox, so that it is admitted once however often it is delivered. */
  readonly id?: string;
};

type Request =
  | {
      readonly type: "answer";
      /** A breakpoint's id, or its task's path, or a step id that only one open breakpoint has. */
      readonly breakpoint: string;
      readonly answer: Json;
      readonly by: string;
      /** Hash of what the person saw; needed to approve. */
      readonly shown?: string;
      /** True when an answers file speaks: bound to no screen, and marked as a policy. */
      readonly policy?: boolean;
    }
  | {
      /** Takes a question on, so that others leave it; `release` gives it back. */
      readonly type: "claim";
      readonly breakpoint: string;
      readonly by: string;
      readonly release?: boolean;
    }
  | { readonly type: "signal"; readonly name: string; readonly payload: Json; readonly by: string }
  | {
      /** New values of state fields. */
      readonly type: "set";
      readonly updates: JsonObject;
      readonly by: string;
      /** Whose state: an item's, a sub-workflow's, or that around a task; absent: the run's own. */
      readonly path?: string;
    }
  | { readonly type: "cancel"; readonly by: string; readonly reason?: string }
  | { readonly type: "kill"; readonly by: string }
  | { readonly type: "pause"; readonly by: string }
  | { readonly type: "resume"; readonly by: string }
  | {
      /** All the stops of a session of debugging; its first such signal begins it. */
      readonly type: "stops";
      readonly session: string;
      readonly by: string;
      /** The process that the session lives in: with it the session ends. */
      readonly host: string;
      readonly places: readonly StopPlace[];
      /** Stop at the next step that begins, too. */
      readonly pace?: Pace;
    }
  | {
      /** Go one step on from a task that is stopped, once it is answered. */
      readonly type: "step";
      readonly session: string;
      readonly by: string;
      readonly pace: Pace;
      readonly path?: string;
    }
  | { readonly type: "stops_end"; readonly session: string; readonly by: string }
  /** Stops the running attempt of one task; the run goes on. */
  | { readonly type: "stop_task"; readonly path: string; readonly by: string }
  | {
      /** Another attempt of a task that runs or has failed, whose agent is told this. */
      readonly type: "guide";
      readonly path: string;
      readonly text: string;
      readonly by: string;
    }
  | {
      readonly type: "retry";
      readonly by: string;
      /** A failed task; absent: every one. */
      readonly path?: string;
    };

/** Where an attempt stands that needs a place among the agents of its host: it waits for one, or has it. */
export type Turn =
  | ({ readonly type: "queued" } & OfAttempt)
  | ({ readonly type: "begun" } & OfAttempt);

/**
 * What a running attempt asks a person, and that it no longer does. `question` numbers it within the attempt. `host_died`:
 * the host that asked is gone, and the attempt goes on without an answer.
 */
export type Inquiry =
  | ({
      readonly type: "asked";
      readonly question: number;
      readonly form: PermissionForm;
    } & OfAttempt)
  | ({
      readonly type: "withdrawn";
      readonly question: number;
      readonly host_died?: true;
    } & OfAttempt);

interface OfAttempt {
  readonly path: string;
  readonly attempt: number;
  readonly token: string;
}

/** Time in which nobody could do anything, told by whoever drives the run: see the event `time_skipped`. */
export interface Skip {
  readonly type: "skip";
  /** Milliseconds; negative when the machine's clock was set back. */
  readonly shift: number;
  readonly why: "unowned" | "clock";
}

/** What an attempt came to. `host_died`: found unfinished by a new owner. */
export interface Outcome {
  readonly type: "outcome";
  readonly path: string;
  readonly attempt: number;
  readonly token: string;
  readonly outcome: ActivityOutcome;
  readonly host_died?: boolean;
}
