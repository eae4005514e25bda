/**
 * What is kept of a run to be asked across runs: a line about it, and a line for each task that did something.
 * Owns which facts those are, taken from a run's state; must not know where they are kept.
 */
import { isObject } from "../../util/json.ts";
import { doingOf } from "../doing.ts";
import type { FailureCode } from "../failure.ts";
import { beganAt, isFinished, type RunState } from "../state.ts";
import type { RunLine } from "./runLine.ts";
import type { TaskRecord, TaskStatus } from "./taskRecord.ts";

/** A run in one line, with what is only asked for. */
export interface PastRun extends RunLine {
  readonly version: string;
  readonly started_by: string;
  /** Names of the agents that did something in it. */
  readonly agents: readonly string[];
  /** All that a search for words looks at, in lower case. */
  readonly text: string;
}

/**
 * A task in one line: of a step, not of the items and branches that hold steps. Left out are skipped ones, and in a fork
 * those that the other run did.
 */
export interface PastTask {
  readonly run: string;
  /** The step's id. */
  readonly step: string;
  readonly kind: string;
  readonly status: TaskStatus;
  readonly started_at: number;
  /** How long it took, in ms; absent while it has not ended. */
  readonly took?: number;
  readonly attempts: number;
  readonly tokens: number;
  readonly cost_usd: number;
  readonly unpriced?: number;
  readonly agent?: string;
  readonly failure?: FailureCode;
}

/** A question that waits for somebody. */
export interface OpenQuestion {
  readonly run: string;
  readonly path: string;
  readonly kind: string;
  readonly opened_at: number;
  readonly escalated: boolean;
}

export interface PastRunRows {
  readonly run: PastRun;
  readonly tasks: readonly PastTask[];
  readonly questions: readonly OpenQuestion[];
}

/** So much of each text input can be searched, in characters. */
const SEARCHED_INPUT = 2000;

/** The lines of a run as it stands. */
export function rowsOf(state: RunState): PastRunRows {
  const { run } = state.started;
  const tasks = [...state.tasks.values()]
    .filter((record) => didSomething(record) && isOwn(state, record))
    .map((task): PastTask => {
      const { kind, status, started_at, ended_at, attempts, tokens, cost_usd, agent, failure } =
        task;
      return {
        ...{ run, step: task.id, kind, status, started_at, attempts, tokens, cost_usd },
        ...(task.unpriced ? { unpriced: task.unpriced } : {}),
        ...(ended_at === undefined ? {} : { took: Math.max(0, ended_at - started_at) }),
        ...(agent === undefined ? {} : { agent }),
        ...(failure === undefined ? {} : { failure: failure.code }),
      };
    });
  const questions = isFinished(state) ? [] : [...state.breakpoints.values()];
  return {
    run: pastRunOf(state),
    tasks,
    questions: questions.map(({ path, form, opened_at, escalated }) => ({
      ...{ run, path, kind: form.kind, opened_at, escalated: escalated === true },
    })),
  };
}

function didSomething({ kind, status }: TaskRecord): boolean {
  return kind !== "item" && kind !== "branch" && status !== "skipped";
}

/** What a fork has from the other run is told by that one's lines. */
function isOwn({ started }: RunState, { ended_at }: TaskRecord): boolean {
  return started.forked_at === undefined || ended_at === undefined || ended_at > started.forked_at;
}

/** The one line about a run as it stands. Looks at all of its tasks. */
export function pastRunOf(state: RunState): PastRun {
  const { started } = state;
  const { bundle } = started;
  const agents = new Set<string>();
  for (const { agent } of state.tasks.values()) if (agent !== undefined) agents.add(agent);
  return {
    ...runLineOf(state),
    version: bundle.workflows[bundle.main]?.version ?? "",
    started_by: started.started_by,
    agents: [...agents].sort(),
    text: searchedText(state),
  };
}

/** What lists show of a run as it stands; costs the same however many tasks it has. */
export function runLineOf(state: RunState): RunLine {
  const { started, failure, ended_at } = state;
  return {
    run: started.run,
    workflow: started.bundle.main,
    subject: subjectOf(state),
    status: state.status,
    started_at: beganAt(state),
    updated_at: state.updated_at,
    waiting: state.breakpoints.size,
    doing: doingOf(state),
    tokens: state.tokens,
    cost_usd: state.cost_usd,
    ...(state.unpriced ? { unpriced: state.unpriced } : {}),
    ...(ended_at === undefined ? {} : { ended_at }),
    ...(failure ? { failure: { code: failure.code, message: failure.message } } : {}),
  };
}

function searchedText(state: RunState): string {
  const { started, failure } = state;
  const inputs = Object.values(started.inputs).flatMap((value) =>
    typeof value === "string" ? [value.slice(0, SEARCHED_INPUT)] : [],
  );
  const origin = started.forked_from ?? "";
  const all = [started.run, started.bundle.main, ...inputs, failure?.message ?? "", origin];
  return all.join("\n").toLowerCase();
}

/** What a run is about: its first text input, on one line. */
function subjectOf(state: RunState): string {
  const { inputs } = state.started;
  if (!isObject(inputs)) return "";
  const text = Object.values(inputs).find(
    (value) => typeof value === "string" && value.trim() !== "",
  );
  const line = typeof text === "string" ? text.trim().replace(/\s+/g, " ") : "";
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
