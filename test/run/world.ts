/** What a person and the outside answer to a generated run: a function of where a task stands, never of when. */
import type { Breakpoint } from "../../src/run/ask/breakpoint.ts";
import { readAnswer } from "../../src/run/ask/readAnswer.ts";
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
  if (request.activity === "worker") return { type: "completed", result: workerAt(seed, path) };
  if (request.activity === "tool" && request.tool.startsWith("worktree."))
    return { type: "completed", result: WORKTREE };
  if (request.activity === "agent" && request.goal !== undefined)
    return { type: "completed", result: { ...PLANNED, ...doubtAt(seed, path) } };
  return { type: "completed", result: answerTo(seed, path) };
}

const PLAN = {
  steps: [
    { evidence: "#E1", worker: "web.search", input: { query: "one" } },
    { evidence: "#E2", worker: "web.search", input: { query: "two" } },
    { evidence: "#E3", worker: "@task", input: "Look at #E1 and {{ #E2 }}" },
  ],
};

const PUT_RIGHT = JSON.stringify({ valid: true, score: 60, steps: PLAN.steps });

const PLANNED = { response: "planned", data: PLAN };

/** Now and then a plan is doubted by whoever made it. */
function doubtAt(seed: number, path: string): Readonly<Record<string, Json>> {
  return drawing(seed * 53 + path.length)(3) === 0 ? { doubt: "the worker asks for a person" } : {};
}

/** What the verbs of an isolated step answer, all in one. */
const WORKTREE: Json = {
  ...{ folder: "/tree", branch: "fermata/a", base: "b1" },
  ...{ files: ["a.txt"], text: "- changed a.txt", commit: "c1" },
};

/** A worker's answer; now and then it is not sure, and a person is asked. */
function workerAt(seed: number, path: string): Json {
  const confidence = drawing(seed * 31 + path.length)(4) === 0 ? 40 : 90;
  const result = { done: path };
  return { ...{ operation_id: "op-1", status: "completed", result, confidence }, metadata: {} };
}

/** An agent's answer: now and then none, a refusal, a question, a verdict for a reviewer, or one that it doubts itself. */
function answerTo(seed: number, path: string): Json {
  const draw = drawing(seed * 77 + path.length)(6);
  const response =
    draw === 0
      ? ""
      : draw === 1
        ? "I can't do that."
        : draw === 2
          ? "What do you mean?"
          : `done ${path}`;
  const data = draw > 3 ? { data: { valid: draw === 4, score: 40 + draw } } : {};
  const doubt = draw === 5 ? { doubt: "the worker asks for a person" } : {};
  return { response, agent_used: "scripted", ...data, ...doubt };
}

/** A person's answer to a breakpoint: it fits every kind of form. */
export function answerAt(seed: number, id: string, path: string): Json {
  const round = Number(id.slice(id.lastIndexOf("@") + 1));
  const draw = drawing(seed * 1000 + path.length * 7 + round)(4);
  const again = draw === 0 && !path.includes("#");
  const decision = {
    decision: again ? "retry" : draw === 1 ? "fail" : "edit",
    // Fits whatever a reviewer, a judge or a planner is held to.
    response: PUT_RIGHT,
  };
  if (draw === 0 && round === 1)
    return {
      ...decision,
      request_changes: true,
      comments: [{ line: 1, text: "more" }],
      confirmed: true,
      input: "x",
      selected: "dismiss",
    };
  if (draw === 1)
    return {
      ...decision,
      ...{ approved: false, reason: "no", confirmed: false, input: "y", selected: "reject_once" },
    };
  return { ...decision, approved: true, confirmed: true, input: "z", selected: "allow_once" };
}

/** The first thing a person could say that fits: an answer of `answerAt`, or else what is nearest to a yes. */
export function fittingAnswer(seed: number, { id, path, form }: Breakpoint): Json | undefined {
  const usual = Object.assign({}, answerAt(seed, id, path), { selected: "retry" });
  const option = form.kind === "prompt" ? form.options?.[0] : undefined;
  const said: readonly Json[] = [usual, { approved: true }, { selected: option ?? "dismiss" }, {}];
  return said.find((answer) => readAnswer(form, answer).ok);
}

/** What must be the same whatever the order of things: the end, its value, and the state at the root. */
export function ending(state: RunState): string {
  const scrub = (key: string, value: unknown): unknown =>
    key === "answered_at" ? undefined : value;
  const value = state.status === "done" ? [state.value ?? null, state.root.body.state] : [];
  return JSON.stringify([state.status, state.failure?.code ?? null, ...value], scrub);
}
