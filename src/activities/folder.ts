/** The working folder of a run, and that of a command: inside the workspace by its real path, so that no symbolic link leads out. */
import { realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import type { Activity, ActivityContext } from "../engine/activity.ts";
import { type Failure, failure } from "../run/failure.ts";
import type { ActivityRequest } from "../run/request.ts";

export type Folder =
  | { readonly type: "folder"; readonly path: string }
  | { readonly type: "refused"; readonly failure: Failure };

/** The real path of `cwd` (relative to `workspace`, absent: the workspace itself), or why it cannot be used. */
export async function resolveFolder(workspace: string, cwd: string | undefined): Promise<Folder> {
  try {
    const root = await realpath(workspace);
    const path = await realpath(resolve(root, cwd ?? "."));
    const inside = path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
    if (!inside) {
      return refuse(
        `\`cwd\` ${cwd} leads outside of the workspace, to ${path}. Use a folder inside ${root}.`,
      );
    }
    if ((await stat(path)).isDirectory()) return { type: "folder", path };
    return refuse(`\`cwd\` ${cwd} is a file. Name a folder of the workspace ${root}.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(
      `The folder ${cwd ?? workspace} cannot be used: ${reason}. Create it or correct \`cwd\`.`,
    );
  }
}

/** Why nothing can be done in the folder that a run works in, when it is not there. */
export async function missingWorkspace(workspace: string): Promise<Failure | undefined> {
  const found = await stat(workspace).catch(() => undefined);
  if (found?.isDirectory()) return undefined;
  const what = found ? "is no folder any more" : "is not there: it was deleted or moved";
  const message = `The folder that this run works in, ${workspace}, ${what}. Put it back, then retry.`;
  return failure("invalid_input", message, { kind: "workspace_gone", folder: workspace });
}

/** The same activity, which fails with one word where the folder of its run is not there, before it or by its end. */
export function inWorkspace<R extends ActivityRequest>(activity: Activity<R>): Activity<R> {
  return async (request, context) => {
    const gone = await missingWorkspace(context.workspace);
    if (gone) return { type: "failed", failure: gone };
    const outcome = await activity(request, context);
    if (outcome.type !== "failed" || context.signal.aborted) return outcome;
    const failed = await missingWorkspace(context.workspace);
    return failed ? { ...outcome, failure: failed } : outcome;
  };
}

/** Makes a worktree again that was taken away with the run that needed it. */
export type Restore = (folder: string) => Promise<Failure | undefined>;

/** The context in the folder that a request names: the work of an isolated step is elsewhere. */
export async function placedIn(
  folder: string | undefined,
  context: ActivityContext,
  restore: Restore | undefined,
): Promise<ActivityContext | Failure> {
  if (folder === undefined) return context;
  return (await restore?.(folder)) ?? { ...context, workspace: folder };
}

function refuse(message: string): Folder {
  return { type: "refused", failure: failure("invalid_input", message) };
}
