/**
 * Runs one guarded command to its end, or talks with it until then, and tells what it printed and came to. Owns the
 * collecting; must not judge: a non-zero exit is a result like any other.
 */
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { createCapture, createLineReader } from "./capture.ts";
import { type GuardedCommand, type GuardedProcess, spawnGuarded } from "./spawn.ts";
import type { Gone } from "./tree/tree.ts";

export interface RunOptions extends Omit<GuardedCommand, "stdin"> {
  /** Written to the command's input, which then ends. Absent: it has none. */
  readonly input?: string;
  /** Bytes kept of each stream; default 1 MiB. */
  readonly maxOutputBytes?: number;
  /** Each line as it comes. */
  readonly onLine?: (stream: "stdout" | "stderr", line: string) => void;
  /** Characters of a line that `onLine` gets whole; a longer one comes in pieces. Default 16,384. */
  readonly longestLine?: number;
  /** Aborted: the whole tree is stopped; the result then says what there was until then. */
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  /** Both null when the command's guard was killed, so that nobody saw the end. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Seconds. */
  readonly duration: number;
  /** One stream at least was longer than what is kept; head and tail are. */
  readonly truncated: boolean;
  /** Stopped from outside before it ended by itself. */
  readonly stopped: boolean;
  readonly gone: Gone;
}

/** A command that is talked with. */
export interface Conversation {
  /** Its input; open until it is ended here or the command is stopped. */
  readonly input: Writable;
  /** What it came to, once its whole tree has ended. Never rejects. */
  readonly ended: Promise<CommandResult>;
  /** Stops it politely, then for good. The result then does not count it as stopped from outside. */
  readonly stop: () => void;
}

/** Resolves when the whole tree has ended; rejects with a `SpawnError` when the command cannot be started. */
export async function runCommand(options: RunOptions): Promise<CommandResult> {
  const { input, signal } = options;
  signal?.throwIfAborted();
  const child = await spawnGuarded({ ...options, stdin: input === undefined ? "ignore" : "pipe" });
  const ended = follow(child, options);
  if (input !== undefined) child.stdin.end(input);
  return ended;
}

/** Starts a command to talk with. Rejects with a `SpawnError` when it cannot be started. */
export async function startCommand(options: Omit<RunOptions, "input">): Promise<Conversation> {
  options.signal?.throwIfAborted();
  const child = await spawnGuarded({ ...options, stdin: "pipe" });
  return {
    input: child.stdin,
    ended: follow(child, options),
    stop: () => void child.stop(),
  };
}

/** Collects what a command prints until all of it has ended. */
async function follow(child: GuardedProcess, options: RunOptions): Promise<CommandResult> {
  const { signal, maxOutputBytes = 1 << 20, onLine, longestLine } = options;
  const stdout = collect(
    child.stdout,
    maxOutputBytes,
    onLine && ((line) => onLine("stdout", line)),
    longestLine,
  );
  const stderr = collect(
    child.stderr,
    maxOutputBytes,
    onLine && ((line) => onLine("stderr", line)),
  );
  const { end, stopped } = await waitForEnd(child, signal);
  const gone = await child.gone;
  const closed = await Promise.all([stdout.closed(gone), stderr.closed(gone)]);
  return {
    exitCode: end.code,
    signal: end.signal,
    stdout: stdout.text(),
    stderr: stderr.text(),
    duration: Math.round(end.ms) / 1000,
    truncated: stdout.truncated() || stderr.truncated(),
    stopped,
    // Who still holds a stream open lives, even if no trace of it was found.
    gone: closed.includes(false) ? "unproven" : gone,
  };
}

async function waitForEnd(child: GuardedProcess, signal: AbortSignal | undefined) {
  let stopped = false;
  const stop = () => {
    stopped = true;
    void child.stop();
  };
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const end = await child.exited;
  const stoppedBefore = stopped;
  // A cancel while leftovers linger still hurries them.
  void child.gone.then(() => signal?.removeEventListener("abort", stop));
  return { end, stopped: stoppedBefore };
}

/** Milliseconds for a stream to end once all that could write to it is gone. */
const CLOSE_MS = 1000;

function collect(
  stream: Readable,
  limit: number,
  onLine?: (line: string) => void,
  longestLine?: number,
) {
  const capture = createCapture(limit);
  const lines = onLine && createLineReader(onLine, longestLine);
  const ended = new Promise<true>((resolve) => {
    // An empty stream of a quick command has closed before anybody could listen.
    if (stream.closed) resolve(true);
    else stream.on("close", () => resolve(true));
  });
  stream.on("error", () => undefined);
  stream.on("data", (bytes: Buffer) => {
    capture.add(bytes);
    lines?.add(bytes);
  });
  const closed = async (gone: Gone): Promise<boolean> => {
    const timer = new AbortController();
    const late = delay(gone === "gone" ? CLOSE_MS : 0, false, { signal: timer.signal });
    late.catch(() => undefined);
    const inTime = await Promise.race([ended, late]);
    timer.abort();
    if (!inTime) stream.destroy();
    lines?.end();
    return inTime;
  };
  return { closed, text: capture.text, truncated: capture.truncated };
}
