/** A run that is not over, looked at from outside: whether its owner lives, and what lies unread in its inbox. */
import { errorCode } from "../disk.ts";
import { type OwnerPlace, readOwner } from "../owner.ts";
import { runFolder, runPaths } from "../runFolder.ts";

/**
 * - `live`: its owner runs and has just shown it
 * - `stale`: its owner has not stirred for a while, and nobody knows that it is gone
 * - `dead`: nobody drives it
 */
export type OwnerSign = "live" | "stale" | "dead";

export interface LookPlace extends Omit<OwnerPlace, "folder"> {
  /** The workspace's state folder. */
  readonly state: string;
}

/** Without a beat for this long, in ms, an owner that is not known to be gone is stale. */
const STALE = 10_000;

export async function lookAtRun(
  place: LookPlace,
  run: string,
): Promise<{ readonly owner: OwnerSign; readonly unread: number }> {
  const folder = runFolder(place.state, run);
  const owner = await readOwner({ ...place, folder });
  const unread = await unreadIn(place, runPaths(folder).inbox);
  if (!owner || owner.sight === "gone" || owner.sight === "released")
    return { owner: "dead", unread };
  const still = Math.abs(place.clock.now() - owner.heartbeat);
  return { owner: still < STALE ? "live" : "stale", unread };
}

async function unreadIn({ disk }: LookPlace, inbox: string): Promise<number> {
  try {
    const names = await disk.list(inbox);
    return names.filter((name) => !name.endsWith(".reply") && !name.endsWith(".tmp")).length;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return 0;
    throw error;
  }
}
