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
    const isLate = Date.now() > end;
    const found = await read().then(
      (seen) => ({ seen }),
      (error) => replaced(error, isLate),
    );
    if (found && holds(found.seen)) {
      return found.seen;
    }
    if (found && isLate) {
      throw new Error(
        `${what}: not as awaited within ${timeoutMs / 1000} s; last seen:\n${show(found.seen)}`,
      );
    }
    await sleep(100);
  }
}

/** A page inside the window may be shown anew while it is read: then it is read again. Any other error counts. */
function replaced(error: unknown, isLate: boolean): undefined {
  const text = error instanceof Error ? error.message : "";
  if (isLate || !/Frame was detached|Execution context was destroyed/.test(text)) throw error;
}
