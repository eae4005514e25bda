/**
 * The fold of writes to a state: its fields, and how large it has grown. In time that grows with what is written only.
 */
import { type Json, jsonBytes } from "../../util/json.ts";
import { limitAt } from "../decide/flow/limits.ts";
import { frameAt } from "../edit/setState.ts";
import type { RunEvent } from "../event.ts";
import type { Body, Frame, RunState } from "../state.ts";

/** Writes a field of the state that a list runs in. */
export function writeField(state: RunState, frame: Frame, field: string, value: Json): void {
  const { body } = frame;
  const before = sizeOf(body);
  const old = body.state[field];
  const more = old === undefined ? named(field) : -jsonBytes(old);
  body.size.bytes = before + jsonBytes(value) + more;
  body.state[field] = value;
  const limit = limitAt(state, frame, "max_state_bytes");
  const { bytes } = body.size;
  if (bytes > limit) state.oversize ??= { path: frame.path, field, bytes, limit };
}

/** Folds `state_set`: fields that a person wrote, whose value is what the steps after it read. */
export function setFields(
  state: RunState,
  { path, updates }: Extract<RunEvent, { type: "state_set" }>,
): void {
  const frame = frameAt(state, path);
  if (!frame) throw new Error(`Event for the state at ${path}, which the run has not`);
  for (const [field, value] of Object.entries(updates)) writeField(state, frame, field, value);
}

/** Bytes of a body's state; it is measured as a whole once. */
export function sizeOf({ size, state }: Body): number {
  if (size.bytes < 0) size.bytes = jsonBytes(state);
  return size.bytes;
}

/** What a field costs beside its value: its name, quotes, a colon and a comma. */
function named(field: string): number {
  return jsonBytes(field) + 2;
}
