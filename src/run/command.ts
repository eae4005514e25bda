/**
 * What must happen next: one event, recorded before anything is done, and perhaps an effect on the world; and what
 * becomes of a thing from outside: such events, or why not.
 */
import type { Breakpoint, PermissionAnswer } from "./ask/breakpoint.ts";
import type { RunEvent } from "./event.ts";
import type { ActivityRequest } from "./request.ts";

/** Told to the performer once the command's event is durable. */
export type Effect =
  | {
      readonly type: "perform";
      readonly path: string;
      readonly attempt: number;
      readonly token: string;
      readonly request: ActivityRequest;
      /** Milliseconds without a word after which its performer stops it. */
      readonly idle_timeout?: number;
    }
  | {
      readonly type: "stop";
      readonly path: string;
      readonly attempt: number;
      readonly token: string;
    }
  | {
      /** A running attempt asked; this is what was said. */
      readonly type: "tell";
      readonly path: string;
      readonly attempt: number;
      readonly token: string;
      readonly question: number;
      readonly answer: PermissionAnswer;
    };

export interface Command {
  readonly event: RunEvent;
  readonly effect?: Effect;
}

/** What becomes of one thing from outside: the events that let it in, or why it is refused. */
export type Admission =
  | {
      readonly ok: true;
      readonly events: readonly RunEvent[];
      /** What a performer is told once the events are durable. */
      readonly effects?: readonly Effect[];
    }
  | {
      readonly ok: false;
      readonly reason: string;
      /** What is asked now, when an answer came to something else. */
      readonly present?: Breakpoint;
    };
