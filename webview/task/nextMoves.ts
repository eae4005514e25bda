/** The buttons of a task: what a person can do with it next. Owns their looks; which there are is `moves.ts`. */
import "@vscode-elements/elements/dist/vscode-button/index.js";
import { html, type TemplateResult } from "lit";
import { type TaskRow, taskOf } from "../../src/views/taskRow.ts";
import { send } from "../link.ts";
import { movesOf } from "./moves.ts";

/** The row of buttons; the first stands out where something failed. */
export function nextMoves(row: TaskRow, locked: string | undefined): TemplateResult {
  const moves = movesOf(row).filter(({ move }) => locked === undefined || move === "transcript");
  const prominent = row.status === "failed";
  return html`<div class="buttons" role="group" aria-label="What to do with this task">
    ${moves.map(
      ({ move, label }, index) => html`<vscode-button
        ?secondary=${!prominent || index > 0}
        @click=${() => send({ type: "move", move, path: taskOf(row) })}
        >${label}</vscode-button
      >`,
    )}
  </div>`;
}
