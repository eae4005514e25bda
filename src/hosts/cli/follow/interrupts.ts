/**
 * Ctrl-C and the system's wish that we end. The first in a terminal is a question, the second an order; without a
 * terminal one is enough. Owns counting them.
 */
import type { Keyboard } from "../prompts/typing/keyboard.ts";

export interface Interrupts {
  /** How often it was asked for. */
  readonly count: number;
  listen(listener: (count: number) => void): void;
  dispose(): void;
}

/** A first Ctrl-C is forgotten after this, in ms. */
const FORGET = 8000;

/** Listens from now on; `dispose` gives the signals their usual meaning back. */
export function createInterrupts(keyboard: Keyboard | undefined): Interrupts {
  let count = 0;
  let listener: ((count: number) => void) | undefined;
  let forget: NodeJS.Timeout | undefined;
  const set = (next: number): void => {
    count = next;
    listener?.(count);
  };
  const ask = (): void => {
    clearTimeout(forget);
    set(count + 1);
    if (count === 1) forget = setTimeout(() => set(0), FORGET).unref();
  };
  const order = (): void => set(Math.max(2, count + 1));
  const interrupt = keyboard ? ask : order;
  const unlisten = keyboard?.onInterrupt(ask);
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", order);
  process.on("SIGHUP", order);
  return {
    get count() {
      return count;
    },
    listen: (told) => {
      listener = told;
    },
    dispose: () => {
      clearTimeout(forget);
      unlisten?.();
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", order);
      process.off("SIGHUP", order);
    },
  };
}
