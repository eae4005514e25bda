/**
 * Who may write a run: the files `owner.1`, `owner.2`, ... in its folder; the highest number owns, the number is the fence.
 * Owns taking, keeping and letting go of a run; must not know journals or events.
 *
 * An owner file is never changed, renamed or removed while the run lives. Its time of change is the heartbeat. A file
 * `released.N` says that owner N will never write again.
 */
import { createSynced, type Disk, errorCode } from "./disk.ts";
import type { Tenure } from "./fileJournal.ts";
import type { Clock } from "./machine/clock.ts";
import { type Machine, type ProcessName, parseProcessName, type Sight } from "./machine/machine.ts";

export interface OwnerPlace {
  readonly disk: Disk;
  /** The run's folder. */
  readonly folder: string;
  readonly machine: Machine;
  readonly clock: Clock;
  /** That many random bytes. */
  readonly random: (count: number) => Uint8Array;
  /** Between two heartbeats; 1000 when left out. The same for every process. */
  readonly heartbeatMs?: number;
}

export interface Ownership extends Tenure {
  /** Aborts when another owner has taken over or the run's folder is gone: stop what runs for it. */
  readonly lost: AbortSignal;
  /** Lets the run go, so that others need not wait. Close the journal before. Never rejects. */
  release(): Promise<void>;
}

/** Somebody's files, as they stand. */
export interface Owner {
  readonly fence: number;
  /** Undefined when the file cannot be read. */
  readonly name: ProcessName | undefined;
  /** `released`: it said itself that it will not write again. */
  readonly sight: Sight | "released";
  /** The last heartbeat, in ms since 1970. */
  readonly heartbeat: number;
}

export type Claim =
  | { readonly status: "owned"; readonly ownership: Ownership }
  /** `why`: it is `alive`, or `elsewhere`: on another host, where only its user can say whether it lives. */
  | { readonly status: "held"; readonly by: Owner; readonly why: "alive" | "elsewhere" };

/**
 * Takes a run that nobody drives: at once when its owner is gone for sure, after three missed heartbeats otherwise.
 * `takeOver` lets it take a silent owner on another host too. Rejects when the disk does.
 */
export async function claimRun(
  place: OwnerPlace,
  options: { readonly takeOver?: boolean } = {},
): Promise<Claim> {
  for (;;) {
    const owner = await readOwner(place);
    if (owner) {
      const why = await heldBy(place, owner, options.takeOver === true);
      if (why === "changed") continue;
      if (why) return { status: "held", by: owner, why };
    }
    const fence = (owner?.fence ?? 0) + 1;
    if (await raise(place, fence)) {
      const earlierDead = await allDead(place, fence);
      return { status: "owned", ownership: keep(place, fence, earlierDead) };
    }
  }
}

/** The run's present owner; undefined when it never had one. */
export async function readOwner(place: OwnerPlace): Promise<Owner | undefined> {
  const fences = (await place.disk.list(place.folder)).map(fenceOf);
  const highest = Math.max(0, ...fences);
  return highest === 0 ? undefined : look(place, highest);
}

/** Whether a run looks driven, for display only: it takes the wall clock's word. @param now ms since 1970 */
export function seemsAlive(owner: Owner, now: number, heartbeatMs = DEFAULT_HEARTBEAT_MS): boolean {
  if (isDead(owner)) return false;
  // A process that is busy misses a beat; one that has not beaten for long is stopped, or of another boot.
  return Math.abs(now - owner.heartbeat) < 10 * MISSED_HEARTBEATS * heartbeatMs;
}

/** Who holds a run, for people: process, host and the next move. */
export function describeHolder(
  run: string,
  { by, why }: Extract<Claim, { status: "held" }>,
): string {
  const who = by.name ? `process ${by.name.pid} on ${by.name.host}` : `owner ${by.fence}`;
  return why === "alive"
    ? `${run} is driven by ${who}. Follow it from here, or end that process to take the run.`
    : `${run} was last driven by ${who}, another machine. Follow it, or resume it with --take-over once that ` +
        "process has ended for sure.";
}

const MISSED_HEARTBEATS = 3;
const DEFAULT_HEARTBEAT_MS = 1000;
const OWNER_FILE = /^owner\.([1-9]\d{0,8})$/;

function fenceOf(name: string): number {
  return Number(OWNER_FILE.exec(name)?.[1] ?? 0);
}

function ownerPath(folder: string, fence: number): string {
  return `${folder}/owner.${fence}`;
}

function releasedPath(folder: string, fence: number): string {
  return `${folder}/released.${fence}`;
}

async function look({ disk, folder, machine }: OwnerPlace, fence: number): Promise<Owner> {
  const path = ownerPath(folder, fence);
  const info = await disk.stat(path);
  const name = parseProcessName(await disk.read(path).catch(() => undefined));
  const released = (await disk.stat(releasedPath(folder, fence))) !== undefined;
  const seen = name ? machine.look(name) : "untold";
  return { fence, name, sight: released ? "released" : seen, heartbeat: info?.mtimeMs ?? 0 };
}

/** True for one that has let go, or whose process has ended for sure. */
export function isDead(owner: Owner): boolean {
  return owner.sight === "released" || owner.sight === "gone";
}

/** Why the run cannot be taken from this owner; undefined when it can; `changed` when there is another by now. */
async function heldBy(
  place: OwnerPlace,
  owner: Owner,
  takeOver: boolean,
): Promise<"alive" | "elsewhere" | "changed" | undefined> {
  if (isDead(owner)) return undefined;
  if (owner.sight === "elsewhere" && !takeOver) return "elsewhere";
  const { clock, disk, folder, heartbeatMs = DEFAULT_HEARTBEAT_MS } = place;
  const patience = MISSED_HEARTBEATS * heartbeatMs;
  // A process that runs and beat just now needs no watching. Clocks may lie: this only ever errs to its side.
  const age = clock.now() - owner.heartbeat;
  if (owner.sight === "running" && age >= 0 && age < patience) return "alive";
  const from = clock.monotonic();
  while (clock.monotonic() - from < patience) {
    await clock.wait(heartbeatMs / 4);
    if ((await disk.stat(ownerPath(folder, owner.fence + 1))) !== undefined) return "changed";
    const now = await look(place, owner.fence);
    if (isDead(now)) return undefined;
    if (now.heartbeat !== owner.heartbeat) return "alive";
  }
  return undefined;
}

/** Makes `owner.N` whole or not at all; false when another was first. */
async function raise(place: OwnerPlace, fence: number): Promise<boolean> {
  const { disk, folder, machine, random, clock } = place;
  const temporary = `${folder}/owner.${Buffer.from(random(8)).toString("hex")}.tmp`;
  const text = `${JSON.stringify({ ...machine.self, fence, at: clock.now() })}\n`;
  await createSynced(disk, temporary, Buffer.from(text));
  let won = true;
  try {
    await disk.link(temporary, ownerPath(folder, fence));
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    won = false;
  } finally {
    await disk.unlink(temporary).catch(() => {});
  }
  if (won) await disk.syncFolder(folder);
  return won;
}

/** True when none of the owners before `fence` can ever write again. */
async function allDead(place: OwnerPlace, fence: number): Promise<boolean> {
  for (const name of await place.disk.list(place.folder)) {
    const earlier = fenceOf(name);
    if (earlier === 0 || earlier >= fence) continue;
    if (!isDead(await look(place, earlier))) return false;
  }
  return true;
}

function keep(place: OwnerPlace, fence: number, earlierDead: boolean): Ownership {
  const { disk, folder } = place;
  const lost = new AbortController();
  const end = new AbortController();
  const successor = ownerPath(folder, fence + 1);
  const passed = async () => (await disk.stat(successor)) !== undefined;
  const beating = beat(place, fence, end.signal, passed).then((why) => {
    if (why) lost.abort(why);
  });
  return {
    fence,
    earlierDead,
    passed,
    successor,
    lost: lost.signal,
    release: async () => {
      if (end.signal.aborted) return;
      end.abort();
      await beating;
      await disk.create(releasedPath(folder, fence), new Uint8Array()).catch(() => {});
    },
  };
}

/** Beats until told to end, or until there is nothing left to beat for: then it says why. */
async function beat(
  { disk, folder, clock, heartbeatMs = DEFAULT_HEARTBEAT_MS }: OwnerPlace,
  fence: number,
  end: AbortSignal,
  passed: () => Promise<boolean>,
): Promise<Error | undefined> {
  for (;;) {
    await clock.wait(heartbeatMs, { signal: end, background: true });
    if (end.aborted) return undefined;
    try {
      if (await passed()) return new Error("Another process took over this run.");
      await disk.touch(ownerPath(folder, fence), clock.now());
    } catch (error) {
      // A disk in trouble may recover; a folder that is gone does not.
      if (errorCode(error) === "ENOENT") return new Error("The folder of this run is gone.");
    }
  }
}
