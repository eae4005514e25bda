/**
 * What a task's own events say of it: its rendered input, its attempts, what came of it. Pure.
 * Owns the reading; how it looks is the side pane's matter.
 */
import type { Recorded } from "../../src/run/event.ts";
import type { Failure } from "../../src/run/failure.ts";
import type { GateResult } from "../../src/run/gate/judge.ts";
import type { ActivityRequest, ContextUse, Usage } from "../../src/run/request.ts";
import type { Json } from "../../src/util/json.ts";
import { filesIn } from "../../src/views/runPage/touchedFiles.ts";

export interface Attempt {
  readonly number: number;
  readonly from: number;
  readonly to?: number;
  /** In a word: running, done, failed, timed out, lost. */
  readonly ended: string;
  readonly failure?: Failure;
  readonly usage?: Usage;
  readonly correction?: string;
}

/** A number that something was judged by, and why. */
export interface Score {
  readonly name: string;
  readonly value: number;
  readonly evidence: Json;
}

export interface TaskFacts {
  readonly request?: ActivityRequest;
  readonly attempts: readonly Attempt[];
  readonly result?: Json;
  readonly failure?: Failure;
  readonly filesChanged: readonly string[];
  /** What the last attempt that ended was given beside its instructions, and what was saved of it. */
  readonly context?: ContextUse;
  readonly answeredBy?: string;
  /** The last verdicts on its gates, with their evidence. */
  readonly gates: readonly GateResult[];
  /** The last of each name. */
  readonly scores: readonly Score[];
}

/** Reads a task's events, in order. */
export function taskFacts(events: readonly Recorded[]): TaskFacts {
  let facts: TaskFacts = { attempts: [], filesChanged: [], gates: [], scores: [] };
  for (const recorded of events) facts = more(facts, recorded);
  return { ...facts, filesChanged: filesIn(facts.result) };
}

function more(facts: TaskFacts, { at, event }: Recorded): TaskFacts {
  switch (event.type) {
    case "task_started": {
      const attempt: Attempt = {
        number: event.attempt,
        from: at,
        ended: "running",
        ...(event.correction === undefined ? {} : { correction: event.correction }),
      };
      const request = event.request ?? facts.request;
      return { ...facts, ...(request && { request }), attempts: [...facts.attempts, attempt] };
    }
    case "prompt_generated":
      return { ...facts, request: event.request };
    case "attempt_completed":
      return {
        ...ended(withContext(facts, event), { to: at, ended: "done", usage: event.usage }),
        result: event.result,
      };
    case "attempt_failed": {
      const { failure, usage } = event;
      return ended(withContext(facts, event), { to: at, ended: "failed", failure, usage });
    }
    case "attempt_timed_out":
      return ended(facts, { to: at, ended: "timed out", failure: event.failure });
    case "attempt_lost":
      return ended(facts, { to: at, ended: "lost", failure: event.failure });
    case "gates_judged":
      return { ...facts, gates: event.results };
    case "breakpoint_answered":
      return { ...facts, answeredBy: event.answered_by };
    case "task_closed":
      return {
        ...facts,
        ...(event.result === undefined ? {} : { result: event.result }),
        ...(event.failure === undefined ? {} : { failure: event.failure }),
      };
    default:
      return withScores(facts, { ...event });
  }
}

function withContext(facts: TaskFacts, { context }: { readonly context?: ContextUse }): TaskFacts {
  return context === undefined ? facts : { ...facts, context };
}

/** Events that judge carry numbers named for it: `quality`, `confidence`, each alone or as `{score, ...}`. */
function withScores(facts: TaskFacts, event: Readonly<Record<string, unknown>>): TaskFacts {
  const found = SCORED.flatMap((name): Score[] => {
    const said = event[name];
    const value = typeof said === "object" && said !== null && "score" in said ? said.score : said;
    return typeof value === "number" ? [{ name, value, evidence: evidenceOf(event, said) }] : [];
  });
  if (found.length === 0) return facts;
  const kept = facts.scores.filter(({ name }) => !found.some((each) => each.name === name));
  return { ...facts, scores: [...kept, ...found] };
}

const SCORED = ["quality", "confidence", "score"];

function evidenceOf(event: Readonly<Record<string, unknown>>, said: unknown): Json {
  const { path: _path, token: _token, ...rest } = event;
  return JSON.parse(JSON.stringify(typeof said === "number" ? rest : said)) ?? null;
}

interface Ending {
  readonly to: number;
  readonly ended: string;
  readonly failure?: Failure;
  readonly usage?: Usage | undefined;
}

function ended(facts: TaskFacts, { usage, ...ending }: Ending): TaskFacts {
  const last = facts.attempts.at(-1);
  if (!last) return facts;
  const attempt = { ...last, ...ending, ...(usage && { usage }) };
  return { ...facts, attempts: [...facts.attempts.slice(0, -1), attempt] };
}

/** What an attempt was asked, as text. */
export function requestText(request: ActivityRequest): string {
  switch (request.activity) {
    case "agent":
      return request.instructions;
    case "tool":
      return `${request.tool} ${JSON.stringify(request.parameters, null, 2)}`;
    case "worker":
      return `${request.worker} ${request.operation} ${JSON.stringify(request.parameters, null, 2)}`;
    case "http":
      return `${request.method} ${request.url}`;
    case "shell":
      return typeof request.command === "string"
        ? request.command
        : JSON.stringify(request.command);
    default:
      return JSON.stringify(request, null, 2);
  }
}
