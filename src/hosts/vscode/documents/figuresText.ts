/** What many runs come to, and how everything fares now, as markdown pages. Pure; the words are the app's. */
import type { Stats } from "../../../app/app.ts";
import { ownLines, statsTables, summaryLines } from "../../../app/history/statsText.ts";
import type { Health } from "../../../views/machine/health.ts";
import { escaped } from "../plainText.ts";
import { doctorText } from "./doctorText.ts";

/** The figures of the runs that `filter` lets through, as a page. */
export function statsPage(stats: Stats, filter: string): string {
  const title = filter === "" ? "# Runs" : `# Runs: ${escaped(filter)}`;
  if (stats.runs.started === 0) return `${title}\n\nThere is no run to count yet.\n`;
  const tables = statsTables(stats).flatMap((rows) => ["", ...markdownTable(rows)]);
  return [title, "", ...summaryLines(stats), ...tables, "", ...ownLines(stats), ""].join("\n");
}

/** What `health` found, as a page: what is wrong first. */
export function healthPage({ status, checks }: Health, name: string): string {
  return doctorText(checks, `${name}: ${status}`);
}

/** Rows of cells, headings first, as a table in columns: the page is read as it is written. */
export function markdownTable(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...rest] = rows.map((row) => row.map(cellText));
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rest].map((row) => row[column]?.length ?? 0)),
  );
  const inside = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const line = (row: readonly string[]) =>
    inside(
      widths.map((width, column) => {
        const cell = row[column] ?? "";
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      }),
    );
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), inside(rule), ...rest.map(line)];
}

/** Names and numbers stay as they are: in a cell nothing of them is markup. */
function cellText(text: string): string {
  const isPlain = /^[\p{L}\d @%,.$+≈-]*$/u.test(text) && !/www\./i.test(text);
  return isPlain ? text : escaped(text);
}
