/**
 * What a window and its run view say to each other. Both ends switch over these types exhaustively, so that a message
 * without a receiver does not compile. Plain JSON; knows neither end.
 */
import type { Recorded } from "../run/event.ts";
import type { Json } from "../util/json.ts";

/** How a run is driven at this moment. */
export interface Driving {
  readonly driven: boolean;
  /** Latest live line of each running task: [path, line]. */
  readonly live: readonly (readonly [string, string])[];
  /** Why the run cannot be steered from here; absent where it can. */
  readonly locked?: string;
}

export interface TranscriptLine {
  readonly at: number;
  readonly attempt: number;
  readonly kind: string;
  readonly text: string;
}

export type ToView =
  /** Everything so far; what the view had is void. `clock`: the sender's time, in ms since the epoch. */
  | {
      readonly type: "snapshot";
      readonly run: string;
      readonly me: string;
      readonly clock: number;
      readonly events: readonly Recorded[];
      readonly driving: Driving;
    }
  /** What came since, in order. */
  | {
      readonly type: "more";
      readonly clock: number;
      readonly events: readonly Recorded[];
      readonly driving: Driving;
    }
  | {
      readonly type: "transcript";
      readonly path: string;
      /** Index of the first line that is sent. */
      readonly from: number;
      readonly total: number;
      readonly lines: readonly TranscriptLine[];
    }
  /** A task to select: it was chosen in another view. */
  | { readonly type: "select"; readonly path: string }
  /** An answer was not taken; the reason as a sentence. */
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "failed"; readonly reason: string };

export type Steering = "pause" | "resume" | "cancel" | "retry";

/** What a person can do with one task. */
export type TaskMove = "guide" | "stop" | "retry" | "editAndRetry" | "fork" | "transcript";

export type FromView =
  | { readonly type: "ready" }
  | { readonly type: "steer"; readonly verb: Steering }
  | { readonly type: "move"; readonly move: TaskMove; readonly path: string }
  /** `shown`: hash of the text that was on screen. */
  | {
      readonly type: "answer";
      readonly breakpoint: string;
      readonly shown: string;
      readonly answer: Json;
    }
  /** Opens what a breakpoint asks in the editor's own form: plans, long texts. */
  | { readonly type: "openQuestion"; readonly breakpoint: string }
  /** A page of a task's transcript; with `follow` the last one, and again as it grows. */
  | {
      readonly type: "transcript";
      readonly path: string;
      readonly from: number;
      readonly follow: boolean;
    }
  | { readonly type: "openFile"; readonly file: string }
  | { readonly type: "openText" }
  | { readonly type: "fault"; readonly message: string };

/** Lines of a transcript in one message. */
export const TRANSCRIPT_PAGE = 200;
