/** The items of a plan that a person may drop: the entries of its top-level lists. Pure text; knows no run. */

/** One top-level list item; lines from 1, `end` inclusive. */
export interface PlanItem {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const ITEM = /^(?:[-*+]|\d+[.)])\s+/;
const FENCE = /^\s*(?:```|~~~)/;

/** The items of every top-level list of a markdown text, in order. Lists inside code fences do not count. */
export function planItems(plan: string): readonly PlanItem[] {
  const lines = plan.split("\n");
  const items: { start: number; end: number; text: string }[] = [];
  let open: { start: number; end: number; text: string } | undefined;
  let fenced = false;
  let blank = false;
  lines.forEach((line, index) => {
    if (FENCE.test(line)) fenced = !fenced;
    const number = index + 1;
    if (!fenced && ITEM.test(line)) {
      open = { start: number, end: number, text: line.replace(ITEM, "").trim() };
      items.push(open);
    } else if (line.trim() === "") {
      blank = true;
      return;
    } else if (open) {
      const continues = fenced || /^\s/.test(line) || (!blank && !line.startsWith("#"));
      if (continues) open.end = number;
      else open = undefined;
    }
    blank = false;
  });
  return items;
}

/** The plan without some of its items; `drop` numbers them from 1 in the order of `planItems`. */
export function withoutItems(plan: string, drop: readonly number[]): string {
  const items = planItems(plan);
  const gone = new Set<number>();
  for (const number of drop) {
    const item = items[number - 1];
    if (!item) continue;
    for (let line = item.start; line <= item.end; line++) gone.add(line);
  }
  return plan
    .split("\n")
    .filter((_, index) => !gone.has(index + 1))
    .join("\n");
}
