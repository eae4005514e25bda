/**
 * A line of the log, for whoever looks into what happened: what, how grave, and where it belongs.
 * Owns its fields and their order; must not know where lines go. Of what tasks say it holds only what failures quote.
 */
import { hashText } from "../../util/hash.ts";
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly run?: string;
  /** Of the task, and its attempt. */
  readonly path?: string;
  readonly attempt?: number;
  /** The event behind it and its number in the journal. */
  readonly event?: string;
  readonly seq?: number;
  /** What is known of a failure or fault: code, evidence, stack and causes. */
  readonly error?: JsonObject;
}

/** Takes lines. Never throws and never keeps anyone waiting. */
export interface Log {
  write(entry: LogEntry): void;
}

/** True when lines of this level are wanted. */
export function isWanted(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}

/** The level of that name; undefined when there is none. */
export function logLevelOf(name: unknown): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === name);
}

/**
 * The line as a JSON object. `trace` and `span` tie together what belongs to a run and to one attempt, in the form of
 * W3C Trace Context (32 and 16 hex digits); they follow from the names, so every process gives the same.
 */
export function logRecord(entry: LogEntry, at: number, pid: number): JsonObject {
  const { level, message, run, path, attempt, event, seq, error } = entry;
  return {
    at: new Date(at).toISOString(),
    level,
    message,
    pid,
    ...(run === undefined ? {} : { run, trace: hashText(run).slice(0, 32) }),
    ...(path === undefined ? {} : { path }),
    ...(attempt === undefined ? {} : { attempt, span: spanOf(run, path, attempt) }),
    ...(event === undefined ? {} : { event }),
    ...(seq === undefined ? {} : { seq }),
    ...(error === undefined ? {} : { error }),
  };
}

/** The line for people: what happened and where, with what is known of an error below it. */
export function logText({ message, run, path, attempt, error }: LogEntry): string {
  const where = [run, path, attempt === undefined ? undefined : `attempt ${attempt}`];
  const place = where.filter((part) => part !== undefined).join(" ");
  const first = place === "" ? message : `[${place}] ${message}`;
  return error === undefined ? first : `${first}\n${JSON.stringify(error, null, 2)}`;
}

/** The same value with every text in it passed through `redact`, keys left as they are. */
export function redacted(value: Json, redact: (text: string) => string): Json {
  if (typeof value === "string") return redact(value);
  if (isList(value)) return value.map((item) => redacted(item, redact));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, redacted(child, redact)]),
  );
}

/** What is known of an error: its name, words, code, stack, and its causes, five deep. */
export function describeError(error: unknown, depth = 0): JsonObject {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  return {
    ...{ name, message, ...code },
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined || depth >= 5 ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

function spanOf(run = "", path = "", attempt = 0): string {
  return hashText(`${run}/${path}#${attempt}`).slice(0, 16);
}
