/** What became of the worktree that work was done in, from a run's records. Pure. Owns the words for one that is gone. */
import { isObject, type JsonObject } from "../../util/json.ts";
import type { Recorded } from "../event.ts";
import { type Failure, failure } from "../failure.ts";
import { stepId } from "../path.ts";
import { DROP, MERGE } from "./parts.ts";

/** Why nothing can be run any more in the worktree of the task at `path`; undefined while it, or its branch, is there. */
export function worktreeGone(records: readonly Recorded[], path: string): Failure | undefined {
  const [, owner] = /^(.*)\/isolated-/.exec(path) ?? [];
  if (owner === undefined) return undefined;
  const dropped = resultOf(records, `${owner}/${DROP}`);
  if (dropped === undefined || typeof dropped.branch === "string") return undefined;
  const step = stepId(owner);
  const { commit } = resultOf(records, `${owner}/${MERGE}`) ?? {};
  const message =
    typeof commit === "string"
      ? `The work of ${owner} was merged (commit ${commit.slice(0, 10)}), and its worktree is gone. To run these gates over what the workspace has now, run those of its file: \`fermata gate FILE ${step}\`.`
      : `The work of ${owner} was not merged, and its worktree is gone with it: nothing is left to run its gates on. To have it done again, fork the run from ${owner}.`;
  return failure("invalid_input", message, { kind: "worktree_gone" });
}

/** What the latest visit of a step of the isolated work came to; undefined when it did not come to its end. */
function resultOf(records: readonly Recorded[], path: string): JsonObject | undefined {
  const mine = (one: string) => one === path || one.startsWith(`${path}#`);
  const results = records.flatMap(({ event }) =>
    event.type === "attempt_completed" && mine(event.path) ? [event.result ?? null] : [],
  );
  const last = results.at(-1);
  return isObject(last) ? last : undefined;
}
