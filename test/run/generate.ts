/**
 * Random workflows without races: no two branches write one field, no first success wins.
 * Their world is a function of where a task stands, not of when: so any way through them must end the same.
 */

import { hashText } from "../../src/util/hash.ts";
import type { Json, JsonObject } from "../../src/util/json.ts";
import type { Draw } from "./drawing.ts";
import { again, graph, loop, type Making, type Steps } from "./generatedFlow.ts";

/** The text of a workflow file (JSON is YAML). `doomed`: some can come to no good end, whoever retries. */
export function generateWorkflow(draw: Draw, doomed = false): string {
  const making: Making = {
    draw,
    count: 0,
    readable: ["base"],
    list: (length, depth) => list(making, length, depth),
    field: (id) => field(making, id),
  };
  const steps = list(making, 2 + draw(4), 0);
  if (doomed && draw(6) === 0) steps.push(...failure(making));
  steps.push({
    id: "end",
    type: "return",
    value: Object.fromEntries(making.readable.map((f) => [f, `{{ state.${f} }}`])),
  });
  return JSON.stringify({
    name: "generated",
    version: "1.0.0",
    on_failure: draw(3) > 0 ? "compensate" : "keep",
    limits: {
      // Attempts that were lost count as calls, and how many are lost is a matter of luck.
      max_calls: 1000,
      ...(draw(3) === 0 ? { timeout: "1000h" } : {}),
      ...(draw(2) === 0 ? { max_parallel: 1 + draw(3) } : {}),
    },
    initial_state: {
      ...Object.fromEntries(making.readable.map((f) => [f, null])),
      base: draw(100),
    },
    tasks: { sub: { initial_state: { mine: "{{ item }}" }, steps: subTask() } },
    steps,
  });
}

/** How many attempts of the task at this path fail before one succeeds; a task without retries that fails fails its run. */
export function failuresAt(path: string, seed: number): number {
  const digit = Number.parseInt(
    hashText(`${seed}:${path.replace(/\[\d+\]/g, "[]")}`).slice(0, 4),
    16,
  );
  return digit % 7 === 0 ? 1 : digit % 11 === 0 ? 4 : 0;
}

function subTask(): Steps {
  return [
    {
      id: "call",
      type: "mcp_call",
      tool: "memory.save",
      parameters: { key: "{{ state.mine }}" },
      effects: "repeatable",
      output_to: "saved",
    },
    { id: "give", type: "return", value: { item: "{{ item }}", saved: "{{ state.saved }}" } },
  ];
}

function list(making: Making, length: number, depth: number): Steps {
  return Array.from({ length }, () => step(making, depth));
}

function step(making: Making, depth: number): JsonObject {
  const { draw } = making;
  const id = `s${making.count++}`;
  const made: JsonObject = { id, ...body(making, id, depth) };
  const extra: Record<string, Json> = {};
  if (draw(8) === 0) extra.when = draw(2) === 0 ? "true" : "state.base >= 50";
  if (draw(12) === 0) extra.breakpoint = draw(2) === 0 ? "before" : "after";
  if (draw(8) === 0 && made.type !== "gate" && made.type !== "goto") {
    extra.gates = gates(draw);
    extra.enforce = made.on_error === "continue";
  }
  if (draw(10) === 0) extra.total_timeout = "100h";
  return { ...made, ...extra };
}

function body(making: Making, id: string, depth: number): JsonObject {
  const { draw } = making;
  const kind = draw(depth > 2 ? 9 : 18);
  switch (kind) {
    case 0:
      return {
        type: "set_state",
        updates: { [field(making, id)]: `{{ state.base + ${draw(10)} }}` },
      };
    case 1:
      return outside(making, id, {
        type: "delegate",
        instructions: `do {{ state.${read(making)} }}`,
        ...(draw(3) === 0 ? { supervise: supervise(draw) } : {}),
      });
    case 2:
      if (making.count % 2 === 0) return outside(making, id, request(making));
      return outside(making, id, {
        type: "mcp_call",
        tool: "web.search",
        parameters: { q: `{{ state.${read(making)} }}` },
      });
    case 3:
      return outside(making, id, {
        type: "shell",
        command: ["echo", `{{ state.${read(making)} }}`],
        effects: "repeatable",
      });
    case 4:
      return {
        type: "prompt",
        ...(draw(3) === 0 ? FORM : { input: ["info", "confirm", "text"][draw(3)] ?? "info" }),
        message: "well?",
        output_to: field(making, id),
      };
    case 5:
      return {
        type: "gate",
        gates: gates(draw),
        on_error: "continue",
        output_to: field(making, id),
      };
    case 6:
      return { type: "wait", duration: draw(2) === 0 ? "2s" : "10ms" };
    case 7:
      return {
        type: "approve",
        plan: "# Plan\n- one\n- two",
        revise: "@task",
        output_to: field(making, id),
        max_rounds: 3,
        on_reject: [
          { id: `${id}r`, type: "set_state", updates: { [field(making, `${id}r`)]: "no" } },
        ],
      };
    case 8:
      return {
        type: "condition",
        if: `state.base > ${draw(100)}`,
        then: list(making, 1 + draw(2), 3),
        else: list(making, draw(2), 3),
      };
    case 9:
      return {
        type: "condition",
        if: `state.base > ${draw(100)}`,
        then: list(making, 1 + draw(2), depth + 1),
        else: list(making, draw(2), depth + 1),
      };
    case 10:
      return foreach(making, id);
    case 11:
      return {
        type: "parallel",
        max_parallel: 1 + draw(3),
        branches: branches(making, id, depth),
        output_to: field(making, id),
      };
    case 12:
      return foreach(making, id);
    case 13:
    case 14:
      return draw(3) === 0 ? again(making, id, depth) : loop(making, id, depth);
    case 15:
    case 16:
      return graph(making, id, depth);
    default:
      return {
        type: "workflow",
        workflow: "child",
        inputs: { n: draw(10) },
        output_to: field(making, id),
      };
  }
}

function outside(making: Making, id: string, step: JsonObject): JsonObject {
  const { draw } = making;
  const retry =
    draw(3) > 0
      ? { retry: { max_attempts: 3, delay: draw(2) === 0 ? "10ms" : "1s", backoff: "exponential" } }
      : {};
  const handlers = [
    {},
    {},
    { on_error: "continue" },
    { on_error: [{ id: `${id}g`, type: "return", value: 2 }] },
    { on_error: [{ id: `${id}h`, type: "set_state", updates: { [field(making, `${id}h`)]: 1 } }] },
  ];
  return {
    ...step,
    effects: "repeatable",
    ...retry,
    ...(draw(3) > 0 ? { on_cancel: undo(draw, id) } : {}),
    ...(handlers[draw(5)] ?? {}),
    output_to: field(making, id),
  };
}

/** A step that calls something over HTTP, or plans. */
function request(making: Making): JsonObject {
  const body = { n: `{{ state.${read(making)} }}` };
  const workers = [{ tool: "web.search" }, { agent: "@task" }];
  const http = { type: "http", url: "http://outside/x", method: "POST", body, headers: { a: "b" } };
  const call = { type: "worker_call", worker: "http://w", operation: "work", parameters: body };
  const plan = { type: "plan", goal: "go", agent: "@task", workers };
  const watched = () => ({ ...call, supervise: supervise(making.draw) });
  // Plans are long: one in six.
  const kinds = [() => http, () => call, () => plan, watched, () => http, () => call];
  return kinds[(making.count / 2) % kinds.length]?.() ?? {};
}

/** Supervision with any of its parts: what it comes to is a function of the answers alone. */
function supervise(draw: Draw): JsonObject {
  return {
    max_iterations: 1 + draw(3),
    ...(draw(3) === 0 ? { validator: "@task" } : {}),
    ...(draw(3) === 0 ? { quality: { tests: ["measure"], threshold: 100 } } : {}),
    ...(draw(3) === 0 ? { confidence: { agent: "@task" } } : {}),
    ...(draw(2) === 0 ? { breakpoints: { quality_too_low: 0 } } : {}),
    escalation: { priority: "high", ...(draw(2) === 0 ? { deadline: "1h" } : {}) },
  };
}

/** Steps that undo another: an attempt, alone, twice or in a loop, or a write. */
function undo(draw: Draw, id: string): Steps {
  const call = {
    id: `${id}u`,
    type: "mcp_call",
    tool: "memory.delete",
    parameters: { path: "{{ task.path }}", was: "{{ task.output }}" },
    effects: "repeatable",
  };
  const all: Steps[] = [
    [call],
    [
      { ...call, retry: { max_attempts: 3, delay: "1s" } },
      { id: `${id}v`, type: "wait", duration: "1s" },
    ],
    [{ id: `${id}v`, type: "foreach", items: [1, 2], steps: [call] }],
    [{ id: `${id}v`, type: "condition", if: "task.known", then: [call] }],
  ];
  return all[draw(all.length)] ?? [];
}

function foreach(making: Making, id: string): JsonObject {
  const { draw } = making;
  const items = Array.from({ length: draw(5) }, (_, index) => index);
  const inner: JsonObject =
    draw(2) === 0
      ? { task: "sub" }
      : {
          steps: [
            {
              id: `${id}a`,
              type: "delegate",
              instructions: "{{ item }} {{ loop.index }}",
              effects: "repeatable",
            },
            ...(draw(3) === 0
              ? [{ id: `${id}q`, type: "prompt", input: "confirm", message: "item {{ item }}" }]
              : []),
          ],
        };
  const each: JsonObject = {
    type: "foreach",
    items,
    ...inner,
    sequential: draw(4) === 0,
    max_parallel: 1 + draw(4),
    ...(draw(3) === 0 ? { key: "'item ' ~ item" } : {}),
  };
  if (draw(2) > 0) return { ...each, mode: "continue", output_to: field(making, id) };
  const side = { items: [0, 1, 2], sequential: false, max_parallel: 3 };
  // A condition has a result of its own, so that nobody sees who won.
  return {
    type: "condition",
    if: "true",
    then: [{ id: `${id}f`, ...each, ...side, ...race(draw) }],
  };
}

/** Which item wins is a matter of time, whether one does is not. */
export function race(draw: Draw): JsonObject {
  return { mode: draw(2) === 0 ? "first_success" : { quorum: 2 }, on_error: "continue" };
}

function branches(making: Making, id: string, depth: number): JsonObject[] {
  return ["a", "b", "c"].slice(0, 1 + making.draw(3)).map((name) => {
    const steps = list(making, 1 + making.draw(2), depth + 1);
    const { on_error, mode } = steps.at(-1) ?? {};
    // A branch comes to what its last step comes to, which must not be a race.
    const raced = mode !== undefined && mode !== "continue" && on_error === "continue";
    const settled = {
      id: `${id}${name}z`,
      type: "set_state",
      updates: { [field(making, `${id}${name}z`)]: 1 },
    };
    return { id: `${id}${name}`, steps: raced ? [...steps, settled] : steps };
  });
}

function gates(draw: Draw): JsonObject[] {
  const expression = {
    name: "big",
    check: "state.base > 20",
    severity: draw(2) === 0 ? "fail" : "warn",
  };
  const command = {
    name: "cmd",
    check: { command: ["measure"], metric: "(\\d+)%", expect: ">= 90" },
  };
  return draw(2) === 0 ? [expression] : [expression, command];
}

/** Something to undo, and a failure that it is undone for. */
function failure(making: Making): Steps {
  const done = { type: "delegate", instructions: "do", on_cancel: undo(making.draw, "done") };
  const never = [{ name: "never", check: "false" }];
  return [
    { id: "done", ...done, output_to: field(making, "done") },
    { id: "never", type: "gate", gates: never },
  ];
}

/** A form that every answer of the tests' worlds fits: they say all that any kind of question may want. */
const FORM: JsonObject = {
  input: "form",
  fields: {
    ...Object.fromEntries(
      ["approved", "request_changes", "confirmed"].map((f) => [f, { type: "boolean" }]),
    ),
    ...Object.fromEntries(
      ["reason", "input", "selected", "plan", "decision", "response"].map((f) => [
        f,
        { type: "string" },
      ]),
    ),
    comments: { type: "array" },
    drop: { type: "array" },
    base: { type: "number", default: "{{ state.base }}" },
  },
};

/** A state field of this step's own; later steps may read it. */
function field(making: Making, id: string): string {
  const name = `f_${id}`;
  making.readable.push(name);
  return name;
}

/** Only fields whose value is known whatever happens in parallel: those of the file itself. */
function read(_making: Making): string {
  return "base";
}

/** The workflow that `workflow: child` leads to. */
export const CHILD = JSON.stringify({
  name: "child",
  version: "1.0.0",
  limits: { timeout: "100h", max_parallel: 2 },
  inputs: { n: { type: "number", required: true } },
  initial_state: { double: "{{ inputs.n * 2 }}" },
  steps: [
    {
      id: "work",
      type: "delegate",
      instructions: "{{ state.double }}",
      effects: "repeatable",
      output_to: "out",
    },
    { id: "ask", type: "prompt", input: "text", message: "child?" },
  ],
});
