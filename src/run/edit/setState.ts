/**
 * Editing the state of a run by hand: which state a path means, and what may be written there.
 * Looks only; the fold writes.
 */
import { type Json, type JsonObject, jsonBytes } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";
import type { Admission } from "../command.ts";
import { limitAt } from "../decide/flow/limits.ts";
import type { Signal } from "../signal.ts";
import type { Frame, RunState } from "../state.ts";

/**
 * The list of steps whose state a path means: that of an item, branch or sub-workflow by its own path, that around any
 * other task. No path is the run's own. Undefined when nothing is at work there.
 */
export function frameAt(state: RunState, path: string | undefined): Frame | undefined {
  if (path === undefined || path === "") return state.root;
  return state.frames.get(path) ?? state.open.get(path)?.frame;
}

/** Admits new values for fields that are there, while the run is not over. */
export function admitSet(
  state: RunState,
  { updates, path, by }: Extract<Signal, { type: "set" }>,
): Admission {
  const frame = frameAt(state, path);
  if (!frame) {
    const reason = `Nothing is at work at ${path} now, so it has no state to set. Name an item or sub-workflow that is open, or leave the path out for the run's own state.`;
    return { ok: false, reason };
  }
  const given = Object.keys(updates);
  if (given.length === 0) return { ok: false, reason: "Name a field and its value." };
  const known = Object.keys(frame.body.state);
  const unknown = given.filter((field) => !Object.hasOwn(frame.body.state, field));
  if (unknown.length > 0) return { ok: false, reason: unknownFields(unknown, known, path) };
  const tooLarge = sizeProblem(state, frame, updates);
  if (tooLarge !== undefined) return { ok: false, reason: tooLarge };
  const at = path === undefined || path === "" ? {} : { path };
  return { ok: true, events: [{ type: "state_set", by, updates, ...at }] };
}

/** Values with which the run could only fail, as a sentence. */
function sizeProblem(state: RunState, frame: Frame, updates: JsonObject): string | undefined {
  const limit = limitAt(state, frame, "max_state_bytes");
  const before = frame.body.state;
  const bytes = jsonBytes({ ...before, ...updates });
  if (bytes <= limit || bytes < jsonBytes(before)) return undefined;
  return `The state would have ${bytes} bytes, more than it may (limits.max_state_bytes: ${limit}). Nothing was set. Give a shorter value, or keep it in a file and set its name.`;
}

/** The fields that can be set at a path, with their values. */
export function fieldsAt(state: RunState, path: string | undefined): JsonObject {
  const fields: Readonly<Record<string, Json>> = frameAt(state, path)?.body.state ?? {};
  return fields;
}

function unknownFields(
  unknown: readonly string[],
  known: readonly string[],
  path: string | undefined,
): string {
  const where = path === undefined || path === "" ? "The run's state" : `The state at ${path}`;
  const named = unknown.map((field) => {
    const meant = closest(field, known);
    return meant === undefined ? `\`${field}\`` : `\`${field}\` (did you mean \`${meant}\`?)`;
  });
  const fields = known.length === 0 ? "It has none." : `Its fields are ${known.join(", ")}.`;
  return `${where} has no field ${named.join(", ")}. ${fields}`;
}
