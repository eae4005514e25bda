/** The port through which a run acts on the world: told what to do, it reports outcomes to whoever drives. */
import type { Admission, Effect } from "../run/command.ts";
import type { Inquiry, Outcome, Turn } from "../run/signal.ts";

/** Resolves once what was reported is durable, or refused; rejects when nobody drives the run any more. */
export type Report = (input: Outcome | Turn | Inquiry) => Promise<Admission>;

export type Perform = Extract<Effect, { type: "perform" }>;

/** An attempt that began under a host that died, and that somebody may know more of. Its processes are gone. */
export interface LostAttempt {
  readonly effect: Perform;
  /** How many questions it had asked. */
  readonly asked: number;
}

export interface Performer {
  /**
   * Begins the effect and returns at once. Its outcome arrives through `report`, exactly once per attempt; before that,
   * perhaps, that it waits for its turn, and that it has it, and what it asks of a person. What waits begins only once
   * it is durable that it does.
   */
  perform(effect: Effect, report: Report): void;
  /**
   * Goes on with an attempt, or finds out what became of it: from here on it is like one that was begun here, but waits
   * for no turn. Absent: nobody can.
   */
  adopt?(attempt: LostAttempt, report: Report): void;
  /** While the run is paused, what waits for its turn does not begin. Told after each batch; absent: nothing ever waits. */
  hold?(held: boolean): void;
  /** Stops whatever still runs, without reporting. Resolves once it is gone. */
  dispose(): Promise<void>;
}
