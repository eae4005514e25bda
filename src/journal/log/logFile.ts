/**
 * The log of a workspace: one JSON object a line, in files that are rotated. Several processes may write at once.
 * Owns the files; must not know what is logged. What cannot be written is lost: a log stops nobody.
 */
import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import path from "node:path";
import {
  isWanted,
  type Log,
  type LogEntry,
  type LogLevel,
  logRecord,
  redacted,
} from "../../run/log/entry.ts";

export interface LogFileOptions {
  /** The folder of the log; made when the first line is written. */
  readonly folder: string;
  /** Asked at every line: settings may change. */
  readonly level: () => LogLevel;
  /** Every text of every line passes through here before it is written: the place to take secrets out. */
  readonly redact: (text: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of each line that is wanted, redacted, for a host that shows a log of its own. */
  readonly also?: (entry: LogEntry) => void;
  /** Size in bytes after which a file is put aside. */
  readonly rotateAt?: number;
}

export interface LogFile extends Log {
  /** The file that is written now. */
  readonly file: string;
  /** Resolves once everything is handed to the file system. Never rejects. */
  close(): Promise<void>;
}

/** 5 MB a file, and four older ones beside it: `fermata.1.jsonl` is the latest of them. */
const ROTATE_AT = 5_000_000;
const OLDER = 4;
/** Lines that wait when the disk is slow; more are dropped, and counted. */
const MOST_WAITING = 10_000;

/** The log in this folder. Writes nothing before the first line. */
export function openLogFile(options: LogFileOptions): LogFile {
  const { folder, level, redact, now, also, rotateAt = ROTATE_AT } = options;
  const file = path.join(folder, "fermata.jsonl");
  let waiting: string[] = [];
  let dropped = 0;
  let writing: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      if (dropped > 0) lines.push(droppedLine(dropped, now()));
      dropped = 0;
      await rotate(folder, file, rotateAt);
      // One write: lines of several processes stand one after the other.
      await appendFile(file, lines.join(""), { mode: 0o600 });
    }
  };
  const wake = (): void => {
    writing ??= Promise.resolve()
      .then(flush)
      .catch(() => undefined)
      .finally(() => {
        writing = undefined;
      });
  };
  return {
    file,
    write: (entry) => {
      if (!isWanted(entry.level, level())) return;
      const record = redacted(logRecord(entry, now(), process.pid), redact);
      also?.({ ...entry, ...redactedEntry(entry, redact) });
      if (waiting.length >= MOST_WAITING) dropped += 1;
      else waiting.push(`${JSON.stringify(record)}\n`);
      wake();
    },
    close: async () => {
      while (writing) await writing;
    },
  };
}

function redactedEntry(
  { message, error }: LogEntry,
  redact: (text: string) => string,
): Pick<LogEntry, "message" | "error"> {
  const clean = error === undefined ? undefined : redacted(error, redact);
  return {
    message: redact(message),
    // An object in is an object out.
    ...(clean === undefined ? {} : { error: clean as NonNullable<LogEntry["error"]> }),
  };
}

/** Puts a full file aside and the older ones one further; the oldest goes. Another process may do the same just now. */
async function rotate(folder: string, file: string, at: number): Promise<void> {
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  );
  if (size < at) return;
  const aside = (number: number) => path.join(folder, `fermata.${number}.jsonl`);
  for (let number = OLDER; number > 1; number -= 1)
    await rename(aside(number - 1), aside(number)).catch(() => undefined);
  await rename(file, aside(1)).catch(() => undefined);
}

function droppedLine(count: number, at: number): string {
  const message = `${count} lines were dropped: the disk is too slow for them.`;
  const record = logRecord({ level: "warn", message }, at, process.pid);
  return `${JSON.stringify(record)}\n`;
}
