/**
 * A tree of rows as the list that is on screen: folded rows hide what is inside them.
 * Owns the order and the depth; knows no surface.
 */
import type { TaskRow } from "../taskRow.ts";

export interface FlatRow {
  readonly row: TaskRow;
  /** 0 for the outermost. */
  readonly depth: number;
  readonly folded: boolean;
  /** Index of the row that it stands under; -1 for the outermost. */
  readonly parent: number;
}

/** The rows under a run that are on screen, top to bottom. */
export function flatRows(run: TaskRow, folded: ReadonlySet<string>): readonly FlatRow[] {
  const flat: FlatRow[] = [];
  add(flat, run.children, 0, -1, folded);
  return flat;
}

function add(
  flat: FlatRow[],
  rows: readonly TaskRow[],
  depth: number,
  parent: number,
  folded: ReadonlySet<string>,
): void {
  for (const row of rows) {
    const isFolded = folded.has(row.id) && row.children.length > 0;
    const index = flat.length;
    flat.push({ row, depth, folded: isFolded, parent });
    if (!isFolded) add(flat, row.children, depth + 1, index, folded);
  }
}
