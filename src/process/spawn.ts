/**
 * Starts a command under a guard and hands back its streams, its end and the means to stop it. The only way in
 * which Fermata starts a process that acts for a run. Owns the host's side of the guard; must not know what the
 * command is for.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { type Duplex, type Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import {
  CONTROL_FD,
  createDecoder,
  encodeMessage,
  type FromGuard,
  MARKER_VARIABLE,
  type ToGuard,
} from "./guardProtocol.ts";
import { sweepRemains } from "./guardRecord.ts";
import { createProcessTable } from "./processTable.ts";
import { explainRefusal } from "./spawnError.ts";
import { climbStopLadder } from "./stop.ts";
import type { Gone } from "./tree.ts";
import { adaptToWindows } from "./windows.ts";

export interface GuardedCommand {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** The whole environment of the command; the guard adds its marker. */
  readonly env: Readonly<Record<string, string>>;
  /** File that proves after a crash what became of the command; see `awaitGone`. */
  readonly guardRecord?: string;
  /** `ignore` (the default): the command reads nothing. */
  readonly stdin?: "pipe" | "ignore";
  /** The guard's entry file; needed where the program is bundled as CommonJS, otherwise found beside this one. */
  readonly guardScript?: string;
}

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GuardedProcess {
  /** The command's own process, also the number of its group. */
  readonly pid: number;
  /** Without `stdin: "pipe"` it takes nothing and is closed. */
  readonly stdin: Writable;
  /** Listen to both in the turn in which the process is handed over, or early output may be lost. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The command itself ended. Both null when its guard was killed and nobody saw the end. Never rejects. */
  readonly exited: Promise<CommandEnd>;
  /** The whole tree ended, by itself or stopped; what the command leaves behind is stopped. Never rejects. */
  readonly gone: Promise<Gone>;
  /** Ends the input, asks the tree within a second, kills it within five. Never rejects; may be called often. */
  readonly stop: () => Promise<Gone>;
}

/** Starts a command under a guard. Rejects with a `SpawnError` when the command cannot be started. */
export async function spawnGuarded(options: GuardedCommand): Promise<GuardedProcess> {
  const { cwd, env, guardRecord = "", stdin = "ignore", guardScript = ownGuardScript() } = options;
  const marker = randomBytes(16).toString("hex");
  const { command, verbatim } = await adaptToWindows(options.command, env);
  const guard = spawn(process.execPath, ["--no-warnings", guardScript, marker, guardRecord], {
    cwd: dirname(guardScript),
    env: guardEnvironment(),
    stdio: [stdin, "pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const link = follow(guard, { type: "start", command, cwd, env, verbatim });
  const answer = await link.answer;
  if (answer.type === "refused") throw await explainRefusal(options, answer.code, answer.message);
  const gone = link.done.then(
    (proven) => proven ?? finishForGuard(guard, link.since(), answer, marker, guardRecord),
  );
  return handOver(guard, link, gone, answer.pid);
}

type Answer = Extract<FromGuard, { type: "started" | "refused" }>;

interface Link {
  readonly answer: Promise<Answer>;
  /** Resolves too, with nulls, when the guard ends without having told. */
  readonly exited: Promise<CommandEnd>;
  /** What the guard proved; undefined when it was killed before it could. */
  readonly done: Promise<Gone | undefined>;
  readonly tell: (message: ToGuard) => void;
  /** The guard's own start time, once it told. */
  readonly since: () => number | undefined;
}

/** Listens to the guard until it ends. Every promise settles, however it ends. */
function follow(guard: ChildProcess, order: ToGuard): Link {
  const answer = defer<Answer>();
  const exited = defer<CommandEnd>();
  const done = defer<Gone | undefined>();
  let since: number | undefined;
  const control = guard.stdio[CONTROL_FD] as Duplex | undefined;
  const tell = (message: ToGuard) => {
    if (control?.writable) control.write(encodeMessage(message));
  };
  const receive = (message: FromGuard) => {
    if (message.type === "ready") {
      since = message.start;
      tell(order);
    } else if (message.type === "exited") exited.resolve(message);
    else if (message.type === "done") done.resolve(message.proven ? "gone" : "unproven");
    else answer.resolve(message);
  };
  const lost = (reason: string) => {
    answer.resolve({ type: "refused", code: "GUARD", message: reason });
    done.resolve(undefined);
  };
  control?.on("error", () => undefined);
  control?.setEncoding("utf8").on("data", createDecoder<FromGuard>(receive));
  control?.on("close", () => lost("it ended before it could start the command"));
  guard.on("error", (error) => lost(error.message));
  return {
    answer: answer.promise,
    exited: exited.promise,
    done: done.promise,
    tell,
    since: () => since,
  };
}

function handOver(
  guard: ChildProcess,
  link: Link,
  gone: Promise<Gone>,
  pid: number,
): GuardedProcess {
  const { stdin, stdout, stderr } = guard;
  if (stdout === null || stderr === null) throw new Error("The guard was started without pipes");
  // A command that ends without reading its input is no fault of whoever writes to it.
  stdin?.on("error", () => undefined);
  const ended = gone.then(() => ({ code: null, signal: null }));
  let stopping: Promise<Gone> | undefined;
  const ladder = {
    ...(stdin && { endInput: () => void stdin.end() }),
    stopTree: (graceMs: number) => link.tell({ type: "stop", graceMs }),
    killGuard: () => void guard.kill("SIGKILL"),
    gone,
  };
  const stop = () => {
    stopping ??= climbStopLadder(ladder);
    return stopping;
  };
  const exited = Promise.race([link.exited, ended]);
  return { pid, stdin: stdin ?? closedInput(), stdout, stderr, exited, gone, stop };
}

/** The guard is dead and left us its work. */
async function finishForGuard(
  guard: ChildProcess,
  since: number | undefined,
  { pid, start }: Extract<FromGuard, { type: "started" }>,
  marker: string,
  recordFile: string,
): Promise<Gone> {
  const table = createProcessTable();
  if (guard.pid === undefined || since === undefined || table === undefined) return "unproven";
  const child = start === undefined ? {} : { child: { pid, start } };
  const remains = { guard: { pid: guard.pid, start: since }, marker, ...child };
  return await sweepRemains(remains, recordFile, table);
}

/** Little but the marker of a guard further out: `NODE_OPTIONS` and the editor's own settings must not reach it. */
function guardEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", MARKER_VARIABLE];
  const values = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // In the editor's extension host the executable is Electron.
  return { ...Object.fromEntries(values), ELECTRON_RUN_AS_NODE: "1" };
}

function ownGuardScript(): string {
  const name = import.meta.url.endsWith(".ts") ? "./guardMain.ts" : "./guard.mjs";
  return fileURLToPath(new URL(name, import.meta.url));
}

function closedInput(): Writable {
  const closed = new Writable({ write: (_chunk, _encoding, done) => done() });
  closed.on("error", () => undefined);
  return closed.end();
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function defer<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
