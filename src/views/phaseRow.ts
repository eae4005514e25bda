/**
 * Steps of one phase under a row of their own, with the phase's title and planned duration.
 * Owns which steps stand together; what stands in a row is taskTree's.
 */
import type { RunState } from "../run/state.ts";
import type { Step, Workflow } from "../workflow/workflow.ts";
import { atWork, type Driven } from "./statusWord.ts";
import { rollUp, sumTokens, type TaskRow } from "./taskRow.ts";

export interface PhaseGroup {
  readonly phase: string | undefined;
  readonly members: readonly Step[];
}

/** Neighbours of one phase; in a graph, whose order says nothing, all of one phase. */
export function phaseGroups(steps: readonly Step[], graph: boolean): readonly PhaseGroup[] {
  const groups: { phase: string | undefined; members: Step[] }[] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    const known = graph ? groups.find(({ phase }) => phase === step.phase) : last;
    if (known && known.phase === step.phase) known.members.push(step);
    else groups.push({ phase: step.phase, members: [step] });
  }
  return groups;
}

/** The row of a phase around the rows of its steps; `before`: the rows above it in its list. */
export function phaseRow(
  state: RunState,
  driven: Driven,
  place: { readonly list: string; readonly phase: string; readonly before: readonly TaskRow[] },
  children: readonly TaskRow[],
): TaskRow {
  const starts = children.flatMap((row) => row.startedAt ?? []);
  const ends = children.flatMap((row) => row.endedAt ?? []);
  const over = ends.length > 0 && children.every((row) => row.dimmed || row.endedAt !== undefined);
  const { title = place.phase, estimate } = definitionOf(state, place.phase);
  return {
    id: idOf(place),
    kind: "phase",
    title,
    ...rollUp(children, atWork(state, driven)),
    dimmed: children.every((row) => row.dimmed),
    ...(starts.length > 0 ? { startedAt: Math.min(...starts) } : {}),
    ...(over && !children.some((row) => row.dimmed && row.status === "queued")
      ? { endedAt: Math.max(...ends) }
      : {}),
    ...(estimate === undefined ? {} : { estimate }),
    ...(children.some((row) => row.critical) ? { critical: true as const } : {}),
    tokens: sumTokens(children),
    children,
  };
}

function idOf({ list, phase, before }: Parameters<typeof phaseRow>[2]): string {
  const own = list === "" ? `phase:${phase}` : `${list}/phase:${phase}`;
  const earlier = before.filter(({ id }) => id === own || id.startsWith(`${own}#`)).length;
  return earlier === 0 ? own : `${own}#${earlier + 1}`;
}

/** What the run's workflow says of a phase, else the sub-workflow that has it. */
function definitionOf(
  { started: { bundle } }: RunState,
  phase: string,
): Workflow["phases"][string] {
  const all = [bundle.workflows[bundle.main], ...Object.values(bundle.workflows)];
  const found = all.find((workflow) => workflow && Object.hasOwn(workflow.phases, phase));
  return found?.phases[phase] ?? {};
}
