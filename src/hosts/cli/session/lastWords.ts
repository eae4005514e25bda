/**
 * What the program says when it ends for a reason that nobody foresaw: without secrets, whoever threw it and from where.
 * Owns that while a session is open; the words of faults that are caught are `main`'s.
 */
import { EXIT } from "../exitCode.ts";

export interface LastWords {
  /** Takes over what takes secrets out of a text, once there is something. */
  readonly redacting: (redact: (text: string) => string) => void;
  /** The error with its texts cleared, itself otherwise. */
  readonly clean: (error: unknown) => unknown;
  readonly dispose: () => void;
}

/** From now on until it is disposed of, an error that nobody catches ends the program with clean words. */
export function createLastWords(): LastWords {
  let redact = (text: string): string => text;
  const clean = (error: unknown): unknown => {
    if (!(error instanceof Error)) return typeof error === "string" ? redact(error) : error;
    error.message = redact(error.message);
    if (error.stack !== undefined) error.stack = redact(error.stack);
    return error;
  };
  const end = (error: unknown): void => {
    const told = clean(error);
    const what = told instanceof Error ? (told.stack ?? told.message) : redact(String(told));
    const words = `fermata: this is a fault of fermata itself. Please report it with these lines:\n${what}\n`;
    process.stderr.write(words, () => process.exit(EXIT.internal));
  };
  process.on("uncaughtException", end);
  return {
    redacting: (given) => {
      redact = given;
    },
    clean,
    dispose: () => process.off("uncaughtException", end),
  };
}
