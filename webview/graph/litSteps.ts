/** What the tasks of each step of a definition come to: how a graph lights up. Pure. */
import { foremost, isOver, type StatusWord } from "../../src/views/statusWord.ts";
import type { TaskRow } from "../../src/views/taskRow.ts";
import { definitionPlace } from "./graphLayout.ts";

/** What the tasks of one step come to. */
export interface Lit extends StatusWord {
  /** The task that says most of it. */
  readonly path: string;
  readonly done: number;
  readonly total: number;
}

/** What has begun, by its place in the definition. */
export function litSteps(tree: TaskRow): ReadonlyMap<string, Lit> {
  const found = new Map<string, TaskRow[]>();
  const walk = (row: TaskRow): void => {
    if (!row.dimmed && !NO_STEP.has(row.kind)) {
      const place = definitionPlace(row.id);
      const rows = found.get(place);
      if (rows) rows.push(row);
      else found.set(place, [row]);
    }
    row.children.forEach(walk);
  };
  walk(tree);
  return new Map([...found].map(([place, rows]) => [place, litBy(rows)] as const));
}

const NO_STEP: ReadonlySet<string> = new Set(["run", "phase", "item", "branch", "planner"]);

function litBy(rows: readonly TaskRow[]): Lit {
  const last = rows.at(-1);
  const failed = rows.findLast(({ status }) => status === "failed" || status === "rejected");
  const word = foremost(rows) ?? failed ?? last ?? { status: "queued" as const, word: "Queued" };
  const chosen = rows.find(({ status }) => status === word.status) ?? last;
  return {
    status: word.status,
    word: word.word,
    path: chosen?.id ?? "",
    done: rows.filter(({ status }) => isOver(status)).length,
    total: rows.length,
  };
}
