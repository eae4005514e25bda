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
  const tables = statsTables(stats).flatMap((rows) => ["", ...table(rows)]);
  return [title, "", ...summaryLines(stats), ...tables, "", ...ownLines(stats), ""].join("\n");
}

/** What `health` found, as a page: what is wrong first. */
export function healthPage({ status, checks }: Health, name: string): string {
  return doctorText(checks, `${name}: ${status}`);
}

function table([head = [], ...rows]: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  const rule = `|${head.map((_, index) => (index === 0 ? " --- |" : " ---: |")).join("")}`;
  return [line(head), rule, ...rows.map(line)];
}
