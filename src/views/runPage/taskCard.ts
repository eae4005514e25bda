/** What a bar or a box says when it is pointed at or in focus: a few lines of a task. Owns the choice of them. */
import { formatElapsed } from "../duration.ts";
import { printableLine } from "../printable.ts";
import type { TaskRow } from "../taskRow.ts";
import { formatTokens } from "../usage.ts";

export interface TaskCard {
  readonly title: string;
  readonly word: string;
  readonly status: TaskRow["status"];
  /** Name and value. */
  readonly lines: readonly (readonly [string, string])[];
  /** What it does or why it failed, cut to a few lines of a card. */
  readonly detail: string;
}

/** The card of a row. `now` in ms since the epoch. */
export function taskCard(row: TaskRow, now: number, attempts = 0): TaskCard {
  const lines: (readonly [string, string])[] = [["Kind", row.kind]];
  if (row.startedAt !== undefined)
    lines.push([
      row.endedAt === undefined ? "For" : "Took",
      formatElapsed((row.endedAt ?? now) - row.startedAt) + planned(row),
    ]);
  else if (row.estimate !== undefined) lines.push(["Planned", formatElapsed(row.estimate)]);
  if (attempts > 1) lines.push(["Attempts", String(attempts)]);
  if (row.progress) lines.push(["Done", `${row.progress.done} of ${row.progress.total}`]);
  if (row.tokens > 0) lines.push(["Tokens", formatTokens(row.tokens)]);
  if (row.critical) lines.push(["Path", "critical: it decided how long the run took"]);
  const detail = printableLine(row.detail ?? "");
  return {
    title: printableLine(row.title),
    word: row.word,
    status: row.status,
    lines,
    detail: detail.length > LONGEST ? `${detail.slice(0, LONGEST)}…` : detail,
  };
}

const LONGEST = 240;

function planned({ estimate }: TaskRow): string {
  return estimate === undefined ? "" : `, planned ${formatElapsed(estimate)}`;
}
