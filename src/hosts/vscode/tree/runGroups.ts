/**
 * Runs gathered under headings: by workflow, by state, by day. Pure.
 * Owns which heading a run stands under and the order of the headings; the runs keep theirs.
 */
import type { RunSummary } from "../../../app/app.ts";
import { runRows } from "../../../views/runList.ts";

export type Grouping = "none" | "workflow" | "status" | "day";

export interface RunGroup {
  /** Unique among the groups of a grouping. */
  readonly key: string;
  readonly label: string;
  readonly runs: readonly RunSummary[];
}

/** The groups of a list of runs, the latest run first; empty groups are left out. */
export function groupsOf(
  runs: readonly RunSummary[],
  grouping: Exclude<Grouping, "none">,
  now: number,
): readonly RunGroup[] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const label = headingOf(run, grouping, now);
    const list = groups.get(label);
    if (list) list.push(run);
    else groups.set(label, [run]);
  }
  const found = [...groups].map(([label, members]) => ({
    key: `group ${grouping} ${label}`,
    label,
    runs: members,
  }));
  return grouping === "workflow" ? found.sort((a, b) => compare(a.label, b.label)) : found;
}

function headingOf(run: RunSummary, grouping: Exclude<Grouping, "none">, now: number): string {
  switch (grouping) {
    case "workflow":
      return run.workflow || run.run;
    case "status":
      return runRows([run], now)[0]?.word.replace(/ \(.*/, "") ?? "";
    case "day":
      return dayOf(run.started_at, now);
  }
}

const DAY = 24 * 3_600_000;

/** The day of a time in the person's own time zone, near ones by name. */
function dayOf(at: number, now: number): string {
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Date(at).toLocaleDateString(undefined, {
    year: "numeric",
    month: "long",
    day: "numeric",
  });
}

function midnight(at: number): number {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
