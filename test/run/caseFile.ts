/**
 * What a document in `cases` says: a workflow, what it is given, what its outside does, and what people do.
 * Reads trustingly: these files are ours.
 */
import assert from "node:assert/strict";
import type { Failure } from "../../src/run/failure.ts";
import type { ActivityOutcome, ActivityRequest } from "../../src/run/request.ts";
import type { Inquiry, Outcome, Signal, Turn } from "../../src/run/signal.ts";
import { createProgram } from "../../src/run/start/program.ts";
import { isFinished } from "../../src/run/state.ts";
import type { Pace, StopPlace } from "../../src/run/stops/stop.ts";
import { type Json, type JsonObject, own } from "../../src/util/json.ts";
import { parseDuration } from "../../src/workflow/duration.ts";
import { createScribe, endLines } from "./caseText.ts";
import { assertNothingLeft, type Perform, type Play, play } from "./play.ts";
import { begin, bundleOf } from "./simulate.ts";

/** `hang`, or one of `done`, `fail` (a code) and `lost` (a reason). */
type Scripted =
  | "hang"
  | {
      readonly done?: Json;
      readonly fail?: Failure["code"];
      readonly say?: string;
      readonly lost?: string;
      readonly tokens?: number;
      readonly cost?: number;
    };

/** One thing that happens; `together` hands several in as one batch. */
type Move = {
  readonly answer?: string;
  readonly with?: Json;
  /** The hash that was on screen: the present one unless given; `none`. */
  readonly shown?: string;
  readonly policy?: boolean;
  /** A question that `by` takes on, or with `release` gives back. */
  readonly claim?: string;
  readonly by?: string;
  readonly release?: boolean;
  readonly signal?: string;
  readonly payload?: Json;
  /** Fields to set; `at` names whose. */
  readonly set?: JsonObject;
  readonly at?: string;
  readonly cancel?: string;
  readonly kill?: string;
  /** A path whose attempt a person stops, or has made anew and its agent told a `message`. */
  readonly stop?: string;
  readonly guide?: string;
  readonly pause?: string;
  readonly resume?: string;
  /** A path, or `all`. */
  readonly retry?: string;
  /** All the stops of a session of debugging, and whether it stops at the next step too. */
  readonly stops?: readonly StopPlace[];
  readonly pace?: Pace;
  /** One step on from a task, by its path; `any`: to any task that begins. */
  readonly step?: Pace;
  readonly from?: string;
  /** Ends a session. */
  readonly unstop?: string;
  /** Which session; `s` unless given. */
  readonly session?: string;
  /** The inbox's name of a signal. */
  readonly id?: string;
  /** A duration, `due` (to what falls due next) or `all` (until nothing does). */
  readonly clock?: string;
  /** A path whose attempt waits for a place among the agents of its host, or now has it. */
  readonly queue?: string;
  readonly begin?: string;
  /** A path whose attempt asks a person (`message`; usual options), or no longer does; `question` is 1 unless given. */
  readonly ask?: string;
  readonly withdraw?: string;
  readonly question?: number;
  readonly message?: string;
  /** A path whose attempt now comes to what is scripted here. */
  readonly finish?: string;
  readonly attempt?: number;
  /** The host dies; after so long, or at once, another takes the run up. */
  readonly crash?: string | true;
  /** The machine's clock jumps (a duration, with `-` back), as it does when the machine slept. */
  readonly jump?: string;
  readonly together?: readonly Move[];
} & Exclude<Scripted, "hang">;

export interface Case {
  readonly case: string;
  /** Keys of the workflow file; `name` and `version` are added. */
  readonly file: JsonObject;
  /** Other files: names and their keys. */
  readonly beside?: Readonly<Record<string, JsonObject>>;
  readonly legacy?: boolean;
  readonly given?: JsonObject;
  /** By path: what its attempts come to, one after the other, the last for ever; `done` with an echo when left out. */
  readonly world?: Readonly<Record<string, Scripted | readonly Scripted[]>>;
  readonly do?: readonly Move[];
}

/** A document as a case. */
export function readCase(document: Case): Case {
  assert.equal(typeof document.case, "string");
  assert.ok(document.file, `${document.case}: no file`);
  return document;
}

/** Plays a case; `lines` is what its golden holds. */
export function playCase(described: Case): { readonly played: Play; readonly lines: string } {
  const program = createProgram();
  const name = described.legacy ? "test.yaml" : "test.workflow.yaml";
  const first = begin(
    program,
    bundleOf(fileText(described.file), besides(described), name),
    described.given,
  );
  const scribe = createScribe(first.at);
  const played = play(program, first, (effect) => outcomeOf(described, effect), scribe);
  for (const move of described.do ?? []) {
    scribe.say(`> ${JSON.stringify(move)}`);
    makeMove(played, move);
  }
  for (const line of endLines(played.state)) scribe.say(line);
  if (isFinished(played.state)) assertNothingLeft(played.state);
  return { played, lines: scribe.text() };
}

function fileText(keys: JsonObject): string {
  return JSON.stringify({ name: "test", version: "1.0.0", ...keys });
}

function besides({ beside = {} }: Case): Readonly<Record<string, string>> {
  const files = Object.entries(beside).map(([name, keys]) => [
    `${name}.workflow.yaml`,
    fileText({ name, ...keys }),
  ]);
  return Object.fromEntries(files);
}

function outcomeOf({ world = {} }: Case, effect: Perform): ActivityOutcome | "hang" {
  const scripted = own({ ...world } as JsonObject, effect.path) as
    | undefined
    | Scripted
    | Scripted[];
  const one = Array.isArray(scripted)
    ? (scripted[effect.attempt - 1] ?? scripted.at(-1))
    : scripted;
  return one === "hang" ? "hang" : asOutcome(one ?? { done: echo(effect.request) });
}

function asOutcome({
  done,
  fail,
  say,
  lost,
  tokens,
  cost,
}: Exclude<Scripted, "hang">): ActivityOutcome {
  const spent = cost === undefined ? {} : { cost_usd: cost };
  const usage =
    tokens === undefined ? {} : { usage: { input_tokens: tokens, output_tokens: 0, ...spent } };
  if (lost !== undefined) {
    return { type: "unknown", failure: { code: fail ?? "outcome_unknown", message: lost } };
  }
  if (fail !== undefined) {
    return { type: "failed", failure: { code: fail, message: say ?? "no luck" }, ...usage };
  }
  return { type: "completed", result: done ?? null, ...usage };
}

function echo(request: ActivityRequest): Json {
  switch (request.activity) {
    case "agent":
      return { response: `did: ${request.instructions}` };
    case "tool":
      return { called: request.tool };
    case "worker":
      return worker({ result: { did: request.operation } });
    case "http":
      return { status: 200, headers: {}, body: `${request.method} ${request.url}` };
    case "shell":
      return { stdout: "out", stderr: "", exit_code: 0 };
    case "gate":
      return {
        commands: request.commands.map(({ name }) => ({
          name,
          exit_code: 0,
          stdout: "",
          stderr: "",
        })),
      };
  }
}

/** A worker's answer as a run keeps it. */
function worker(said: JsonObject): Json {
  return {
    operation_id: "op-1",
    status: "completed",
    result: null,
    confidence: 90,
    requires_human: false,
    execution_time_ms: 1,
    tokens_used: 0,
    metadata: {},
    ...said,
  };
}

function makeMove(played: Play, move: Move): void {
  if (move.clock !== undefined) return moveClock(played, move.clock);
  if (move.jump !== undefined) return played.jump(jumpOf(move.jump));
  if (move.crash !== undefined) return played.crash(parseDuration(move.crash) ?? 0);
  played.post((move.together ?? [move]).map((one) => inputOf(played, one)));
}

function moveClock(played: Play, clock: string): void {
  const span = parseDuration(clock);
  if (span !== undefined) return played.tick(played.at + span);
  for (let left = clock === "all" ? 100 : 1; left > 0; left--) {
    const due = played.due();
    if (due === undefined) return;
    played.tick(Math.max(due, played.at));
  }
}

function jumpOf(jump: string): number {
  return jump.startsWith("-") ? -(parseDuration(jump.slice(1)) ?? 0) : (parseDuration(jump) ?? 0);
}

function inputOf(played: Play, move: Move): Signal | Outcome | Turn | Inquiry {
  const turn = move.queue ?? move.begin;
  if (turn !== undefined) {
    const { path, attempt, token } = attemptAt(played, turn, move);
    return { type: move.queue === undefined ? "begun" : "queued", path, attempt, token };
  }
  const asking = move.ask ?? move.withdraw;
  if (asking !== undefined) return inquiryOf(played, asking, move);
  if (move.finish !== undefined) return late(played, move.finish, move);
  const id = move.id === undefined ? {} : { id: move.id };
  if (move.answer !== undefined) return answerOf(played, move.answer, move, id);
  if (move.claim !== undefined) {
    const release = move.release === undefined ? {} : { release: move.release };
    return { type: "claim", breakpoint: move.claim, by: move.by ?? "ann", ...release, ...id };
  }
  if (move.signal !== undefined) {
    return {
      type: "signal",
      name: move.signal,
      payload: move.payload ?? null,
      by: "outside",
      ...id,
    };
  }
  if (move.set !== undefined) {
    const at = move.at === undefined ? {} : { path: move.at };
    return { type: "set", updates: move.set, by: "ann", ...at, ...id };
  }
  const stop = stopOf(move);
  if (stop) return stop;
  if (move.retry !== undefined) {
    const path = move.retry === "all" ? {} : { path: move.retry };
    return { type: "retry", by: "ann", ...path, ...id };
  }
  for (const type of ["cancel", "kill", "pause", "resume"] as const) {
    const by = move[type];
    if (by !== undefined) return { type, by, ...id };
  }
  return assert.fail(`nobody can do ${JSON.stringify(move)}`);
}

function stopOf(move: Move): Signal | undefined {
  const { stops, pace, step, from, unstop, session = "s" } = move;
  const by = "ann";
  if (unstop !== undefined) return { type: "stops_end", session: unstop, by };
  if (step !== undefined) {
    return { type: "step", session, by, pace: step, ...(from === undefined ? {} : { path: from }) };
  }
  if (stops === undefined) return wordToTask(move);
  const places = stops;
  const also = pace === undefined ? {} : { pace };
  return { type: "stops", session, by, host: "here", places, ...also };
}

function wordToTask({ stop, guide, message: text = "" }: Move): Signal | undefined {
  const by = "ann";
  if (stop !== undefined) return { type: "stop_task", path: stop, by };
  return guide === undefined ? undefined : { type: "guide", path: guide, text, by };
}

function answerOf(
  played: Play,
  breakpoint: string,
  move: Move,
  id: { readonly id?: string },
): Signal {
  const open = [...played.state.breakpoints.values()].find(
    (one) => one.id === breakpoint || one.path === breakpoint,
  );
  const shown = move.shown ?? open?.hash;
  return {
    type: "answer",
    breakpoint,
    answer: move.with ?? null,
    by: move.policy ? "policy 12ab" : "ann",
    ...(shown === undefined || shown === "none" ? {} : { shown }),
    ...(move.policy ? { policy: true } : {}),
    ...id,
  };
}

function inquiryOf(played: Play, asking: string, move: Move): Inquiry {
  const { path, attempt, token } = attemptAt(played, asking, move);
  const of = { path, attempt, token, question: move.question ?? 1 };
  if (move.ask === undefined) return { type: "withdrawn", ...of };
  const form = { kind: "permission" as const, message: move.message ?? "May I?", options: OFFERED };
  return { type: "asked", ...of, form };
}

const OFFERED = [
  { id: "a", label: "Allow", kind: "allow_once" },
  { id: "b", label: "Always allow", kind: "allow_always" },
  { id: "c", label: "Reject", kind: "reject_once" },
] as const;

function late(played: Play, path: string, move: Move): Outcome {
  const { attempt, token } = attemptAt(played, path, move);
  return { type: "outcome", path, attempt, token, outcome: asOutcome(move) };
}

function attemptAt(played: Play, path: string, move: Move): Perform {
  const made = played.performed.filter((effect) => effect.path === path);
  const found =
    made.find(({ attempt }) => attempt === (move.attempt ?? made.length)) ?? made.at(-1);
  assert.ok(found, `no attempt at ${path}`);
  return found;
}
