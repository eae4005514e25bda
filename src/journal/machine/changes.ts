/**
 * Waits for something to change at a path: told by the system where it can, looked for in any case.
 * Owns the life of a watcher that may die unseen; must not know what changes.
 */
import type { Disposable } from "../../util/disposable.ts";
import type { Disk } from "../disk.ts";
import type { Clock } from "./clock.ts";

export interface Changes extends Disposable {
  /** Resolves at the next change, at one since the last call, after `ms`, or when disposed of. */
  next(ms: number): Promise<void>;
  /** Watches anew: what is at the path now may be another thing than before. */
  renew(): void;
}

export function watchChanges(disk: Disk, path: string, clock: Clock): Changes {
  let watcher: Disposable | undefined;
  let changed = false;
  let over = false;
  let waiting = new AbortController();
  const wake = () => {
    changed = true;
    waiting.abort();
  };
  const renew = () => {
    void watcher?.dispose();
    watcher = undefined;
    if (over) return;
    try {
      watcher = disk.watch(path, wake);
    } catch {
      // Nothing there yet, or no watchers left: looking again and again remains.
    }
  };
  renew();
  return {
    renew,
    next: async (ms) => {
      if (!changed && !over) {
        waiting = new AbortController();
        await clock.wait(ms, { signal: waiting.signal });
      }
      changed = false;
    },
    dispose: () => {
      over = true;
      void watcher?.dispose();
      wake();
    },
  };
}
