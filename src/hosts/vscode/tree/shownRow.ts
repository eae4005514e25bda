/**
 * The rows of the runs tree as they are shown: label, the line beside it, what may be done with it.
 * Pure: words come from the views, the editor's own things (icons, colours) are put on elsewhere.
 */
import { failedPaths } from "../../../run/admit.ts";
import { isFinished } from "../../../run/state.ts";
import { rowInfo } from "../../../views/plain/text.ts";
import { printableLine } from "../../../views/printable.ts";
import { runRows } from "../../../views/runList.ts";
import { isOver, type Status } from "../../../views/statusWord.ts";
import { type TaskRow, taskOf } from "../../../views/taskRow.ts";
import { runTree } from "../../../views/taskTree.ts";
import { ACTIVITIES } from "../../../workflow/schema/commonFields.ts";
import type { RunEntry } from "../hostModel.ts";

export interface ShownRow {
  /** Unique in the tree and the same for the life of the run. */
  readonly key: string;
  readonly run: string;
  /** The path of its task; absent for the run itself and for phases. */
  readonly path?: string;
  readonly breakpoint?: string;
  readonly kind: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly status: Status;
  readonly dimmed: boolean;
  /** Words that menus go by. */
  readonly flags: string;
  readonly expanded: boolean;
  /** Undefined: not known yet, ask for them. */
  readonly children: readonly ShownRow[] | undefined;
}

/**
 * A row with rows inside counts in such steps, in ms: drawing it draws what is inside, and the editor loses clicks on
 * rows that are being drawn. Leaves count every second.
 */
const COARSE = 5000;

/** Rows in which nothing moves any more, by what they show: the same row need not be worded twice. */
export type SettledRows = WeakMap<TaskRow, ShownRow>;

/**
 * A run with everything under it. `me`: the name under which answers from here are recorded. `settled`: of the pictures
 * before, by the same `me`.
 */
export function shownRun(
  entry: RunEntry,
  me: string,
  now: number,
  settled: SettledRows = new WeakMap(),
): ShownRow {
  const { run, state, live, kept } = entry;
  const driven = entry.ownership !== "nobody";
  const tree = state && runTree(state, { driven, live, me, kept });
  const failed = new Set(state ? failedPaths(state) : []);
  const picture = { run, failed, now, settled };
  return {
    ...runLine(entry, tree, coarse(entry.summary.started_at, now)),
    expanded: state !== undefined && (!isFinished(state) || state.status === "failed"),
    children: tree
      ? tree.children.map((row) => shownTask(picture, row))
      : entry.summary.damage === undefined
        ? undefined
        : [],
  };
}

function coarse(since: number, now: number): number {
  return since + Math.floor((now - since) / COARSE) * COARSE;
}

function runLine(
  entry: RunEntry,
  tree: TaskRow | undefined,
  now: number,
): Omit<ShownRow, "expanded" | "children"> {
  const { run, summary } = entry;
  const [row] = runRows([summary], now);
  const status = tree?.status ?? row?.status ?? "queued";
  const word = tree?.word ?? row?.word ?? "";
  const detail = row?.detail ?? "";
  const elsewhere = isElsewhere(entry);
  const figures = [row?.elapsed ?? "", row?.tokens ?? "", row?.cost ?? ""];
  const parts = [word, elsewhere ? "elsewhere" : "", ...figures, summary.subject];
  const label = printableLine(summary.workflow) || run;
  const said = joined(parts);
  return {
    key: run,
    run,
    kind: "run",
    label,
    description: said,
    tooltip: [
      `${label}: ${said}`,
      detail,
      elsewhere ? ELSEWHERE : "",
      row ? `${run}, began ${row.age} ago` : run,
    ]
      .filter((line) => line !== "")
      .join("\n"),
    status,
    dimmed: false,
    flags: ["run", ...runFlags(entry, status)].join(" "),
  };
}

const ELSEWHERE = "Another window or terminal drives it; what you answer here reaches it.";

/** True for a run that is not over and that another process drives. */
function isElsewhere({ summary, ownership }: RunEntry): boolean {
  return (
    ownership === "elsewhere" && summary.ended_at === undefined && summary.damage === undefined
  );
}

function runFlags(entry: RunEntry, status: Status): readonly string[] {
  const { summary, ownership, state } = entry;
  if (summary.damage !== undefined) return [];
  const open = summary.ended_at === undefined;
  const interrupted = open && ownership === "nobody";
  return [
    ...(open ? ["cancellable"] : []),
    ...(isElsewhere(entry) ? ["elsewhere"] : []),
    ...(open || summary.status === "failed" ? ["stateful"] : []),
    ...(summary.status === "running" && !interrupted ? ["pausable"] : []),
    ...(summary.status === "paused" || interrupted ? ["resumable"] : []),
    ...(summary.status === "failed" ? ["retriable"] : []),
    ...(status === "asking" && state?.breakpoints.size === 1 ? ["asking"] : []),
  ];
}

interface Picture {
  readonly run: string;
  readonly failed: ReadonlySet<string>;
  readonly now: number;
  readonly settled: SettledRows;
}

function shownTask(picture: Picture, row: TaskRow): ShownRow {
  const known = picture.settled.get(row);
  if (known) return known;
  const shown = wordedTask(picture, row);
  if (isSettled(picture.settled, row)) picture.settled.set(row, shown);
  return shown;
}

/** Neither the clock nor a retry changes what is shown of it. */
function isSettled(settled: SettledRows, { status, dimmed, children }: TaskRow): boolean {
  const still = status === "done" || status === "skipped" || dimmed;
  return still && children.every((child) => settled.has(child));
}

function wordedTask(picture: Picture, row: TaskRow): ShownRow {
  const { run, failed, now } = picture;
  const isTask = row.kind !== "phase";
  const info = printableLine(
    rowInfo(row, row.children.length > 0 ? coarse(row.startedAt ?? now, now) : now),
  );
  const label = printableLine(row.title);
  const children = row.children.map((child) => shownTask(picture, child));
  return {
    key: `${run} ${row.id}`,
    run,
    ...(isTask ? { path: taskOf(row) } : {}),
    ...(row.breakpoint === undefined ? {} : { breakpoint: row.breakpoint }),
    kind: row.kind,
    label,
    description: info,
    tooltip: joined([label, ...(info.startsWith(row.word) ? [] : [row.word]), info]),
    status: row.status,
    dimmed: row.dimmed,
    flags: taskFlags(row, failed).join(" "),
    expanded: !FOLDED.has(row.kind) && children.length <= MANY,
    children,
  };
}

function taskFlags(row: TaskRow, failed: ReadonlySet<string>): readonly string[] {
  return [
    row.kind === "phase" ? "phase" : "task",
    ...(row.kind === "phase" || row.dimmed ? [] : ["begun"]),
    ...(hasOutput(row) ? ["output"] : []),
    ...(row.breakpoint === undefined ? [] : ["asking"]),
    ...(failed.has(row.id) ? ["retriable"] : []),
    ...(isAtWork(row) ? ["stoppable"] : []),
    ...(GUIDED.has(row.kind) && (isAtWork(row) || failed.has(row.id)) ? ["guidable"] : []),
    ...(wasJudged(row) ? ["gated"] : []),
    ...(OWN_STATE.has(row.kind) && !row.dimmed && !isOver(row.status) ? ["stateful"] : []),
  ];
}

/** True for gates that have been judged, and for the task whose output they are about. */
function wasJudged({ id, kind, status, dimmed, children }: TaskRow): boolean {
  if (kind === "gate") return !dimmed && (status === "done" || status === "failed");
  return children.some((child) => child.id === `${id}/gates` && wasJudged(child));
}

function isAtWork({ kind, status }: TaskRow): boolean {
  return status === "running" && PERFORMED.has(kind);
}

/** What asks an agent that can be told something. */
const GUIDED: ReadonlySet<string> = new Set(["delegate", "plan", "planner"]);

/** What may have a state of its own. */
const OWN_STATE: ReadonlySet<string> = new Set(["item", "workflow"]);

/** True for a task that an activity performs and that has begun: it has a transcript. */
export function hasOutput(row: { readonly kind: string; readonly dimmed: boolean }): boolean {
  return !row.dimmed && PERFORMED.has(row.kind);
}

/** Folded until somebody opens them: there may be many, and what is in them is told by their own line. */
const FOLDED: ReadonlySet<string> = new Set(["item", "branch", "workflow"]);

/**
 * Longer lists are folded until somebody opens them: whenever a line above them changes, the editor asks for every row
 * that is unfolded below, and both it and the page of a run beside it stand still meanwhile.
 */
const MANY = 50;

/** What an activity performs: its attempts run, say something and can be stopped. */
export const PERFORMED: ReadonlySet<string> = new Set([...ACTIVITIES, "planner", "approve"]);

function joined(parts: readonly string[]): string {
  return parts
    .map(printableLine)
    .filter((part) => part !== "")
    .join(" · ");
}
