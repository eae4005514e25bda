/**
 * How long an attempt says nothing: the `idle_timeout` of a step. Only what comes of it is an event, so that an attempt
 * which talks all the time writes nothing into the journal.
 */
import { failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import { formatDuration } from "../../workflow/duration.ts";
import type { Timer } from "../timer.ts";

export interface Silence {
  /** The attempt gave a sign of life. */
  heard(): void;
  /** While it waits for a person its silence does not count. */
  hold(held: boolean): void;
  /** What the attempt came to, once it has let go: that it was silent, unless it ended well all the same. */
  judge(outcome: ActivityOutcome): ActivityOutcome;
  end(): void;
}

/** Listens to an attempt from now on, and calls `stop` after `limit` ms without a sign. Without a limit it never does. */
export function listen(options: {
  readonly path: string;
  readonly limit: number | undefined;
  readonly timer: Timer;
  readonly stop: () => void;
}): Silence {
  const { path, limit, timer, stop } = options;
  let silent = false;
  let held = false;
  let cancel = (): void => undefined;
  const heard = (): void => {
    if (limit === undefined || silent) return;
    cancel();
    if (held) return;
    cancel = timer.after(limit, () => {
      silent = true;
      stop();
    });
  };
  heard();
  return {
    heard,
    hold: (now) => {
      held = now;
      heard();
    },
    judge: (outcome) => {
      if (!silent || outcome.type === "completed") return outcome;
      const message = `${path} said nothing for ${formatDuration(limit ?? 0)} and was stopped. Raise its idle_timeout if it needs to be silent for longer.`;
      return { type: "unknown", failure: failure("timeout", message) };
    },
    end: () => cancel(),
  };
}
