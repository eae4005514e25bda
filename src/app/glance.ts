/** What a host may ask before it loads the product: whether there is anything that goes on by itself. */
import { mayBeUnfinished } from "../journal/history/glance.ts";
import { type StateFolderInput, stateFolder } from "../journal/stateFolder.ts";

/** True when a workspace may have runs that are not over. Starts nothing, takes some ten microseconds a run. */
export function mayHaveUnfinishedRuns(input: StateFolderInput): boolean {
  return mayBeUnfinished(stateFolder(input));
}
