/** The port through which a run acts on the world: told what to do, it reports outcomes to whoever drives. */

import type { PermissionAnswer } from "../run/ask/breakpoint.ts";
import type { Admission, Effect } from "../run/command.ts";
import type { ActivityOutcome } from "../run/request.ts";
import type { Inquiry, Outcome, Turn } from "../run/signal.ts";

/** Resolves once what was reported is durable, or refused; rejects when nobody drives the run any more. */
export type Report = (input: Outcome | Turn | Inquiry) => Promise<Admission>;

/** An attempt that began under another host and goes on here. */
export interface GoingAttempt {
  readonly path: string;
  readonly attempt: number;
  readonly token: string;
  /** Settles once it has let go, however it ends; rejects on our own faults. */
  readonly outcome: Promise<ActivityOutcome>;
  stop(): void;
  tell(question: number, answer: PermissionAnswer): void;
}

export interface Performer {
  /**
   * Begins the effect and returns at once. Its outcome arrives through `report`, exactly once per attempt; before that,
   * perhaps, that it waits for its turn, and that it has it, and what it asks of a person. What waits begins only once
   * it is durable that it does.
   */
  perform(effect: Effect, report: Report): void;
  /** Takes on an attempt that goes on; from here on it is like one that was begun here. Absent: none ever does. */
  adopt?(attempt: GoingAttempt, report: Report): void;
  /** While the run is paused, what waits for its turn does not begin. Told after each batch; absent: nothing ever waits. */
  hold?(held: boolean): void;
  /** Stops whatever still runs, without reporting. Resolves once it is gone. */
  dispose(): Promise<void>;
}
