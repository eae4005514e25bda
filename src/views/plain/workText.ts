/**
 * What parallel work came to, in a few lines for the end of a run: the speed-up, the way that decided how long it took,
 * phases beside their plan. Owns the words; the figures come from a report.
 */
import { formatElapsed } from "../duration.ts";
import { printableLine } from "../printable.ts";

/** Times in ms; `criticalPath` as people are to read it. */
export interface WorkFigures {
  readonly elapsed: number;
  readonly sequential: number;
  readonly speedUp: number;
  readonly estimate?: number;
  readonly criticalPath: readonly string[];
  readonly criticalTime: number;
  readonly phases: readonly {
    readonly title: string;
    readonly elapsed: number;
    readonly speedUp: number;
    readonly estimate?: number;
  }[];
}

/** Below this nothing was gained that is worth a line. */
const LEAST_SPEED_UP = 1.1;
/** Shorter runs have nothing to plan. */
const SHORTEST = 1000;
/** Steps of the critical path that are named; of the others the last say most. */
const NAMED = 6;

/** The lines, none for a run that was short or did one thing after the other without a plan. */
export function workText(work: WorkFigures): readonly string[] {
  if (work.elapsed < SHORTEST) return [];
  const lines: string[] = [];
  if (work.speedUp >= LEAST_SPEED_UP) {
    const gained = `${work.speedUp.toFixed(1)} times as fast as one after the other`;
    lines.push(
      `Work    ${formatElapsed(work.sequential)} in ${formatElapsed(work.elapsed)}, ${gained}`,
      `Path    ${pathText(work.criticalPath)} (${formatElapsed(work.criticalTime)})`,
    );
  }
  for (const phase of work.phases) lines.push(...phaseLine(phase));
  if (work.estimate !== undefined)
    lines.push(`Plan    ${formatElapsed(work.estimate)}, took ${formatElapsed(work.elapsed)}`);
  return lines;
}

function phaseLine(phase: WorkFigures["phases"][number]): readonly string[] {
  const { title, elapsed, speedUp, estimate } = phase;
  if (estimate === undefined && speedUp < LEAST_SPEED_UP) return [];
  const planned = estimate === undefined ? "" : ` of ${formatElapsed(estimate)} planned`;
  const gained = speedUp < LEAST_SPEED_UP ? "" : `, ${speedUp.toFixed(1)} times as fast`;
  return [`Phase   ${printableLine(title)}: ${formatElapsed(elapsed)}${planned}${gained}`];
}

function pathText(path: readonly string[]): string {
  const named = path.slice(-NAMED).map(printableLine);
  return [...(path.length > NAMED ? ["…"] : []), ...named].join(" → ");
}
