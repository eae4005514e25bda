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

/**
 * The rows under a run that are on screen, top to bottom. `before`: the list of the picture before, whose rows are taken
 * over where they are the same, so that thousands that do not change are no garbage.
 */
export function flatRows(
  run: TaskRow,
  folded: ReadonlySet<string>,
  before: readonly FlatRow[] = [],
): readonly FlatRow[] {
  const flat: FlatRow[] = [];
  const add = (rows: readonly TaskRow[], depth: number, parent: number): void => {
    for (const row of rows) {
      const isFolded = folded.has(row.id) && row.children.length > 0;
      const index = flat.length;
      const known = before[index];
      const same = known?.row === row && known.depth === depth && known.parent === parent;
      if (same && known.folded === isFolded) flat.push(known);
      else flat.push({ row, depth, folded: isFolded, parent });
      if (!isFolded) add(row.children, depth + 1, index);
    }
  };
  add(run.children, 0, -1);
  return flat;
}
