/**
 * The test's end of `remoteHost.ts`: the verbs of a product that runs in another process, which can be killed.
 * Owns that process; nothing of it outlives the test.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { Opened, RunSummary, Started, StartRequest, Stops } from "../../../src/app/app.ts";
import type { Admission } from "../../../src/run/command.ts";
import type { Signal } from "../../../src/run/signal.ts";
import type { Scene } from "./product.ts";
import type { RemoteOrder, RemoteState, RemoteVerb } from "./remoteHost.ts";

export interface Remote {
  readonly pid: number;
  /** What it wrote to its standard error so far. */
  readonly said: () => string;
  startRun(request: StartRequest): Promise<Started>;
  openRun(run: string, how?: { readonly takeOver?: boolean }): Promise<Opened>;
  signal(run: string, signal: Signal): Promise<Admission>;
  setStops(run: string, stops: Stops): Promise<Admission>;
  listRuns(): Promise<readonly RunSummary[]>;
  resumeInterrupted(): Promise<readonly string[]>;
  settled(run: string): Promise<RemoteState>;
  dispose(): Promise<void>;
  /** Sends a signal to the process; resolves once it has ended, or at once when the signal does not end it. */
  kill(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
}

const HOST = fileURLToPath(new URL("remoteHost.ts", import.meta.url));
const COMPILED = fileURLToPath(new URL("../../../.cache/compiled", import.meta.url));

/** Starts a product over the scene's workspace in its own process; `under`: the command that starts it. */
export async function remote(
  test: TestContext,
  { workspace, env }: Scene,
  order: Omit<RemoteOrder, "workspace"> = {},
  under: readonly string[] = [],
): Promise<Remote> {
  const whole = [...under, process.execPath, HOST, JSON.stringify({ workspace, ...order })];
  const [program = "", ...words] = whole;
  const child = spawn(program, words, {
    env: { ...env, NODE_COMPILE_CACHE: COMPILED },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  test.after(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ask = talk(child, () => said);
  await ask.ready;
  return {
    pid: child.pid ?? 0,
    said: () => said,
    startRun: (request) => ask.verb("startRun", request),
    openRun: (run, how = {}) => ask.verb("openRun", run, how),
    signal: (run, signal) => ask.verb("signal", run, signal),
    setStops: (run, stops) => ask.verb("setStops", run, stops),
    listRuns: () => ask.verb("listRuns"),
    resumeInterrupted: () => ask.verb("resumeInterrupted"),
    settled: (run) => ask.verb("settled", run),
    dispose: () => ask.verb("dispose"),
    kill: async (signal) => {
      child.kill(signal);
      if (signal === "SIGKILL") await ended;
    },
  };
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

function talk(child: ChildProcess, said: () => string) {
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  const wait = (id: number): Promise<unknown> => {
    const waiting = Promise.withResolvers<unknown>();
    waiting.promise.catch(() => undefined);
    open.set(id, waiting);
    return waiting.promise;
  };
  const ready = wait(0);
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const { id, value, error }: Reply = JSON.parse(line);
      if (error === undefined) open.get(id)?.resolve(value);
      else open.get(id)?.reject(new Error(error));
      open.delete(id);
    });
  }
  child.stdin?.on("error", () => undefined);
  child.on("exit", () => {
    for (const waiting of open.values()) waiting.reject(new Error(`The host ended. ${said()}`));
  });
  let last = 0;
  return {
    ready,
    /** What comes back is JSON of the verb's own type, made by the same source. */
    verb: <T>(verb: RemoteVerb, ...args: readonly unknown[]): Promise<T> => {
      last += 1;
      const reply = wait(last);
      child.stdin?.write(`${JSON.stringify({ id: last, verb, args })}\n`);
      return reply as Promise<T>;
    },
  };
}
