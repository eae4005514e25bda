/**
 * The one line beside a row's title: what it does now, whom it waits for, why it failed, or what came of it.
 * Owns the choice of that line; the rows themselves are taskTree's.
 */
import type { TaskRecord } from "../run/history/taskRecord.ts";
import { breakpointOf, type RunState } from "../run/state.ts";
import { isList, isObject, type Json, own } from "../util/json.ts";
import { formHeadline } from "./breakpointForm.ts";
import { verdictPhrase } from "./gates/gateLines.ts";
import { firstLine } from "./printable.ts";
import type { TaskRow } from "./taskRow.ts";

export interface DetailOptions {
  /** Rows inside the task. */
  readonly children: readonly TaskRow[];
  readonly live?: ReadonlyMap<string, string>;
  /** The name under which answers from here are recorded: shown as "you". */
  readonly me?: string;
}

/** The line of a run: why it failed, what is being undone, what was. */
export function runDetail(state: RunState): string | undefined {
  const { undoing, undo, undone, failure, status } = state;
  if (status === "cancelling") {
    const left = undo.size > 1 ? `, ${undo.size - 1} more to undo` : "";
    return undoing ? `undoing ${undoing.path}${left}` : "cancelling";
  }
  const told = failure ?? state.overspent.at(-1);
  const said = told && firstLine(told.message);
  const tried = undone.done + undone.failed;
  if (tried === 0) return said;
  const bad = undone.failed === 0 ? "" : `, ${undone.failed} could not be`;
  const text = `${undone.done} ${undone.done === 1 ? "step" : "steps"} undone${bad}`;
  return said === undefined ? text : `${said} (${text})`;
}

/** The line of a task that has begun; undefined when there is nothing to say beyond its word. */
export function rowDetail(
  state: RunState,
  record: TaskRecord,
  options: DetailOptions,
): string | undefined {
  switch (record.status) {
    case "running":
      return runningDetail(state, record, options);
    case "asking":
      return askingDetail(state, record);
    case "waiting":
      return waitingDetail(state, record);
    case "retrying":
      return record.failure && firstLine(record.failure.message);
    case "open":
      return isCounted(options.children) ? undefined : insideDetail(options.children);
    case "failed":
    case "rejected":
      return failureDetail(record);
    case "skipped":
      return record.blocked_by === undefined ? undefined : `${record.blocked_by} did not succeed`;
    case "done":
      return failedInside(options.children) ?? doneDetail(state, record, options.me);
    default:
      return undefined;
  }
}

function runningDetail(
  state: RunState,
  record: TaskRecord,
  { live }: DetailOptions,
): string | undefined {
  const line = live?.get(record.path);
  if (line !== undefined && line.trim() !== "") return firstLine(line);
  if (record.attempts < 2) return undefined;
  const most = state.open.get(record.path)?.step.retry?.max_attempts;
  return `attempt ${record.attempts}${most === undefined || most < record.attempts ? "" : ` of ${most}`}`;
}

function askingDetail(state: RunState, record: TaskRecord): string | undefined {
  const id = breakpointOf(state.open.get(record.path));
  const open = id === undefined ? undefined : state.breakpoints.get(id);
  if (!open) return undefined;
  const headline = formHeadline(open.form);
  return open.escalated ? `overdue: ${headline}` : headline;
}

function waitingDetail(state: RunState, record: TaskRecord): string | undefined {
  const now = state.open.get(record.path)?.state;
  if (now?.is !== "waiting") return undefined;
  if (now.signal !== undefined) return `for the signal ${now.signal}`;
  return now.due === undefined
    ? undefined
    : `until ${new Date(now.due).toISOString().slice(0, 19)}Z`;
}

/** What happens in a container, from the row inside that is at work. */
function insideDetail(children: readonly TaskRow[]): string | undefined {
  const busy =
    children.find((row) => row.status === "asking") ??
    children.find(
      (row) => row.status === "running" || row.status === "retrying" || row.status === "waiting",
    );
  return busy && (busy.detail ?? busy.title);
}

function isCounted(children: readonly TaskRow[]): boolean {
  return children.some((row) => row.kind === "item" || row.kind === "branch");
}

/** How many items failed of a container that went on all the same. */
function failedInside(children: readonly TaskRow[]): string | undefined {
  const items = children.filter((row) => row.kind === "item");
  const failed = items.filter((row) => row.status === "failed").length;
  return failed === 0 ? undefined : `${failed} of ${items.length} failed, and the run went on`;
}

function failureDetail({ failure, path }: TaskRecord): string | undefined {
  if (!failure) return undefined;
  const elsewhere = failure.path !== undefined && failure.path !== path;
  return elsewhere ? `in ${failure.path}` : firstLine(failure.message);
}

/** Who answered, or how many things came of it; what the result says only while the list around it is at hand. */
function doneDetail(
  state: RunState,
  record: TaskRecord,
  me: string | undefined,
): string | undefined {
  if (record.failure) return `the run went on: ${firstLine(record.failure.message)}`;
  const result = own(state.frames.get(record.parent)?.results ?? {}, record.id);
  const known = isObject(result) ? result : {};
  if (record.gates) return verdictPhrase(record.gates);
  if (record.kind === "set_state") return countsOf(known);
  if (record.answered_by === undefined) return undefined;
  const who = record.answered_by === me ? "you" : record.answered_by;
  if (known.approved !== true) return who;
  return typeof known.version === "number"
    ? `approved version ${known.version} by ${who}`
    : `approved by ${who}`;
}

function countsOf(updates: Readonly<Record<string, Json>>): string | undefined {
  const counts = Object.entries(updates)
    .filter(([, value]) => isList(value))
    .map(([field, value]) => `${isList(value) ? value.length : 0} ${field.replaceAll("_", " ")}`);
  return counts.length > 0 ? counts.join(", ") : undefined;
}
