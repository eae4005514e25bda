/**
 * What is new in a run since the last look, as lines: for logs, pipes and surfaces that only ever add.
 * Owns which changes are worth a line; inside an item or branch only what needs somebody's eye is.
 */
import { isOver } from "../statusWord.ts";
import type { TaskRow } from "../taskRow.ts";

export interface News {
  readonly row: TaskRow;
  /** Titles of the rows around it, the run and phases left out. */
  readonly trail: readonly string[];
}

/** The word that was last said of each row, by id. Kept by the caller between looks. */
export type Said = Map<string, string>;

/** The rows that say something new, in the order of the tree; what is inside a container comes before its end. */
export function newsOf(run: TaskRow, said: Said): readonly News[] {
  return run.children.flatMap((row) => newsAt(row, { trail: [], inItem: false }, said));
}

interface Around {
  readonly trail: readonly string[];
  readonly inItem: boolean;
}

function newsAt(row: TaskRow, around: Around, said: Said): readonly News[] {
  const own = row.kind === "item" || row.kind === "branch";
  const trail = row.kind === "phase" ? around.trail : [...around.trail, row.title];
  const inside = row.children.flatMap((child) =>
    newsAt(child, { trail, inItem: around.inItem || own }, said),
  );
  if (row.kind === "phase" || row.dimmed || said.get(row.id) === row.word) return inside;
  const before = said.get(row.id);
  said.set(row.id, row.word);
  if (!isNews(row, before, around.inItem)) return inside;
  const line = { row, trail: around.trail };
  return isOver(row.status) ? [...inside, line] : [line, ...inside];
}

function isNews(row: TaskRow, before: string | undefined, inItem: boolean): boolean {
  const { status, kind } = row;
  const leaf = row.children.length === 0;
  if (status === "failed" || status === "rejected") return true;
  if (status === "running") return !inItem && (before === undefined || leaf) && BEGINS.has(kind);
  if (isOver(status)) return !inItem && ENDS.has(kind) && (leaf || kind !== "workflow");
  return leaf;
}

/** Kinds whose beginning is news: they take time, or say how much is to come. */
const BEGINS: ReadonlySet<string> = new Set([
  ...["delegate", "mcp_call", "shell", "http", "worker_call", "plan", "gate", "wait"],
  ...["foreach", "parallel", "item", "branch"],
]);

/** Kinds whose end is news; of the others the steps around them tell. */
const ENDS: ReadonlySet<string> = new Set([...BEGINS, "prompt", "approve", "workflow"]);
