/**
 * A run as a tree of rows: phases, steps, items and branches in the order of the document, those to come included.
 * Owns what stands under what; the words are statusWord's, the order is the workflow's. Reads the fold, changes nothing.
 */
import { doingOf } from "../run/doing.ts";
import { definitionOf, itemTitle } from "../run/evolve/open.ts";
import { gateStepOf } from "../run/gate/ownGates.ts";
import type { TaskRecord } from "../run/history/taskRecord.ts";
import { isolatedSteps } from "../run/isolation/isolatedSteps.ts";
import { branchPath, itemPath, taskPath, visitOf } from "../run/path.ts";
import { beganAt, breakpointOf, isFinished, type RunState } from "../run/state.ts";
import type { ForeachStep, ParallelStep } from "../workflow/definition/controlSteps.ts";
import { innerLists } from "../workflow/definition/eachStep.ts";
import type { Step } from "../workflow/workflow.ts";
import { phaseGroups, phaseRow } from "./phaseRow.ts";
import { rowDetail, runDetail } from "./rowDetail.ts";
import type { KeptRows } from "./runPage/keptRows.ts";
import { type RecordsInside, recordsInside } from "./runPage/recordsInside.ts";
import { foremost, runWord, type StatusWord, taskWord, wordOf } from "./statusWord.ts";
import { progressOf, rowToCome, sumTokens, type TaskRow } from "./taskRow.ts";
import { asPlanned, plannedRecords, plannerRow, reviewRecords } from "./unwrittenRows.ts";

export interface TreeOptions {
  /** Some process drives the run now. */
  readonly driven: boolean;
  /** Latest live line of each running task, by path. */
  readonly live?: ReadonlyMap<string, string>;
  /** Paths on the critical path, to be marked. */
  readonly critical?: ReadonlySet<string>;
  /** The name under which answers from here are recorded: shown as "you". */
  readonly me?: string;
  /** Rows of the pictures before, told of every event; without `critical`. */
  readonly kept?: KeptRows;
}

/** The run's row with everything under it. */
export function runTree(state: RunState, options: TreeOptions): TaskRow {
  const { driven, me, live = NO_LINES, kept } = options;
  const inside = kept?.begin({ state, driven, me, live }) ?? recordsInside(state);
  const children = runRows({ state, options, inside });
  const { status, breakpoints } = state;
  const facts = { status, waiting: breakpoints.size, doing: doingOf(state), driven };
  const detail = runDetail(state);
  return {
    id: state.started.run,
    kind: "run",
    title: state.started.bundle.main,
    ...runWord(facts),
    dimmed: false,
    startedAt: beganAt(state),
    ...(state.ended_at === undefined ? {} : { endedAt: state.ended_at }),
    tokens: state.tokens,
    ...(detail === undefined ? {} : { detail }),
    ...(state.criteria ? { criteria: state.criteria } : {}),
    children,
  };
}

const NO_LINES: ReadonlyMap<string, string> = new Map();

/** The row with this id, anywhere in a tree. */
export function findRow(row: TaskRow, id: string): TaskRow | undefined {
  if (row.id === id) return row;
  for (const child of row.children) {
    const found = findRow(child, id);
    if (found) return found;
  }
  return undefined;
}

interface Context {
  readonly state: RunState;
  readonly options: TreeOptions;
  readonly inside: RecordsInside;
}

/** The rows of the run's own steps: where they are a graph, of that graph's. */
function runRows(context: Context): readonly TaskRow[] {
  const { root } = context.state;
  const [first] = root.steps;
  if (first?.kind !== "graph" || !first.unfolded)
    return groupedRows(context, "", root.steps, false);
  return groupedRows(context, taskPath("", first.id, 1), first.steps, true, "");
}

/** Rows of a list, those of one phase under its row. `graph`: the order of the file says nothing; `under`: as shown. */
function groupedRows(
  context: Context,
  list: string,
  steps: readonly Step[],
  graph: boolean,
  under = list,
): readonly TaskRow[] {
  const passed = hasPassed(context.state, list);
  const rows: TaskRow[] = [];
  for (const { phase, members } of phaseGroups(steps, graph)) {
    const inside = stepsRows(context, list, members, passed);
    if (phase === undefined) rows.push(...inside);
    else
      rows.push(
        phaseRow(context.state, context.options, { list: under, phase, before: rows }, inside),
      );
  }
  return rows;
}

function listRows(context: Context, list: string, steps: readonly Step[]): readonly TaskRow[] {
  return stepsRows(context, list, steps, hasPassed(context.state, list));
}

/** Steps in the order of the document, those to come included; where some were visited again, as they came. */
function stepsRows(
  context: Context,
  list: string,
  steps: readonly Step[],
  passed: boolean,
): readonly TaskRow[] {
  const begun = context.inside.get(list) ?? [];
  const byId = new Map(steps.map((step) => [step.id, step]));
  const came: (readonly [Step, TaskRecord])[] = [];
  for (const record of begun) {
    const step = byId.get(record.id);
    if (step && step.kind === record.kind) came.push([step, record]);
  }
  const first = new Map(came.toReversed());
  const rowOf = ([step, record]: readonly [Step, TaskRecord]) => taskRow(context, record, step);
  const toCome = (step: Step) => ({
    ...rowToCome(taskPath(list, step.id, 1), step.kind, step.name ?? step.id, passed),
    ...(step.estimate === undefined ? {} : { estimate: step.estimate }),
  });
  if (came.length > first.size) {
    return [...came.map(rowOf), ...steps.filter((step) => !first.has(step)).map(toCome)];
  }
  return steps.map((step) => {
    const record = first.get(step);
    return record ? rowOf([step, record]) : toCome(step);
  });
}

/** True when what a list has not come to will never run. What failed may be retried and go on. */
function hasPassed(state: RunState, list: string): boolean {
  if (state.open.get(list)?.graph || notBegun(state, list))
    return isFinished(state) && state.status !== "failed";
  const frame = state.frames.get(list);
  if (frame === undefined || frame.ended === "done") return true;
  return isFinished(state) && state.status !== "failed";
}

/** The graph that a file's steps are has not begun yet. */
function notBegun(state: RunState, list: string): boolean {
  return list !== "" && state.frames.get("")?.steps[0]?.id === list && !state.tasks.has(list);
}

function taskRow(context: Context, record: TaskRecord, step: Step): TaskRow {
  return keptRow(context, record.path, () => {
    const breakpoint = breakpointOf(context.state.open.get(record.path));
    const row = beganRow(context, record, childRows(context, record, step));
    return breakpoint === undefined ? row : { ...row, breakpoint };
  });
}

/** The row of the picture before where it is still true. */
function keptRow({ options }: Context, path: string, make: () => TaskRow): TaskRow {
  const known = options.kept?.get(path);
  if (known) return known;
  const made = make();
  options.kept?.set(path, made);
  return made;
}

/** The row of a task that has begun and holds no other. */
function leafRow(context: Context, record: TaskRecord): TaskRow {
  return keptRow(context, record.path, () => {
    const breakpoint = breakpointOf(context.state.open.get(record.path));
    const row = beganRow(context, record, []);
    return breakpoint === undefined ? row : { ...row, breakpoint };
  });
}

/** The row of a task, item or branch that has begun, around the rows inside it. */
function beganRow(
  { state, options }: Context,
  record: TaskRecord,
  children: readonly TaskRow[],
): TaskRow {
  const own = taskWord(state, record, options);
  const progress = progressOf(children);
  const detail = rowDetail(state, record, { ...options, children });
  return {
    id: record.path,
    kind: record.kind,
    title: titleOf(record),
    ...(record.status === "open" ? atWorkWord(children, own) : own),
    dimmed: false,
    ...(record.status === "done" && record.failure ? { tolerated: true as const } : {}),
    startedAt: record.started_at,
    ...(record.ended_at === undefined ? {} : { endedAt: record.ended_at }),
    ...(record.estimate === undefined ? {} : { estimate: record.estimate }),
    ...(options.critical?.has(record.path) ? { critical: true as const } : {}),
    tokens: record.tokens + sumTokens(children.filter(({ partOf }) => partOf === undefined)),
    ...(progress === undefined ? {} : { progress }),
    ...(detail === undefined ? {} : { detail }),
    children,
  };
}

function titleOf({ path, title }: TaskRecord): string {
  const visit = visitOf(path);
  return visit > 1 ? `${title} (${visit})` : title;
}

/** A container that runs says what is foremost inside it. A question stays one where nobody drives the run. */
function atWorkWord(children: readonly TaskRow[], own: StatusWord): StatusWord {
  if (own.status === "interrupted")
    return children.some((row) => row.status === "asking") ? wordOf("asking") : own;
  const atWork = own.status === "running" || own.status === "paused";
  return (atWork ? foremost(children) : undefined) ?? own;
}

function childRows(context: Context, record: TaskRecord, step: Step): readonly TaskRow[] {
  const { path } = record;
  const rows: TaskRow[] = [];
  if (step.kind === "foreach") rows.push(...itemRows(context, record, step));
  if (step.kind === "parallel") rows.push(...branchRows(context, record, step));
  if (step.kind === "plan") rows.push(...planRows(context, record));
  const task = context.state.open.get(path);
  const frame = task?.frames.get(0);
  const begun = context.inside.get(path) ?? [];
  for (const steps of listsOf(context.state, step)) {
    const graph = step.kind === "graph" && steps === step.steps;
    const isOpen = graph
      ? task?.graph !== undefined
      : frame?.path === path && frame.steps === steps;
    if (!isOpen && !begun.some((child) => steps.some((inner) => inner.id === child.id))) continue;
    rows.push(...groupedRows(context, path, steps, graph));
    if (step.kind === "condition") break;
  }
  return [...rows, ...reviewRows(context, path), ...gateRows(context, path, step)];
}

/** Those who looked at the answer under supervision. */
function reviewRows(context: Context, path: string): readonly TaskRow[] {
  return reviewRecords(path, context.inside).map((known) => {
    const row = leafRow(context, known);
    return known.agent === undefined ? row : { ...row, agent: known.agent };
  });
}

/** The gates over a step's output, once they are judged. */
function gateRows(context: Context, path: string, step: Step): readonly TaskRow[] {
  const gate = gateStepOf(step);
  const begun = context.inside
    .get(path)
    ?.some(({ id, kind }) => id === gate.id && kind === gate.kind);
  return begun && gate.gates.length > 0 ? listRows(context, path, [gate]) : [];
}

/** The planner, the evidence and the answer; from their records alone once the plan is not at hand. */
function planRows(context: Context, record: TaskRecord): readonly TaskRow[] {
  const { state, options, inside } = context;
  const { path } = record;
  const planner = plannerRow(record, inside, taskWord(state, record, options));
  const frame = state.open.get(path)?.frames.get(0);
  const [graph, ...answer] = frame?.kind === "plan" ? frame.steps : [];
  const rows =
    graph?.kind === "graph"
      ? [
          ...groupedRows(context, taskPath(path, graph.id, 1), graph.steps, true),
          ...listRows(context, path, answer),
        ]
      : plannedRecords(path, inside).map((known) => leafRow(context, known));
  return [planner, ...rows.map((row) => asPlanned(row, state.tasks.get(row.id)))];
}

/** The lists whose tasks stand directly under a step's own path. */
function listsOf(state: RunState, step: Step): readonly (readonly Step[])[] {
  const apart = step.kind === "foreach" || step.kind === "parallel";
  const lists = innerLists(step)
    .filter(([name]) => !apart || name === "on_error")
    .map(([, steps]) => steps);
  if (step.kind === "delegate" && step.isolation) return [isolatedSteps(step, ""), ...lists];
  return step.kind === "workflow" ? [definitionOf(state, step.workflow).steps, ...lists] : lists;
}

function itemRows(context: Context, record: TaskRecord, step: ForeachStep): readonly TaskRow[] {
  const { state } = context;
  const task = state.open.get(record.path);
  const expanded = task?.opening?.kind === "foreach" ? task.opening.items.length : 0;
  const begun =
    context.inside.get(record.path)?.filter((child) => child.kind === "item").length ?? 0;
  const steps = step.task ? definitionOf(state, step.task).steps : (step.steps ?? []);
  return Array.from({ length: Math.max(expanded, begun) }, (_, index) => {
    const path = itemPath(record.path, index);
    return keptRow(context, path, () => {
      const known = state.tasks.get(path);
      if (known) return beganRow(context, known, listRows(context, path, steps));
      return rowToCome(path, "item", task ? itemTitle(task, index) : path, task === undefined);
    });
  });
}

function branchRows(context: Context, record: TaskRecord, step: ParallelStep): readonly TaskRow[] {
  const { state } = context;
  const task = state.open.get(record.path);
  return step.branches.map((branch) => {
    const path = branchPath(record.path, branch.id);
    return keptRow(context, path, () => {
      const known = state.tasks.get(path);
      if (known) return beganRow(context, known, listRows(context, path, branch.steps));
      return rowToCome(path, "branch", branch.id, task === undefined);
    });
  });
}
