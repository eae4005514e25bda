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
import { openFifos } from "./fifo.ts";
import {
  CONTROL_FD,
  createDecoder,
  encodeMessage,
  type FromGuard,
  MARKER_SEPARATOR,
  MARKER_VARIABLE,
  type ToGuard,
} from "./guardProtocol.ts";
import { sweepRemains } from "./guardRecord.ts";
import { adaptToWindows } from "./shell.ts";
import { explainRefusal } from "./spawnError.ts";
import { climbStopLadder } from "./stop.ts";
import { createProcessTable } from "./tree/processTable.ts";
import type { Gone } from "./tree/tree.ts";

export interface GuardedCommand {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** The whole environment of the command; the guard adds its marker. */
  readonly env: Readonly<Record<string, string>>;
  /** File that proves after a crash what became of the command; see `awaitGone`. */
  readonly guardRecord?: string;
  /** Windows: the arguments are one finished command line, not to be quoted again. */
  readonly verbatim?: boolean;
  /** `ignore` (the default): the command reads nothing. */
  readonly stdin?: "pipe" | "ignore";
  /**
   * Milliseconds that it may take to end because its input did, on a stop and when the host dies: 500 and none unless
   * said. For a line to another machine, whose end there takes its time.
   */
  readonly inputGraceMs?: number;
  /** Linux: stdout and stderr can be opened again by name (`> /dev/stderr`), as scripts do. */
  readonly reopenable?: boolean;
  /** The guard's entry file; needed where the program is bundled as CommonJS, otherwise found beside this one. */
  readonly guardScript?: string;
}

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds that it ran. */
  readonly ms: number;
}

export interface GuardedProcess {
  /** The command's own process, also the number of its group; the guard's if that was killed before it told. */
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
  const { command, verbatim } = await adaptToWindows(options);
  const guard = spawn(process.execPath, ["--no-warnings", guardScript, guardRecord], {
    cwd: dirname(guardScript),
    env: guardEnvironment(marker),
    stdio: [stdin, "pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const fifos = options.reopenable ? openFifos() : undefined;
  if (fifos === undefined) for (const output of [guard.stdout, guard.stderr]) keepUntilRead(output);
  const link = follow(guard, async () => {
    const outputs = (await fifos)?.paths;
    const linger = options.inputGraceMs === undefined ? {} : { lingerMs: options.inputGraceMs };
    return { type: "start", command, cwd, env, verbatim, ...linger, ...(outputs && { outputs }) };
  });
  const answer = await link.answer;
  const pipes = await fifos;
  try {
    if (answer.type === "refused") throw await explainRefusal(options, answer.code, answer.message);
    const gone = link.done.then(
      (proven) => proven ?? finishForGuard(guard, link.since(), answer, marker, guardRecord),
    );
    return handOver(guard, link, { gone, pid: answer.pid, ...options }, pipes?.read());
  } finally {
    await pipes?.dispose();
  }
}

/**
 * Node throws away what a child has printed when it sees the child's end before anybody listens, as it may where this
 * process was busy meanwhile: then what the guard said of the start still waits to be read.
 */
function keepUntilRead(output: Readable | null): void {
  const keep = (): void => undefined;
  output?.on("readable", keep);
  output?.on("newListener", (event) => {
    if (event === "data") output.off("readable", keep);
  });
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
function follow(guard: ChildProcess, order: () => Promise<ToGuard>): Link {
  const answer = defer<Answer>();
  const exited = defer<CommandEnd>();
  const done = defer<Gone | undefined>();
  let since: number | undefined;
  let ordered = false;
  const control = guard.stdio[CONTROL_FD] as Duplex | undefined;
  const tell = (message: ToGuard) => {
    if (control?.writable) control.write(encodeMessage(message));
  };
  const receive = (message: FromGuard): void => {
    switch (message.type) {
      case "ready":
        since = message.start;
        return void order().then((message) => {
          ordered = true;
          tell(message);
        });
      case "started":
      case "refused":
        return answer.resolve(message);
      case "exited":
        return exited.resolve({ code: message.code, signal: message.signal, ms: message.ms });
      case "done":
        return done.resolve(message.proven ? "gone" : "unproven");
    }
  };
  const lost = (reason: string) => {
    // Once it was told to start, nobody knows whether it did: that is a started command whose end was not seen.
    if (ordered) answer.resolve({ type: "started", pid: guard.pid ?? 0 });
    else answer.resolve({ type: "refused", code: "GUARD", message: reason });
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

interface Outputs {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

function handOver(
  guard: ChildProcess,
  link: Link,
  started: { readonly gone: Promise<Gone>; readonly pid: number; readonly inputGraceMs?: number },
  outputs: Outputs = guard,
): GuardedProcess {
  const { gone, pid, inputGraceMs } = started;
  const { stdin } = guard;
  const { stdout, stderr } = outputs;
  if (stdout === null || stderr === null) throw new Error("The guard was started without pipes");
  // A command that ends without reading its input is no fault of whoever writes to it.
  stdin?.on("error", () => undefined);
  const begun = performance.now();
  const ended = gone.then(() => ({ code: null, signal: null, ms: performance.now() - begun }));
  let stopping: Promise<Gone> | undefined;
  const ladder = {
    ...(stdin && { endInput: () => void stdin.end() }),
    ...(inputGraceMs === undefined ? {} : { inputGraceMs }),
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

/** Little but the markers: `NODE_OPTIONS` and the editor's own settings must not reach the guard. */
function guardEnvironment(marker: string): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot"];
  const values = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const outer = process.env[MARKER_VARIABLE];
  const markers = outer === undefined ? marker : `${outer}${MARKER_SEPARATOR}${marker}`;
  // In the editor's extension host the executable is Electron.
  return {
    ...Object.fromEntries(values),
    ...(RUNS_FROM_SOURCE && {
      NODE_COMPILE_CACHE: fileURLToPath(new URL("../../.cache/compiled", import.meta.url)),
    }),
    [MARKER_VARIABLE]: markers,
    ELECTRON_RUN_AS_NODE: "1",
  };
}

/** Then the types have to be stripped from the guard at every start, unless the outcome is kept: half of its time. */
const RUNS_FROM_SOURCE = import.meta.url.endsWith(".ts");

function ownGuardScript(): string {
  const name = RUNS_FROM_SOURCE ? "./guardMain.ts" : "./guard.mjs";
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
