/**
 * The fold of writes to a state: its fields, and how large it has grown. In time that grows with what is written only.
 */
import { type Json, jsonBytes } from "../../util/json.ts";
import { limitAt } from "../decide/flow/limits.ts";
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

/** Bytes of a body's state; it is measured as a whole once. */
export function sizeOf({ size, state }: Body): number {
  if (size.bytes < 0) size.bytes = jsonBytes(state);
  return size.bytes;
}

/** What a field costs beside its value: its name, quotes, a colon and a comma. */
function named(field: string): number {
  return jsonBytes(field) + 2;
}
