/**
 * A run as data for a program that reads it, in the words that people see. Owns that shape and what gives way in a large
 * run; the words are statusWord's and the rows taskTree's.
 */
import { runLineOf } from "../../run/history/pastRun.ts";
import { agentFacts } from "../../run/start/chosenAgents.ts";
import { beganAt, isFinished, type RunState } from "../../run/state.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import { formatElapsed } from "../duration.ts";
import { type FlatRow, flatRows } from "../runPage/flatRows.ts";
import { isOver } from "../statusWord.ts";
import type { TaskRow } from "../taskRow.ts";

export interface FactsOptions {
  /** Some process drives the run now. */
  readonly driven: boolean;
  /** Ms since the epoch. */
  readonly now: number;
}

/** How the run stands, by its tree, and the rows under `root`, which is the tree or a row of it. */
export function runFacts(
  state: RunState,
  tree: TaskRow,
  root: TaskRow,
  options: FactsOptions,
): JsonObject {
  const { run, workflow, subject } = runLineOf(state);
  const end = state.ended_at ?? (options.driven ? options.now : state.updated_at);
  const { rows, leftOut } = shownRows(flatRows(root, new Set()));
  return {
    ...{ run, workflow, subject },
    status: tree.word,
    over: isFinished(state),
    driven: options.driven,
    started_at: new Date(beganAt(state)).toISOString(),
    ...(state.ended_at === undefined ? {} : { ended_at: new Date(state.ended_at).toISOString() }),
    elapsed: formatElapsed(end - beganAt(state)),
    elapsed_ms: end - beganAt(state),
    agents: agentFacts(state.started),
    tokens: state.tokens,
    cost_usd: state.cost_usd,
    ...(state.failure ? { failure: failureFacts(state.failure) } : {}),
    ...(state.value === undefined ? {} : { value: shortened(state.value) }),
    tasks: rows.map((flat) => rowFacts(flat, options.now)),
    ...(leftOut > 0 ? { tasks_left_out: leftOut } : {}),
  };
}

/** JSON Schema of what `runFacts` gives, without the questions. */
export const RUN_PROPERTIES: JsonObject = {
  run: { type: "string" },
  workflow: { type: "string" },
  subject: { type: "string" },
  status: { type: "string", description: 'As people see it: "Running", "Waiting for you", ...' },
  over: { type: "boolean", description: "Nothing follows unless a person retries." },
  driven: { type: "boolean", description: "Some process drives it now." },
  started_at: { type: "string" },
  ended_at: { type: "string" },
  elapsed: { type: "string" },
  elapsed_ms: { type: "number" },
  agents: { type: "object", description: "What stands behind each agent's name, and why." },
  tokens: { type: "number" },
  cost_usd: { type: "number" },
  failure: { type: "object" },
  value: { description: "What the run gave." },
  tasks: {
    type: "array",
    items: {
      type: "object",
      properties: {
        path: { type: "string" },
        title: { type: "string" },
        kind: { type: "string" },
        depth: { type: "number" },
        status: { type: "string" },
        detail: { type: "string" },
        elapsed: { type: "string" },
        tokens: { type: "number" },
      },
      required: ["path", "title", "status", "depth"],
    },
  },
  tasks_left_out: { type: "number", description: "Further tasks: ask for the path around them." },
};

/** Rows of a run that are told at once. */
const MOST_ROWS = 200;
/** Characters of a value that are told. */
const MOST_VALUE = 20_000;

/** What is at work or went wrong is always told; then what is over, then what is to come. Their order stays. */
function shownRows(all: readonly FlatRow[]): {
  readonly rows: readonly FlatRow[];
  readonly leftOut: number;
} {
  if (all.length <= MOST_ROWS) return { rows: all, leftOut: 0 };
  const byWorth = all.map((flat, index) => ({ flat, index })).sort((a, b) => worth(a) - worth(b));
  const rows = byWorth.slice(0, MOST_ROWS).sort((a, b) => a.index - b.index);
  return { rows: rows.map(({ flat }) => flat), leftOut: all.length - MOST_ROWS };
}

function worth({ flat: { row } }: { readonly flat: FlatRow }): number {
  if (row.dimmed) return 2;
  return isOver(row.status) && row.status !== "failed" && row.status !== "rejected" ? 1 : 0;
}

function rowFacts({ row, depth }: FlatRow, now: number): JsonObject {
  const { id, kind, title, word, detail, tokens, startedAt, endedAt } = row;
  return {
    ...{ path: id, title, kind, depth, status: word },
    ...(detail === undefined ? {} : { detail }),
    ...(startedAt === undefined ? {} : { elapsed: formatElapsed((endedAt ?? now) - startedAt) }),
    ...(tokens > 0 ? { tokens } : {}),
  };
}

function failureFacts({ code, message, path }: NonNullable<RunState["failure"]>): JsonObject {
  return { code, message, ...(path === undefined ? {} : { path }) };
}

/** A value that would fill the reader's memory is told as the beginning of its JSON. */
function shortened(value: Json): Json {
  const text = JSON.stringify(value);
  return text.length <= MOST_VALUE ? value : `${text.slice(0, MOST_VALUE)}… (cut)`;
}
