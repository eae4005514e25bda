/** What a person and the outside answer to a generated run: a function of where a task stands, never of when. */
import type { ActivityOutcome, ActivityRequest } from "../../src/run/request.ts";
import type { RunState } from "../../src/run/state.ts";
import type { Json } from "../../src/util/json.ts";
import { drawing } from "./drawing.ts";
import { failuresAt } from "./generate.ts";

/** What an attempt comes to, given how many reported failures its task has had. */
export function outcomeAt(
  seed: number,
  { path, request }: { readonly path: string; readonly request: ActivityRequest },
  failedBefore: number,
): ActivityOutcome {
  if (failedBefore < failuresAt(path, seed)) {
    return { type: "failed", failure: { code: "agent_error", message: "no luck" } };
  }
  if (request.activity === "gate") {
    return {
      type: "completed",
      result: { commands: [{ name: "cmd", exit_code: 0, stdout: "95%", stderr: "" }] },
    };
  }
  return { type: "completed", result: { response: `done ${path}`, agent_used: "scripted" } };
}

/** A person's answer to a breakpoint: it fits every kind of form. */
export function answerAt(seed: number, id: string, path: string): Json {
  const round = Number(id.slice(id.lastIndexOf("@") + 1));
  const draw = drawing(seed * 1000 + path.length * 7 + round)(4);
  if (draw === 0 && round === 1)
    return {
      request_changes: true,
      comments: [{ line: 1, text: "more" }],
      confirmed: true,
      input: "x",
      selected: "dismiss",
    };
  if (draw === 1)
    return { approved: false, reason: "no", confirmed: false, input: "y", selected: "reject_once" };
  return { approved: true, confirmed: true, input: "z", selected: "allow_once" };
}

/** What must be the same whatever the order of things: the end, its value, and the state at the root. */
export function ending(state: RunState): string {
  const scrub = (key: string, value: unknown): unknown =>
    key === "answered_at" ? undefined : value;
  const value = state.status === "done" ? [state.value ?? null, state.root.body.state] : [];
  return JSON.stringify([state.status, state.failure?.code ?? null, ...value], scrub);
}
