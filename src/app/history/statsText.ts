/** What many runs come to, in words: sentences and tables that the terminal and the editor lay out. Pure. */
import type { Spread } from "../../report/percentile.ts";
import type { RunFigures, StepFigures } from "../../report/runStats.ts";
import { formatElapsed } from "../../views/duration.ts";
import { formatBytes } from "../../views/machine/bytes.ts";
import { printableLine } from "../../views/printable.ts";
import { formatCost, formatSpent, formatTokens } from "../../views/usage.ts";
import type { Stats } from "../app.ts";

/** How many runs, what became of them, what they cost. */
export function summaryLines({ runs, from, to, damaged }: Stats): readonly string[] {
  const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace("T", " ");
  const became = [
    ...[`${runs.done} done`, `${runs.failed} failed`, `${runs.rejected} rejected`],
    ...[`${runs.cancelled} cancelled`, `${runs.unfinished} unfinished`],
  ].filter((part) => !part.startsWith("0 "));
  return [
    `${counted(runs.started, "run")} from ${day(from)} to ${day(to)} UTC: ${became.join(", ")}.`,
    `${daily(runs)}Of those that ended, ${percent(runs.completion_rate)} ended well.`,
    `${formatTokens(runs.tokens)}, ${formatSpent(runs.cost_usd, runs.unpriced) || formatCost(0)}.`,
    ...(damaged > 0 ? [`${counted(damaged, "run")} cannot be read and is not counted.`] : []),
  ];
}

/** By workflow, by step, by agent: rows of cells, headings first; only those that hold something. */
export function statsTables({ workflows, steps, agents }: Stats): readonly (readonly string[])[][] {
  const times = ["P50", "P95", "P99", "max"];
  const tables = [
    [
      ["workflow", "runs", "ended well", ...times, "tokens", "cost"],
      ...Object.entries(workflows).map(runCells),
    ],
    [
      ["step", "tasks", "failed", ...times, "tokens", "cost"],
      ...Object.entries(steps).map(stepCells),
    ],
    [
      ["agent", "tasks", "failed", ...times, "tokens", "cost"],
      ...Object.entries(agents).map(stepCells),
    ],
  ];
  return tables.filter(({ length }) => length > 1);
}

function runCells([name, figures]: readonly [string, RunFigures]): readonly string[] {
  const well = percent(figures.completion_rate);
  return [
    printableLine(name),
    String(figures.started),
    well,
    ...timeCells(figures.took),
    ...spent(figures),
  ];
}

function stepCells([name, figures]: readonly [string, StepFigures]): readonly string[] {
  const failed = percent(figures.error_rate);
  return [
    printableLine(name),
    String(figures.tasks),
    failed,
    ...timeCells(figures.took),
    ...spent(figures),
  ];
}

function timeCells(took: Spread | undefined): readonly string[] {
  if (!took) return ["-", "-", "-", "-"];
  return [took.p50, took.p95, took.p99, took.max].map(time);
}

function spent({
  tokens,
  cost_usd,
  unpriced,
}: Pick<RunFigures, "tokens" | "cost_usd" | "unpriced">): readonly string[] {
  return [tokens > 0 ? formatTokens(tokens) : "-", formatSpent(cost_usd, unpriced) || "-"];
}

/** How the index and this process do. */
export function ownLines({ index, process }: Stats): readonly string[] {
  const { cpu, uptime, memory, heap } = process;
  return [
    `Index: ${percent(index.hit_rate)} of the runs answered without reading their journals; ${formatBytes(index.bytes)} on disk.`,
    `This process: ${formatBytes(memory)} of memory (${formatBytes(heap)} in use), ` +
      `${formatElapsed(cpu)} of computing in ${formatElapsed(uptime)}.`,
  ];
}

/** What a step takes is often far less than a second. */
function time(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}ms` : formatElapsed(ms);
}

function percent(part: number | null): string {
  return part === null ? "-" : `${(part * 100).toFixed(part === 0 || part === 1 ? 0 : 1)} %`;
}

function daily({ started_per_day: started, done_per_day: done }: RunFigures): string {
  if (started === null || done === null) return "";
  return `Started a day: ${rate(started)}. Done a day: ${rate(done)}. `;
}

function rate(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
