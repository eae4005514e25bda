/**
 * A run as lines, one for each thing that began, ended or waits: for pipes, logs and terminals that cannot redraw.
 * Owns which changes are worth a line.
 */
import type { RunWatch } from "../../../app/app.ts";
import { printableLine } from "../../../views/printable.ts";
import { isOver } from "../../../views/statusWord.ts";
import type { TaskRow } from "../../../views/taskRow.ts";
import { runTree } from "../../../views/taskTree.ts";
import { rowInfo, signOf } from "../../../views/text.ts";
import type { RunView } from "./runView.ts";
import type { Terminal } from "./terminal.ts";

/** A view that only ever adds lines. `me`: whose answers are "you". */
export function createPlainView(terminal: Terminal, me: string): RunView {
  const said = new Map<string, string>();
  let watch: RunWatch | undefined;
  const look = (): void => {
    if (!watch) return;
    const { state, live, ownership } = watch;
    const tree = runTree(state, { driven: ownership !== "nobody", live, me });
    for (const { row, trail } of changed(tree.children, [], said)) {
      terminal.line(rowLine(row, trail, terminal));
    }
  };
  return {
    start: async (looked) => {
      watch = looked;
      const { started } = looked.state;
      const heading = [started.bundle.main, started.run, started.workspace]
        .map(printableLine)
        .join(" · ");
      terminal.line(terminal.paint("bold", heading));
      look();
    },
    change: (change) => {
      if (change.type !== "live") look();
      else if (watch && isAsking(watch, change.path))
        terminal.line(` ! ${printableLine(change.text)}`);
    },
    note: (text) => {
      if (text !== "") terminal.error(text);
    },
    pause: () => undefined,
    resume: look,
    stop: look,
  };
}

interface Changed {
  readonly row: TaskRow;
  /** Titles of the rows around it. */
  readonly trail: readonly string[];
}

/** Rows that say something new, in the order of the tree: what is inside a container before its end. */
function changed(
  rows: readonly TaskRow[],
  trail: readonly string[],
  said: Map<string, string>,
): readonly Changed[] {
  return rows.flatMap((row) => {
    const around = row.kind === "phase" ? trail : [...trail, row.title];
    const inside = changed(row.children, around, said);
    if (row.kind === "phase" || row.dimmed || said.get(row.id) === row.word) return inside;
    const before = said.get(row.id);
    said.set(row.id, row.word);
    if (!isNews(row, before)) return inside;
    return isOver(row.status) ? [...inside, { row, trail }] : [{ row, trail }, ...inside];
  });
}

/** A quick step is news once it is over; a container that begins to wait says so through the task inside it. */
function isNews(row: TaskRow, before: string | undefined): boolean {
  if (isOver(row.status)) return !SILENT.has(row.kind) || row.status === "failed";
  if (row.children.length > 0) return before === undefined && GROUPS.has(row.kind);
  return row.status !== "running" || WORKING.has(row.kind);
}

/** Kinds whose end says nothing that the steps around them do not. */
const SILENT: ReadonlySet<string> = new Set(["set_state", "return", "condition"]);

/** Kinds whose beginning says how much is to come. */
const GROUPS: ReadonlySet<string> = new Set(["foreach", "parallel", "workflow"]);

/** Kinds that take time once they run. */
const WORKING: ReadonlySet<string> = new Set(["delegate", "mcp_call", "shell", "gate", "wait"]);

function rowLine(row: TaskRow, trail: readonly string[], terminal: Terminal): string {
  const title = [...trail, row.title].map(printableLine).join(" › ");
  const sign = row.status === "running" ? "▸" : signOf(row.status);
  const info = rowInfo(row, row.endedAt ?? row.startedAt ?? 0);
  return ` ${sign} ${title}${info === "" ? "" : `  ${terminal.paint("dim", info)}`}`;
}

function isAsking({ state }: RunWatch, path: string): boolean {
  return state.tasks.get(path)?.status === "asking";
}
