/**
 * What a run of `npm test` came to, as a page for people and for later: where it ran, what ran, what failed and was left
 * out, how long it took, where pictures lie, and what to do next. Pure; whoever calls gathers the facts and writes the file.
 */
import type { Tally } from "./runSuite.ts";

export interface StageResult {
  readonly name: string;
  readonly tally: Tally;
  readonly seconds: number;
}

export interface ReportFacts {
  /** When it ended, as an ISO date. */
  readonly at: string;
  /** What it ran on and with, by name. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stages: readonly StageResult[];
  /** Names of pictures beside the report. */
  readonly pictures: readonly string[];
}

/** Files named as slow. */
const SLOWEST = 10;

/** The report in Markdown. */
export function testReport({ at, environment, stages, pictures }: ReportFacts): string {
  const failures = stages.flatMap(({ tally }) => tally.failures);
  const skipped = stages.flatMap(({ tally }) => tally.skipped);
  const passed = stages.reduce((sum, { tally }) => sum + tally.passed, 0);
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const slow = stages
    .flatMap(({ tally }) => tally.slow)
    .sort(byTime)
    .slice(0, SLOWEST);
  const next = recommendations(failures, skipped);
  return [
    "# Test report",
    `${at}: ${passed} passed, ${failures.length} failed, ${skipped.length} skipped, in ${Math.round(seconds)} s.`,
    "## Environment",
    table(["what", "which"], Object.entries(environment)),
    "## Tests executed",
    table(
      ["stage", "passed", "failed", "skipped", "seconds"],
      stages.map(({ name, tally, seconds: took }) => [
        name,
        ...[tally.passed, tally.failures.length, tally.skipped.length].map(String),
        took.toFixed(1),
      ]),
    ),
    "## Issues",
    failures.length === 0 ? "None." : failures.map(fenced).join("\n\n"),
    "## Left out, and why",
    skipped.length === 0 ? "Nothing." : list(skipped),
    "## Performance",
    slow.length === 0 ? "No file took longer than 5 s." : list(slow),
    "## Pictures",
    pictures.length === 0 ? "None were taken." : list(pictures.map((name) => `[${name}](${name})`)),
    "## What to do next",
    next.length === 0 ? "Nothing." : list(next),
    "",
  ].join("\n\n");
}

/** For each failure the command that runs its file alone; for what was left out, that its reason is to be removed. */
function recommendations(
  failures: readonly string[],
  skipped: readonly string[],
): readonly string[] {
  const files = failures.flatMap((text) => /^FAILED (test\/\S+?\.ts)/.exec(text)?.[1] ?? []);
  const checks = failures.flatMap((text) => /^FAILED ([a-z0-9]+): see above/.exec(text)?.[1] ?? []);
  return [
    ...new Set(checks.map((stage) => `Look at it alone: \`npm test -- --only ${stage}\`.`)),
    ...new Set(files.map((file) => `Look at it alone: \`npm test -- ${file}\`.`)),
    ...(skipped.length === 0 ? [] : ["Set up what the reasons above name, and run it again."]),
  ];
}

/** `12.3 s  file`: the longest first. */
function byTime(a: string, b: string): number {
  return Number.parseFloat(b) - Number.parseFloat(a);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item.replace(/\s+/g, " ")}`).join("\n");
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.replaceAll("```", "'''")}\n\`\`\``;
}
