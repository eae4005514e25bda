/**
 * A run as lines, one for each thing that began, ended or waits: for pipes, logs and terminals that cannot redraw.
 * Owns the form of a line; which changes are worth one is views/plain/news.
 */
import type { RunWatch } from "../../../app/app.ts";
import { agentLines } from "../../../run/start/chosenAgents.ts";
import { newsOf, type Said } from "../../../views/plain/news.ts";
import { rowInfo, signOf } from "../../../views/plain/text.ts";
import { printableLine } from "../../../views/printable.ts";
import type { TaskRow } from "../../../views/taskRow.ts";
import { runTree } from "../../../views/taskTree.ts";
import type { RunView } from "./runView.ts";
import type { Terminal } from "./terminal.ts";

/** Changes of so many milliseconds are looked at together: a look costs as much as the run is large. */
const GATHER = 50;

/** A view that only ever adds lines. `me`: whose answers are "you". */
export function createPlainView(terminal: Terminal, me: string): RunView {
  const said: Said = new Map();
  let watch: RunWatch | undefined;
  let budgets = 0;
  let soon: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(soon);
    soon = undefined;
    if (!watch) return;
    const { state, live, ownership } = watch;
    const tree = runTree(state, { driven: ownership !== "nobody", live, me });
    for (const { row, trail } of newsOf(tree, said)) terminal.line(rowLine(row, trail, terminal));
    for (const { message } of state.overspent.slice(budgets))
      terminal.line(terminal.paint("yellow", ` ! ${printableLine(message)}`));
    budgets = state.overspent.length;
  };
  return {
    start: async (looked) => {
      watch = looked;
      const { started } = looked.state;
      const heading = [started.bundle.main, started.run, started.workspace]
        .map(printableLine)
        .join(" · ");
      terminal.line(terminal.paint("bold", heading));
      for (const line of agentLines(started))
        terminal.line(terminal.paint("dim", ` ${printableLine(line)}`));
      look();
    },
    change: (change) => {
      if (change.type === "refused") terminal.line(` ! ${printableLine(change.reason)}`);
      else if (change.type !== "live") soon ??= setTimeout(look, GATHER);
    },
    note: (text) => {
      if (text !== "") terminal.error(text);
    },
    pause: () => undefined,
    resume: look,
    stop: look,
  };
}

function rowLine(row: TaskRow, trail: readonly string[], terminal: Terminal): string {
  const title = [...trail, row.title].map(printableLine).join(" › ");
  const sign = row.status === "running" ? "▸" : signOf(row.status);
  const info = rowInfo(row, row.endedAt ?? row.startedAt ?? 0);
  return ` ${sign} ${title}${info === "" ? "" : `  ${terminal.paint("dim", info)}`}`;
}
