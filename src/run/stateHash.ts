/** A hash over a run's whole state: equal states, equal hashes, whatever way they were reached. */
import { hashText } from "../util/hash.ts";
import type { Frame, OpenTask, RunState } from "./state.ts";

/** SHA-256 of the state as canonical text. Cost grows with the state; for tests, `export` and doubt. */
export function stateHash(state: RunState): string {
  return hashText(stateText(state));
}

/** The state as canonical JSON text: keys sorted, links to parents left out, and definitions, which have a hash. */
export function stateText(state: RunState): string {
  const { root, frames, open, started, undo, undoing, ...rest } = state;
  const { bundle: _bundle, ...beginning } = started;
  return canonical({
    ...rest,
    started: beginning,
    root: frameView(root),
    undo: [...undo.values()].map(({ path, task }) => ({ path, task })),
    undoing: undoing ? frameView(undoing) : null,
    frames: [...frames.keys()].sort(),
    open: [...open.keys()].sort(),
  });
}

function frameView(frame: Frame): unknown {
  const { owner: _owner, steps: _steps, beside: _beside, current, ...rest } = frame;
  return { ...rest, current: current ? taskView(current) : null };
}

function taskView(task: OpenTask): unknown {
  const { frame: _frame, step, frames, ...rest } = task;
  return {
    ...rest,
    step: step.id,
    frames: [...frames.entries()].map(([index, frame]) => [index, frameView(frame)]),
  };
}

function canonical(value: unknown): string {
  if (value instanceof Set) return canonical([...value].sort());
  if (value instanceof Map)
    return canonical([...value.entries()].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  if (Array.isArray(value))
    return `[${Array.from(value, (entry) => canonical(entry ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}
