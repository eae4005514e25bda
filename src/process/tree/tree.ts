/**
 * A command's whole tree of processes: finding every member, also one that left its group, its session or its
 * parents, and stopping them all with proof. Owns membership and the kill loop; must not know who asks or why.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ProcessEntry, ProcessTable } from "./processTable.ts";

/** Whether a process tree is proven to have no living member. */
export type Gone = "gone" | "unproven";

export interface Tree {
  /** Takes a process, and with it every descendant, into the tree. */
  adopt(entry: ProcessEntry): void;
  /** Cheap look while the command runs: remembers descendants before their parents die. */
  watch(): void;
  /** Thorough look: every living member, orphans that only their environment gives away included. */
  find(): readonly ProcessEntry[];
  /** True when every process of this group can only have come from the tree. */
  owns(group: number): boolean;
}

export interface TreeOptions {
  readonly table: ProcessTable;
  /** Random text that the environment of the command holds, and so that of its descendants. */
  readonly marker: string;
  /** Start time of the guard: nothing older is a member. */
  readonly since: number;
  /** Never members: the guard, and whoever looks. */
  readonly exclude: readonly number[];
}

/**
 * A member is: what was adopted; the child of a member; whatever lives in a group or session that a member's number
 * names; and whatever carries the marker. A group that merely contains a carrier is not owned: it may be the
 * person's own editor, started with this environment by a command of the tree.
 */
export function createTree({ table, marker, since, exclude }: TreeOptions): Tree {
  let members = new Map<number, ProcessEntry>();
  let owned = new Set<number>();

  const add = (entry: ProcessEntry) => {
    members.set(entry.pid, entry);
    owned.add(entry.pid);
  };
  const spread = (living: readonly ProcessEntry[]) => {
    const isMember = (e: ProcessEntry) =>
      members.has(e.parent) || owned.has(e.group) || owned.has(e.session);
    for (let grown = true; grown; ) {
      const found = living.filter((e) => !members.has(e.pid) && isMember(e));
      for (const entry of found) add(entry);
      grown = found.length > 0;
    }
  };
  const look = (thorough: boolean) => {
    const living = table.list().filter((e) => e.start >= since && !exclude.includes(e.pid));
    const known = members;
    members = new Map();
    for (const e of living) if (known.get(e.pid)?.start === e.start) members.set(e.pid, e);
    spread(living);
    if (thorough) {
      const strangers = living.filter((e) => !members.has(e.pid));
      for (const entry of table.carriers(strangers, marker)) add(entry);
      spread(living);
    }
    // A number stays ours only while a member keeps the system from giving it to somebody else.
    const held = [...members.values()].flatMap((e) => [e.pid, e.group, e.session]);
    owned = new Set(held.filter((number) => owned.has(number)));
  };

  return {
    adopt: add,
    watch: () => look(false),
    find: () => {
      look(true);
      return [...members.values()];
    },
    owns: (group) => owned.has(group),
  };
}

export interface StopTimes {
  /** Milliseconds in which what is left may end by itself before it is asked to. */
  readonly lingerMs?: number;
  /** Milliseconds between the polite signal and the kill. */
  readonly graceMs: number;
  /** Milliseconds in which the kill is repeated before the tree counts as unproven. */
  readonly killMs?: number;
}

/**
 * Asks every member to end (SIGTERM, once each), kills after the grace what is left, and repeats both for members
 * that turn up late. Gone means: two looks in a row found nobody.
 */
export async function stopTree(tree: Tree, times: StopTimes): Promise<Gone> {
  const { lingerMs = 0, graceMs, killMs = 2000 } = times;
  const begun = performance.now();
  const asked = new Set<string>();
  for (let empty = 0, pause = 4; ; pause = Math.min(pause * 2, 64)) {
    const found = tree.find();
    empty = found.length === 0 ? empty + 1 : 0;
    if (empty === 2) return "gone";
    const elapsed = performance.now() - begun - lingerMs;
    if (elapsed >= graceMs + killMs) return "unproven";
    if (elapsed >= graceMs) kill(tree, found);
    else if (elapsed >= 0) ask(found, asked);
    const next = elapsed < 0 ? -elapsed : elapsed < graceMs ? graceMs - elapsed : pause;
    await delay(Math.min(pause, Math.max(next, 1)));
  }
}

/** As `stopTree`, where a system that does not answer leaves the tree unproven. */
export async function proveGone(tree: Tree, times: StopTimes): Promise<Gone> {
  try {
    return await stopTree(tree, times);
  } catch {
    return "unproven";
  }
}

function ask(found: readonly ProcessEntry[], asked: Set<string>): void {
  for (const { pid, start } of found) {
    const name = `${pid} ${start}`;
    if (!asked.has(name)) sendSignal(pid, "SIGTERM");
    asked.add(name);
  }
}

/** Whole groups first: a member that forks between the look and the signal takes its child along. */
function kill(tree: Tree, found: readonly ProcessEntry[]): void {
  for (const group of new Set(found.map((e) => e.group))) {
    if (tree.owns(group)) sendSignal(-group, "SIGKILL");
  }
  for (const { pid } of found) sendSignal(pid, "SIGKILL");
}

/** False when there is no such process or it is not ours to signal. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
