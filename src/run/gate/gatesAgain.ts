/**
 * The gates of a step as they were when they were last judged, to be judged once more from what their commands come to now.
 * Pure: takes a run's records apart and changes nothing of the run. Owns which gates are meant.
 */
import type { Json } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";
import { judgeGates } from "../decide/gates/gate.ts";
import { placeOf, type Standing, standingAt, standingOf } from "../decide/standing.ts";
import type { Recorded } from "../event.ts";
import { fold } from "../evolve/evolve.ts";
import { type Failure, failure } from "../failure.ts";
import { parentPath, stepId } from "../path.ts";
import type { GateRequest } from "../request.ts";
import type { Program } from "../start/program.ts";
import type { RunState } from "../state.ts";
import type { GateResult } from "./judge.ts";

export interface GatesAgain {
  /** Path of the task that judged. */
  readonly path: string;
  /** What has to be run and asked for it; absent where expressions and schemas are all. */
  readonly request?: GateRequest;
  /** The run as it stood just before. */
  readonly state: RunState;
  /** What they came to then. */
  readonly before: readonly GateResult[];
  /** What they come to with this result of the request, null without one. */
  readonly judge: (result: Json) => readonly GateResult[];
}

export type FoundGates =
  | { readonly ok: true; readonly gates: GatesAgain }
  | { readonly ok: false; readonly failure: Failure };

/** The gates of the task at `path`: a gate step's own, those over another step's output, or over its isolated work. */
export function gatesAgain(
  program: Program,
  records: readonly Recorded[],
  path: string,
): FoundGates {
  const at = records.findLastIndex(
    ({ event }) =>
      event.type === "gates_judged" &&
      (event.path === path ||
        isOver(event.path, path) ||
        event.path.startsWith(`${path}/isolated-`)),
  );
  const judged = records[at]?.event;
  if (judged?.type !== "gates_judged") return { ok: false, failure: noGates(records, path) };
  const gates = gatesAt(program, records.slice(0, at), {
    path: judged.path,
    at: records[at]?.at ?? 0,
    before: judged.results,
  });
  return gates ? { ok: true, gates } : { ok: false, failure: noGates(records, path) };
}

/** Where gates are judged: at which path and time, and what they came to before. */
export interface GatesPlace extends Pick<GatesAgain, "path" | "before"> {
  readonly at: number;
}

/** The gates of a path as they stand after these records; undefined when nothing is judged there. */
export function gatesAt(
  program: Program,
  records: readonly Recorded[],
  { path, at, before }: GatesPlace,
): GatesAgain | undefined {
  const state = fold(records);
  const standing = state && standingIn(state, path);
  if (!state || !standing) return undefined;
  const moment = { program, state, at };
  const request = standing.task?.request;
  return {
    ...{ path, state, before },
    ...(request?.activity === "gate" ? { request } : {}),
    judge: (result) => {
      const [command] = judgeGates(moment, standing, placeOf(standing), result);
      return command?.event.type === "gates_judged" ? command.event.results : [];
    },
  };
}

function standingIn(state: RunState, path: string): Standing | undefined {
  const task = state.open.get(path);
  if (task) return standingAt(task);
  // What takes no attempt is judged before it has a task.
  const frame = state.frames.get(parentPath(path));
  const standing = frame && standingOf(state, frame);
  return standing?.path === path ? standing : undefined;
}

/** True for the gates over a step's output, as `gateStepOf` names them. */
function isOver(judge: string, path: string): boolean {
  return parentPath(judge) === path && stepId(judge) === "gates";
}

function noGates(records: readonly Recorded[], path: string): Failure {
  const judged = records.flatMap(({ event }) =>
    event.type === "gates_judged" ? [event.path.replace(/\/gates(#\d+)?$/, "")] : [],
  );
  const names = [...new Set(judged)];
  const meant = closest(path, names);
  const hint = meant === undefined ? listed(names) : `Did you mean ${meant}?`;
  return failure("invalid_input", `No gate of ${path} was judged in this run. ${hint}`);
}

function listed(names: readonly string[]): string {
  return names.length === 0
    ? "None was judged at all."
    : `Gates were judged at ${names.slice(0, 10).join(", ")}.`;
}
