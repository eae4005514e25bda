/**
 * What differs between two texts, line by line. Owns finding it and nothing of how it is shown.
 */

/** Lines of the old text that others stand in the place of. */
export interface LineChange {
  /** Index of the first line in the old text and in the new one, from 0. */
  readonly oldAt: number;
  readonly newAt: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Line pairs that are compared at most; beyond, what lies between the equal ends counts as one change. */
const MOST_PAIRS = 4_000_000;

/** The changes in order, as few lines as can be; each line keeps its ending. */
export function lineDiff(before: string, after: string): readonly LineChange[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, now.length) - head;
  while (tail < most && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const inner = {
    old: old.slice(head, old.length - tail),
    now: now.slice(head, now.length - tail),
  };
  return changes(inner.old, inner.now, head);
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function changes(
  old: readonly string[],
  now: readonly string[],
  offset: number,
): readonly LineChange[] {
  if (old.length === 0 && now.length === 0) return [];
  if (old.length * now.length > MOST_PAIRS)
    return [{ oldAt: offset, newAt: offset, removed: old, added: now }];
  const common = commonLengths(old, now);
  const width = now.length + 1;
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  const found: LineChange[] = [];
  for (let i = 0, j = 0; i < old.length || j < now.length; ) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      i += 1;
      j += 1;
      continue;
    }
    const start = { oldAt: i, newAt: j };
    while ((i < old.length || j < now.length) && !(i < old.length && old[i] === now[j])) {
      if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) i += 1;
      else j += 1;
    }
    found.push({
      oldAt: start.oldAt + offset,
      newAt: start.newAt + offset,
      removed: old.slice(start.oldAt, i),
      added: now.slice(start.newAt, j),
    });
  }
  return found;
}

/** Length of the longest common run of lines of the two tails that begin at each pair of places. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array {
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const next =
        old[i] === now[j]
          ? (table[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
      table[i * width + j] = next;
    }
  }
  return table;
}
