/** A run as text, the same lines as in the terminal. Pure. */

import { agentLines } from "../../../run/start/chosenAgents.ts";
import { runText } from "../../../views/plain/text.ts";
import { runTree } from "../../../views/taskTree.ts";
import type { RunEntry } from "../hostModel.ts";

/** Columns; longer titles are cut. */
const WIDTH = 110;

/** Every task of the run with its state; why it cannot be shown where that is so. */
export function runAsText(
  entry: RunEntry | undefined,
  { me, workspace, now }: { readonly me: string; readonly workspace: string; readonly now: number },
): string {
  if (!entry?.state) return `${entry?.summary.damage ?? "There is no such run."}\n`;
  const tree = runTree(entry.state, { driven: entry.ownership !== "nobody", live: entry.live, me });
  const lines = runText(tree, {
    workspace,
    agents: agentLines(entry.state.started),
    width: WIDTH,
    widthOf: (text) => [...text].length,
    colour: false,
    now,
    show: "all",
  });
  return `${lines.join("\n")}\n`;
}
