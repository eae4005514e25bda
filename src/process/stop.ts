/**
 * The ladder by which a guarded command is stopped: its input ends, the whole tree is asked, the whole tree is
 * killed. Owns the order and the times of DESIGN promise 7; must not know processes, only what it is handed.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Gone } from "./tree/tree.ts";

/** Milliseconds for a command to end because its input did. */
export const INPUT_GRACE_MS = 500;
/** Milliseconds between the polite signal and the kill: within five seconds of the cancel in any case. */
export const SIGNAL_GRACE_MS = 3500;
/** Milliseconds after the kill in which the guard must have answered. */
export const ANSWER_MS = 3500;

export interface StopLadder {
  /** In place of `INPUT_GRACE_MS`. */
  readonly inputGraceMs?: number;
  /** Absent when the command has no input that could end. */
  readonly endInput?: () => void;
  /** Tells the guard to ask the tree now and to kill it after `graceMs`. */
  readonly stopTree: (graceMs: number) => void;
  /** Kills a guard that does not answer; the rest of the tree is then ended without it. */
  readonly killGuard: () => void;
  /** Settles when the tree has ended, whoever ended it. */
  readonly gone: Promise<Gone>;
  /** Resolves after `ms` milliseconds, or at once when aborted. */
  readonly delay?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Climbs until the tree is gone. Resolves always, at the latest some seconds after the kill. */
export async function climbStopLadder(ladder: StopLadder): Promise<Gone> {
  const { endInput, stopTree, killGuard, gone, delay = abortableDelay } = ladder;
  const { inputGraceMs = INPUT_GRACE_MS } = ladder;
  const endedWithin = async (ms: number) => {
    const timer = new AbortController();
    const ended = gone.then(() => true);
    const late = delay(ms, timer.signal).then(() => false);
    try {
      return await Promise.race([ended, late]);
    } finally {
      timer.abort();
    }
  };
  if (endInput !== undefined) {
    endInput();
    if (await endedWithin(inputGraceMs)) return await gone;
  }
  stopTree(SIGNAL_GRACE_MS);
  if (!(await endedWithin(SIGNAL_GRACE_MS + ANSWER_MS))) killGuard();
  return await gone;
}

async function abortableDelay(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
