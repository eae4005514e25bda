/**
 * Waits for a condition on something that is read again and again, and says what it saw when it never came.
 */
import { setTimeout as sleep } from "node:timers/promises";

/** A machine that is busy with much else may be given more time: FERMATA_SLOW=3 is three times as much. */
export const SLOW = Number(process.env.FERMATA_SLOW ?? 1);

export interface UntilOptions<T> {
  /** 30 s unless told. */
  readonly timeoutMs?: number | undefined;
  readonly show?: (seen: T) => string;
}

/** Reads until `holds`, and answers what was read then. `what` names it in the error. */
export async function until<T>(
  what: string,
  read: () => Promise<T>,
  holds: (seen: T) => boolean,
  { timeoutMs = 30_000 * SLOW, show = (seen) => JSON.stringify(seen) }: UntilOptions<T> = {},
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const seen = await read();
    if (holds(seen)) {
      return seen;
    }
    if (Date.now() > end) {
      throw new Error(
        `${what}: not as awaited within ${timeoutMs / 1000} s; last seen:\n${show(seen)}`,
      );
    }
    await sleep(100);
  }
}
