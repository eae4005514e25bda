/** The port through which a run acts on the world: told what to do, it reports outcomes to whoever drives. */
import type { Effect } from "../run/command.ts";
import type { Outcome } from "../run/signal.ts";

export interface Performer {
  /** Begins the effect and returns at once. Its outcome arrives through `report`, exactly once per attempt. */
  perform(effect: Effect, report: (outcome: Outcome) => void): void;
  /** Stops whatever still runs, without reporting. Resolves once it is gone. */
  dispose(): Promise<void>;
}
