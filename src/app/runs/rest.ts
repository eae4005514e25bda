/** When a run that is only watched comes to rest. Knows no disk and no host. */
import { isFinished, isWaiting, type RunState } from "../../run/state.ts";
import type { RunWatch } from "../app.ts";

/** Resolves once the run is finished, waits for somebody outside, or is driven by nobody. Lets the watch go. */
export function comesToRest(watch: RunWatch): Promise<RunState> {
  return new Promise((resolve) => {
    const look = (): void => {
      const { state } = watch;
      const still =
        !watch.busy &&
        (isWaiting(state) || state.status === "paused" || watch.ownership === "nobody");
      if (!isFinished(state) && !still) return;
      stop();
      watch.dispose();
      resolve(state);
    };
    const stop = watch.onChange(look);
    look();
  });
}
