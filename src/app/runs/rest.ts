/** When a run that is only watched comes to rest. Knows no disk and no host. */
import { isFinished, isWaiting } from "../../run/state.ts";
import type { RunWatch } from "../app.ts";

/**
 * True once the run is finished, waits for somebody outside, or is driven by nobody; false when `stop` came first. The
 * watch stays the caller's.
 */
export function comesToRest(watch: RunWatch, stop?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (came: boolean): void => {
      unlisten();
      stop?.removeEventListener("abort", leave);
      resolve(came);
    };
    const leave = (): void => end(false);
    const look = (): void => {
      if (rests(watch)) end(true);
      else if (stop?.aborted) end(false);
    };
    const unlisten = watch.onChange(look);
    stop?.addEventListener("abort", leave);
    look();
  });
}

function rests(watch: RunWatch): boolean {
  const { state } = watch;
  if (isFinished(state)) return true;
  if (watch.busy) return false;
  return isWaiting(state) || state.status === "paused" || watch.ownership === "nobody";
}
