/**
 * The log of this process: where it lies, from which level on, and what goes into it besides runs.
 * Owns that nothing is logged with a secret in it.
 */
import path from "node:path";
import { redactError } from "../../engine/embedded/redacted.ts";
import type { Redactor } from "../../engine/secrets.ts";
import { type LogFile, openLogFile } from "../../journal/log/logFile.ts";
import { describeError, type Log, type LogEntry, logLevelOf } from "../../run/log/entry.ts";

/** What a host says of the log. */
export interface LogOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Our own faults and odd findings, besides the log. */
  readonly log?: (message: string, cause?: unknown) => void;
  /** Told of every line of the log, for a host that shows one of its own. */
  readonly logged?: (entry: LogEntry) => void;
  /** Takes what must not be read out of each text of the log. */
  readonly redact?: (text: string) => string;
}

/** The log beside the runs. FERMATA_LOG_LEVEL wins over the setting. */
export function openLog(
  options: LogOptions,
  state: string,
  { text: hide }: Redactor,
  setting: () => unknown,
): LogFile {
  const { env, logged, redact = (text) => text } = options;
  return openLogFile({
    folder: path.join(state, "log"),
    level: () => logLevelOf(env.FERMATA_LOG_LEVEL) ?? logLevelOf(setting()) ?? "info",
    redact: (text) => redact(hide(text)),
    now: Date.now,
    ...(logged ? { also: logged } : {}),
  });
}

/** Our own faults and odd findings go to the log and to the host. */
export function reportTo(
  log: Log,
  host: LogOptions["log"],
  redact: Redactor,
): NonNullable<LogOptions["log"]> {
  return (message, cause) => {
    const found = cause === undefined ? {} : { error: describeError(cause) };
    const run = /\brun_[a-z2-7]{12}\b/.exec(message)?.[0];
    const about = run === undefined ? {} : { run };
    log.write({ level: cause === undefined ? "info" : "error", message, ...about, ...found });
    host?.(redact.text(message), cause === undefined ? cause : redactError(redact, cause));
  };
}
