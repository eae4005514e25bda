/** What is known of a task for ever, open or closed. Owns the shape: the fold writes it, views and reports read it. */
import type { ClosedStatus } from "../event.ts";
import type { Failure } from "../failure.ts";
import type { GateVerdict } from "../gate/tally.ts";
import type { Decision } from "../supervise/facts.ts";

export type TaskStatus =
  | "running"
  | "queued"
  | "retrying"
  | "asking"
  | "waiting"
  | "open"
  | ClosedStatus;

/** Times in ms since the epoch. */
export interface TaskRecord {
  readonly path: string;
  /** A step's kind, or `item` and `branch` for the frames of a container. */
  readonly kind: string;
  readonly id: string;
  readonly title: string;
  readonly phase?: string;
  /** Planned duration in ms. */
  readonly estimate?: number;
  readonly parent: string;
  status: TaskStatus;
  started_at: number;
  ended_at?: number;
  attempts: number;
  tokens: number;
  cost_usd: number;
  /** Tokens of it whose price nobody knows; absent: there are none. */
  unpriced?: number;
  /** Of a task that is done: it failed, and the list went on. */
  failure?: Failure;
  /** The step of a graph that failed, so that this one never began. */
  blocked_by?: string;
  /** On the record of a step's first visit, once there were more. */
  visits?: number;
  /** Sequence number of the event that closed it: its result is there. */
  closed_seq?: number;
  retry_at?: number;
  agent?: string;
  /** Who gave the last answer to one of its breakpoints. */
  answered_by?: string;
  /** Of a supervised step: which iteration it was, and what came of it. */
  iteration?: number;
  quality?: number;
  confidence?: number;
  decision?: Decision;
  /** The last verdicts on its gates. */
  gates?: readonly GateVerdict[];
}
