/**
 * The file that proves, after a crash of the host, what became of a guarded command: who guards it, since when, and
 * by which marker its processes are known. It is durable before the command starts and removed when all are gone.
 * Owns the format and the proof; must not know what the command was.
 */
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  createProcessTable,
  type Epoch,
  type ProcessTable,
  readEpoch,
} from "./tree/processTable.ts";
import { createTree, type Gone, proveGone, sendSignal } from "./tree/tree.ts";

/** One process: its number alone may have been given to another since. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: number;
}

export interface GuardRecord {
  readonly guard: ProcessIdentity;
  /** Absent where the system does not tell; then only the record's removal proves anything. */
  readonly epoch?: Epoch;
  readonly marker: string;
}

/** Writes the record so that it survives a loss of power. Two lines of JSON: the record; later `child`. */
export function writeGuardRecord(file: string, record: GuardRecord): void {
  const temporary = `${file}.${process.pid}.new`;
  const handle = openSync(temporary, "w", 0o600);
  try {
    writeSync(handle, `${JSON.stringify(record)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  if (process.platform === "win32") return;
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Adds the command's own process, whose number is also its group's. A help for the proof, not part of it. */
export function appendGuardedChild(file: string, child: ProcessIdentity): void {
  appendFileSync(file, `${JSON.stringify({ child })}\n`);
}

export function removeGuardRecord(file: string): void {
  rmSync(file, { force: true });
}

export interface AwaitGoneOptions {
  /** Ends the waiting; the answer is then `unproven`. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the old guard to finish its own work before it is killed and its work done here. */
  readonly patienceMs?: number;
}

/**
 * For recovery, when the host of a guarded command is dead: waits until the old guard has killed its tree, kills the
 * rest itself when the guard does not, and says whether nothing is left. No record means that nothing was started
 * or everything was gone already.
 */
export async function awaitGone(recordFile: string, options: AwaitGoneOptions = {}): Promise<Gone> {
  const found = readGuardRecord(recordFile);
  if (found === undefined) return "gone";
  if (found === "broken") return "unproven";
  const here = readEpoch();
  if (found.epoch !== undefined && here !== undefined && found.epoch.boot !== here.boot) {
    removeGuardRecord(recordFile);
    return "gone";
  }
  const table = createProcessTable();
  const visible = table !== undefined && here !== undefined && found.epoch?.space === here.space;
  const ended = await guardEnds(recordFile, found, visible ? table : undefined, options);
  if (ended === "removed") return "gone";
  if (!visible || options.signal?.aborted) return "unproven";
  return await sweepRemains(found, recordFile, table);
}

/** What is known of a guarded command whose guard can no longer do its work. */
export interface Remains {
  readonly guard: ProcessIdentity;
  readonly marker: string;
  readonly child?: ProcessIdentity;
}

/** Does a guard's work in its place: kills it, then the tree, and removes the record (if any) on proof. */
export async function sweepRemains(
  { guard, child, marker }: Remains,
  recordFile: string,
  table: ProcessTable,
): Promise<Gone> {
  const guardLives = () => table.find(guard.pid)?.start === guard.start;
  if (guardLives()) sendSignal(guard.pid, "SIGKILL");
  const tree = createTree({ table, marker, since: guard.start, exclude: [process.pid, guard.pid] });
  const root = child && table.find(child.pid);
  // Only while it is the same process: its number may be the group of a stranger by now.
  if (root !== undefined && root.start === child?.start) tree.adopt(root);
  const gone = await proveGone(tree, { graceMs: 1000 });
  if (gone === "unproven" || guardLives()) return "unproven";
  if (recordFile !== "") removeGuardRecord(recordFile);
  return "gone";
}

interface StoredRecord extends GuardRecord {
  readonly child?: ProcessIdentity;
}

function readGuardRecord(file: string): StoredRecord | "broken" | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return isMissing(error) ? undefined : "broken";
  }
  const [first, second] = text.split("\n").map(parseLine);
  const guard = identityOf(first?.guard);
  const marker = first?.marker;
  if (guard === undefined || typeof marker !== "string" || marker.length < 16) return "broken";
  const epoch = epochOf(first?.epoch);
  const child = identityOf(second?.child);
  return { guard, marker, ...(epoch && { epoch }), ...(child && { child }) };
}

/** Waits for the guard; asks it first to stop, should it have missed that its host died. */
async function guardEnds(
  file: string,
  record: StoredRecord,
  table: ProcessTable | undefined,
  { signal, patienceMs = 20_000 }: AwaitGoneOptions,
): Promise<"removed" | "dead" | "alive"> {
  const deadline = performance.now() + patienceMs;
  const lives = () => table?.find(record.guard.pid)?.start === record.guard.start;
  if (lives()) sendSignal(record.guard.pid, "SIGTERM");
  for (;;) {
    // Life before record: a guard that removes its record and ends between the two looks reads as removed.
    const living = table === undefined || lives();
    if (readGuardRecord(file) === undefined) return "removed";
    if (!living) return "dead";
    if (signal?.aborted || performance.now() >= deadline) return "alive";
    await delay(20);
  }
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asRecord(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}

function identityOf(value: unknown): ProcessIdentity | undefined {
  const { pid, start } = asRecord(value) ?? {};
  return typeof pid === "number" && typeof start === "number" ? { pid, start } : undefined;
}

function epochOf(value: unknown): Epoch | undefined {
  const { boot, space } = asRecord(value) ?? {};
  return typeof boot === "string" && typeof space === "string" ? { boot, space } : undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
