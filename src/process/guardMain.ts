/**
 * The guard: a small process of its own between host and command. It starts the command in its own session, hands
 * it the host's pipes, and when the host dies or says so it ends the whole tree and proves it. Its own entry file;
 * must import nothing but Node and its neighbours, because every command pays for its start.
 * Argument: the file of the guard record, or nothing. Its environment ends in its marker already, so that not even
 * a command caught between its fork and its start is without.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import module from "node:module";
import { Socket } from "node:net";
import {
  CONTROL_FD,
  createDecoder,
  encodeMessage,
  type FromGuard,
  MARKER_SEPARATOR,
  MARKER_VARIABLE,
  type ToGuard,
} from "./guardProtocol.ts";
import { appendGuardedChild, removeGuardRecord, writeGuardRecord } from "./guardRecord.ts";
import { createProcessTable, readEpoch } from "./tree/processTable.ts";
import { createTree, type Gone, proveGone, type StopTimes } from "./tree/tree.ts";

const { O_NONBLOCK, O_WRONLY } = constants;
/** The host is dead: there is nobody to wait for, but the command may still save its work. */
let orphaned: StopTimes = { graceMs: 3500 };
/** The command ended by itself: what it left behind may be about to end as well. */
const ENDED: StopTimes = { lingerMs: 200, graceMs: 2000 };
/** How often descendants are remembered while the command runs; `ps` costs more than /proc. */
const WATCH_MS = process.platform === "linux" ? 1000 : 5000;

const [recordFile = ""] = process.argv.slice(2);
const markers = process.env[MARKER_VARIABLE] ?? "";
const marker = markers.split(MARKER_SEPARATOR).at(-1) ?? "";
const table = createProcessTable();
const self = table?.find(process.pid);
const tree =
  table && createTree({ table, marker, since: self?.start ?? 0, exclude: [process.pid] });
const control = new Socket({ fd: CONTROL_FD });
let child: ChildProcess | undefined;
let rootEnded: Promise<void> = Promise.resolve();
let finishing = false;

control.setEncoding("utf8");
control.on("error", () => undefined);
control.on("data", createDecoder<ToGuard>(receive));
control.on("end", () => void finish(orphaned));
control.on("close", () => void finish(orphaned));
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  process.on(signal, () => void finish(orphaned));
}
begin();

function begin(): void {
  try {
    if (recordFile !== "") {
      const epoch = readEpoch();
      const guard = { pid: process.pid, start: self?.start ?? 0 };
      writeGuardRecord(recordFile, { guard, marker, ...(epoch && { epoch }) });
    }
    tell({ type: "ready", ...(self && { start: self.start }) });
  } catch (error) {
    refuse("RECORD", error);
  }
}

function receive(message: ToGuard): void {
  if (message.type === "stop") void finish({ graceMs: message.graceMs });
  else if (child === undefined && !finishing) start(message);
}

function start(order: ToGuard & { type: "start" }): void {
  const { command, cwd, env, verbatim, outputs, lingerMs = 0 } = order;
  orphaned = { ...orphaned, lingerMs };
  let pipes: readonly number[] = [];
  try {
    // Fails, rather than waits for ever, when the reading host is dead. The command gets them blocking, as usual.
    pipes = outputs?.map((path) => openSync(path, O_WRONLY | O_NONBLOCK)) ?? [];
    const started = spawn(command[0] ?? "", command.slice(1), {
      cwd,
      env: { ...env, [MARKER_VARIABLE]: markers },
      stdio: ["inherit", pipes[0] ?? "inherit", pipes[1] ?? "inherit"],
      detached: process.platform !== "win32",
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    child = started;
    started.on("error", (error) => {
      if (started.pid === undefined) refuse(codeOf(error), error);
    });
    if (started.pid !== undefined) guard(started, started.pid);
  } catch (error) {
    refuse(codeOf(error), error);
  } finally {
    for (const pipe of pipes) closeSync(pipe);
  }
}

function guard(started: ChildProcess, pid: number): void {
  const begun = performance.now();
  rootEnded = new Promise((resolve) => {
    started.on("exit", (code, signal) => {
      tell({ type: "exited", code, signal, ms: performance.now() - begun });
      resolve();
      void finish(ENDED);
    });
  });
  const root = table?.find(pid);
  // Ended already: its number still names the group of what it left behind.
  tree?.adopt(root ?? { pid, parent: process.pid, group: pid, session: pid, start: -1 });
  if (recordFile !== "" && root) appendGuardedChild(recordFile, { pid, start: root.start });
  releaseStreams();
  setInterval(watch, WATCH_MS).unref();
  tell({ type: "started", pid, ...(root && { start: root.start }) });
}

/** So that the host sees the end of the streams, and the command that of its input, when the other lets go. */
function releaseStreams(): void {
  if (process.platform === "win32") return;
  for (const descriptor of [0, 1, 2]) {
    closeSync(descriptor);
    openSync("/dev/null", "r+");
  }
}

function watch(): void {
  try {
    if (!finishing) tree?.watch();
  } catch {
    // A missed look: the next one, or the marker, finds them.
  }
}

/** Ends the tree once, whatever asks for it and however often. */
async function finish(times: StopTimes): Promise<void> {
  if (finishing) return;
  finishing = true;
  const gone = child?.pid === undefined ? "gone" : await endTree(child.pid, times);
  if (gone === "gone") {
    await rootEnded;
    if (recordFile !== "") removeGuardRecord(recordFile);
  }
  leave({ type: "done", proven: gone === "gone" });
}

async function endTree(pid: number, times: StopTimes): Promise<Gone> {
  if (tree !== undefined) return await proveGone(tree, times);
  const killer = spawn("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
  await new Promise((resolve) => killer.on("exit", resolve).on("error", resolve));
  return child?.exitCode === null && child.signalCode === null ? "unproven" : "gone";
}

function refuse(code: string, error: unknown): void {
  finishing = true;
  if (recordFile !== "" && code !== "RECORD") removeGuardRecord(recordFile);
  leave({ type: "refused", code, message: error instanceof Error ? error.message : String(error) });
}

function tell(message: FromGuard): void {
  if (control.writable) control.write(encodeMessage(message));
}

function leave(message: FromGuard): void {
  const exit = () => {
    // Older Nodes have none.
    module.flushCompileCache?.();
    // Not process.exit: it waits for threads of the runtime, and was seen to wait for ever. Nothing here is to be undone.
    process.kill(process.pid, "SIGKILL");
  };
  // A host that no longer reads must not keep the guard.
  setTimeout(exit, 500);
  if (control.writable) control.end(encodeMessage(message), exit);
  else exit();
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "UNKNOWN";
}
