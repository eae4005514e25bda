/**
 * Who may write the index: `index.lock` names the process. Not as strict as the owners of a run, because nothing hangs
 * on it: an image is renamed into its place whole, and whatever it says of a run is checked against that run's journal.
 * The lock only spares two processes the same work.
 */
import { type Disk, errorCode } from "../disk.ts";
import type { Clock } from "../machine/clock.ts";
import { type Machine, parseProcessName } from "../machine/machine.ts";

export interface LockPlace {
  readonly disk: Disk;
  /** The lock's file; its folder exists. */
  readonly path: string;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly random: (count: number) => Uint8Array;
}

/** Does the work as the holder of the lock; false, and no work done, when a living process holds it. */
export async function withIndexLock(place: LockPlace, work: () => Promise<void>): Promise<boolean> {
  if (!(await take(place)) && !((await isStale(place)) && (await takeStale(place)))) return false;
  try {
    await work();
  } finally {
    await place.disk.unlink(place.path).catch(() => {});
  }
  return true;
}

/** A process of which nothing is known for this long, in ms, is not writing any more. */
const PATIENCE = 60_000;

/** The lock is there with its name in it or not at all: a holder that is killed can always be told from a living one. */
async function take({ disk, path, machine, clock, random }: LockPlace): Promise<boolean> {
  const temporary = `${path}.${Buffer.from(random(6)).toString("hex")}.tmp`;
  const text = `${JSON.stringify({ ...machine.self, at: clock.now() })}\n`;
  try {
    await disk.create(temporary, Buffer.from(text));
    await disk.link(temporary, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await disk.unlink(temporary).catch(() => {});
  }
}

async function isStale({ disk, path, machine, clock }: LockPlace): Promise<boolean> {
  const info = await disk.stat(path);
  if (!info) return true;
  const name = parseProcessName(await disk.read(path).catch(() => undefined));
  const sight = name ? machine.look(name) : "untold";
  if (sight === "running") return false;
  return sight === "gone" || Math.abs(clock.now() - info.mtimeMs) > PATIENCE;
}

async function takeStale(place: LockPlace): Promise<boolean> {
  await place.disk.unlink(place.path).catch(() => {});
  return take(place);
}
