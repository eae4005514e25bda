/**
 * When each task of a run was queued, running, waiting or between two attempts: the bars of a timeline.
 * Owns what an event means for time. Grows event by event over one private draft; knows no pixel.
 */
import type { Recorded, RunEvent } from "../../run/event.ts";
import type { TaskRow } from "../taskRow.ts";

export type SegmentKind =
  | "queued"
  | "running"
  /** It ran, and came to its end. */
  | "done"
  | "failed"
  /** Its host died, or nobody knows what became of it. */
  | "lost"
  | "asking"
  | "waiting"
  | "retrying"
  | "open"
  | "paused";

/** A stretch of a task's time, in ms since the epoch; without `to` it goes on. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly from: number;
  readonly to?: number;
  readonly attempt?: number;
}

export interface Timeline {
  /** How many questions of its attempt a task has open, by path. */
  readonly asked: ReadonlyMap<string, number>;
  /** By task path; `""` is the run as a whole. */
  readonly segments: ReadonlyMap<string, readonly Segment[]>;
  readonly from: number;
  /** The time of the latest event. */
  readonly to: number;
  readonly events: number;
}

interface Draft {
  readonly segments: Map<string, Segment[]>;
  /** How many questions of its attempt a task has open. */
  readonly asked: Map<string, number>;
  from: number;
  to: number;
  events: number;
}

/** A timeline before the first event. */
export function emptyTimeline(): Timeline {
  return { segments: new Map(), asked: new Map(), from: 0, to: 0, events: 0 };
}

/** Adds an event to the timeline itself, and answers it. */
export function extendTimeline(timeline: Timeline, { at, event }: Recorded): Timeline {
  // Grown in place by its one owner; everyone else sees it as read-only.
  const draft = timeline as Draft;
  if (draft.events === 0) draft.from = at;
  draft.to = Math.max(draft.to, at);
  draft.events += 1;
  mark(draft, at, event);
  return timeline;
}

/** The bars of a row; those of a part of a task are what its attempts took. Undefined where there are none. */
export function segmentsOf(
  { id, partOf, endedAt = Number.POSITIVE_INFINITY }: TaskRow,
  all: Timeline["segments"],
): readonly Segment[] | undefined {
  if (partOf === undefined) return all.get(id);
  return all.get(partOf)?.filter(({ kind, from }) => kind !== "open" && from < endedAt);
}

/** The bars of a run's first events. */
export function timelineOf(events: Iterable<Recorded>): Timeline {
  const timeline = emptyTimeline();
  for (const recorded of events) extendTimeline(timeline, recorded);
  return timeline;
}

function mark(draft: Draft, at: number, event: RunEvent): void {
  switch (event.type) {
    case "run_started":
      return begin(draft, "", { kind: "open", from: at });
    case "task_opened":
    case "frame_opened":
      return begin(draft, event.path, { kind: "open", from: at });
    case "task_queued":
    case "attempt_queued":
      return begin(draft, event.path, { kind: "queued", from: at });
    case "task_started":
    case "attempt_begun":
      draft.asked.delete(event.path);
      return begin(draft, event.path, { kind: "running", from: at, attempt: event.attempt });
    case "attempt_completed":
      return end(draft, event.path, at, "done");
    case "attempt_stopping":
      return end(draft, event.path, at);
    case "attempt_failed":
    case "attempt_timed_out":
      return end(draft, event.path, at, "failed");
    case "attempt_lost":
      return end(draft, event.path, at, "lost");
    case "retry_scheduled":
      return begin(draft, event.path, { kind: "retrying", from: at, attempt: event.attempt });
    case "wait_started":
      return begin(draft, event.path, { kind: "waiting", from: at });
    case "breakpoint_opened":
      if (event.question !== undefined)
        draft.asked.set(event.path, (draft.asked.get(event.path) ?? 0) + 1);
      return begin(draft, event.path, { kind: "asking", from: at });
    case "breakpoint_answered":
      return event.answer.kind === "permission"
        ? goOn(draft, event.path, at)
        : end(draft, event.path, at);
    case "breakpoint_withdrawn":
      return goOn(draft, event.path, at);
    case "task_closed":
    case "frame_cancelled":
      return end(draft, event.path, at);
    case "run_paused":
      return begin(draft, "", { kind: "paused", from: at });
    case "run_resumed":
      return begin(draft, "", { kind: "open", from: at });
    case "retry_requested":
      return reopen(draft, at);
    case "run_finished":
      return endAll(draft, at);
    default:
      return;
  }
}

function begin(draft: Draft, path: string, segment: Segment): void {
  const list = draft.segments.get(path);
  if (!list) {
    draft.segments.set(path, [segment]);
    return;
  }
  end(draft, path, segment.from);
  list.push(segment);
}

function end(draft: Draft, path: string, at: number, kind?: SegmentKind): void {
  const list = draft.segments.get(path);
  const last = list?.at(-1);
  if (!list || !last || last.to !== undefined) return;
  list[list.length - 1] = { ...last, to: at, ...(kind && last.kind === "running" ? { kind } : {}) };
}

/** An attempt that asked goes on, once nothing that it asked is open. */
function goOn(draft: Draft, path: string, at: number): void {
  const left = (draft.asked.get(path) ?? 1) - 1;
  draft.asked.set(path, left);
  if (left > 0) return;
  const attempt = draft.segments.get(path)?.findLast(({ kind }) => kind === "running")?.attempt;
  begin(draft, path, { kind: "running", from: at, ...(attempt === undefined ? {} : { attempt }) });
}

function endAll(draft: Draft, at: number): void {
  for (const path of draft.segments.keys()) end(draft, path, at);
}

/** A run that goes on after its end: it is open again. */
function reopen(draft: Draft, at: number): void {
  const last = draft.segments.get("")?.at(-1);
  if (last?.to !== undefined) begin(draft, "", { kind: "open", from: at });
}
