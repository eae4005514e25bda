/**
 * The rows of steps that no file holds: of a `plan` who made it, each piece of evidence, the answer; of supervision whoever
 * looks at an answer. Owns what is known of them once their steps are not at hand any more, and when planning is over.
 */
import type { TaskRecord } from "../run/history/taskRecord.ts";
import { ANSWER, EVIDENCE } from "../run/plan/planSteps.ts";
import { REVIEWS } from "../run/supervise/reviewSteps.ts";
import type { RecordsInside } from "./runPage/recordsInside.ts";
import { type StatusWord, wordOf } from "./statusWord.ts";
import type { TaskRow } from "./taskRow.ts";

/** The planning itself, a part of the plan's task. `own`: the word of that task. */
export function plannerRow(record: TaskRecord, inside: RecordsInside, own: StatusWord): TaskRow {
  const unfolded = PLANNING.has(record.status)
    ? undefined
    : inside.get(record.path)?.find(({ id }) => id === EVIDENCE);
  const endedAt = unfolded?.started_at ?? record.ended_at;
  return {
    id: `${record.path}/plan`,
    kind: "planner",
    title: "Plan",
    ...(unfolded ? wordOf("done") : own),
    dimmed: false,
    partOf: record.path,
    ...(record.agent === undefined ? {} : { agent: record.agent }),
    startedAt: record.started_at,
    ...(endedAt === undefined ? {} : { endedAt }),
    tokens: record.tokens,
    children: [],
  };
}

/** The records of a plan's evidence in the plan's order, and of its answer. */
export function plannedRecords(path: string, inside: RecordsInside): readonly TaskRecord[] {
  const evidence = inside.get(`${path}/${EVIDENCE}`) ?? [];
  const answer = inside.get(path)?.filter(({ id }) => id === ANSWER) ?? [];
  return [...evidence.toSorted((a, b) => numberOf(a) - numberOf(b)), ...answer];
}

/** A planned row as it stands under its plan: evidence by the name that the plan gave it, each with its agent. */
export function asPlanned(row: TaskRow, record: TaskRecord | undefined): TaskRow {
  const id = /\/(E\d+)$/.exec(row.id)?.[1];
  const name = id === undefined || row.title === id ? id && `#${id}` : `#${id} ${row.title}`;
  const agent = record?.agent;
  const title = name ?? (row.title === ANSWER ? "Answer" : row.title);
  return { ...row, title, ...(agent === undefined ? {} : { agent }) };
}

/** The records of those who looked at a task's answer under supervision, in the order in which they did. */
export function reviewRecords(path: string, inside: RecordsInside): readonly TaskRecord[] {
  return inside.get(path)?.filter(({ id, title }) => REVIEW_TITLES.get(id) === title) ?? [];
}

const REVIEW_TITLES: ReadonlyMap<string, string> = new Map(Object.entries(REVIEWS));

function numberOf({ id }: TaskRecord): number {
  return Number(id.slice(1));
}

const PLANNING: ReadonlySet<TaskRecord["status"]> = new Set(["running", "queued", "retrying"]);
