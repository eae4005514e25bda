/**
 * The cost of an event and of a decision does not grow with the run. Counted in operations on the state's maps, so
 * that no clock is asked: a walk over all tasks, frames or timers shows, whatever the machine.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { admit } from "../../src/run/admit.ts";
import type { Effect } from "../../src/run/command.ts";
import { decide } from "../../src/run/decide/decide.ts";
import type { RunEvent } from "../../src/run/event.ts";
import { evolve } from "../../src/run/evolve/evolve.ts";
import { createProgram } from "../../src/run/start/program.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { begin, bundleOf } from "./simulate.ts";

type Counted = Map<string, number>;

/** A foreach of so many items, and how many tasks it comes to. */
function manyItems(items: number): Shape {
  const steps = [
    { id: "call", type: "mcp_call", tool: "x.y", parameters: { n: "{{ item }}" } },
    { id: "note", type: "set_state", updates: { last: "{{ steps.call }}" } },
  ];
  const list = Array.from({ length: items }, (_, index) => index);
  const each = { id: "each", type: "foreach", items: list, max_parallel: 3, steps };
  return { step: each, tasks: 1 + items * 3 };
}

/** A graph of so many steps, each of which depends on the three before it. */
function longGraph(length: number): Shape {
  const steps = Array.from({ length }, (_, index) => ({
    id: `s${index}`,
    type: "mcp_call",
    tool: "x.y",
    depends_on: [3, 2, 1].filter((back) => back <= index).map((back) => `s${index - back}`),
  }));
  return { step: { id: "graph", type: "graph", steps }, tasks: 1 + length };
}

interface Shape {
  readonly step: JsonObject;
  readonly tasks: number;
}

/** The most operations that one event of each type, and one decision, took in a run of this one step. */
function costOf({ step, tasks }: Shape): Counted {
  const program = createProgram();
  const bundle = bundleOf(JSON.stringify({ name: "test", version: "1.0.0", steps: [step] }));
  const first = begin(program, bundle);
  const most: Counted = new Map();
  const count = <T>(name: string, work: () => T): T => {
    const { result, operations } = counting(work);
    most.set(name, Math.max(most.get(name) ?? 0, operations));
    return result;
  };
  let state = evolve(undefined, first);
  let seq = 1;
  const take = (event: RunEvent): string => {
    seq += 1;
    const recorded = { seq, at: first.at, event };
    state = count(`evolve ${event.type}`, () => evolve(state, recorded));
    return "path" in event && event.path !== undefined ? event.path : "";
  };
  const pending: Effect[] = [];
  const settle = (touched: readonly string[]): void => {
    for (let paths = touched; ; ) {
      const moment = { program, state, at: first.at };
      const commands = count("decide", () => decide(moment, paths));
      if (commands.length === 0) return;
      for (const { effect } of commands) if (effect) pending.push(effect);
      paths = commands.map(({ event }) => take(event));
    }
  };
  settle([""]);
  for (let effect = pending.shift(); effect; effect = pending.shift()) {
    const { path, attempt, token } = effect;
    const outcome = { type: "completed" as const, result: path };
    const letter = { type: "outcome" as const, path, attempt, token, outcome };
    const admission = count("admit", () => admit(state, letter));
    settle(admission.ok ? admission.events.map(take) : []);
  }
  assert.equal(state.status, "done");
  assert.equal(state.tasks.size, tasks);
  return most;
}

/** How often work reads, writes or steps through any map. */
function counting<T>(work: () => T): { readonly result: T; readonly operations: number } {
  const { get, set, has, delete: remove, values, entries, keys } = Map.prototype;
  let operations = 0;
  const counted =
    <A extends unknown[], R>(method: (this: Map<unknown, unknown>, ...given: A) => R) =>
    (...[map, ...given]: [Map<unknown, unknown>, ...A]): R => {
      operations += 1;
      return method.apply(map, given);
    };
  const stepping = (method: () => Iterator<unknown>) =>
    function* (this: Map<unknown, unknown>): Generator {
      for (const value of { [Symbol.iterator]: () => method.call(this) }) {
        operations += 1;
        yield value;
      }
    };
  const own = { get, set, has, delete: remove };
  for (const [name, method] of Object.entries(own)) {
    const count = counted(method as (this: Map<unknown, unknown>, ...given: unknown[]) => unknown);
    define(name, function (this: Map<unknown, unknown>, ...given: unknown[]) {
      return count(this, ...given);
    });
  }
  for (const [name, method] of Object.entries({ values, entries, keys })) {
    define(name, stepping(method));
  }
  define(Symbol.iterator, stepping(entries));
  try {
    const result = work();
    return { result, operations };
  } finally {
    for (const [name, method] of Object.entries({ ...own, values, entries, keys })) {
      define(name, method);
    }
    define(Symbol.iterator, entries);
  }
}

function define(name: string | symbol, value: unknown): void {
  Object.defineProperty(Map.prototype, name, { value, writable: true, configurable: true });
}

test("the counting counts", () => {
  const map = new Map([...Array(50).keys()].map((key) => [key, key]));
  assert.equal(counting(() => map.get(1)).operations, 1);
  assert.equal(counting(() => [...map.values()].length).operations, 50);
  assert.equal(
    counting(() => {
      for (const _ of map) if (_[0] === 3) return;
    }).operations,
    4,
  );
});

for (const [name, shape, once] of [
  ["a foreach", manyItems, []],
  // A graph is looked through once, when it begins.
  ["a graph", longGraph, ["evolve task_opened"]],
] as const) {
  test(`in ${name} an event costs the same in a long run as in a short one, and so does a decision`, () => {
    const short = costOf(shape(10));
    const long = costOf(shape(500));
    for (const event of ["evolve run_finished", ...once]) short.delete(event);
    for (const [event, operations] of short) {
      assert.ok(
        (long.get(event) ?? 0) <= operations,
        `${event}: ${long.get(event)} after ${operations}`,
      );
      assert.ok(operations < 30, `${event}: ${operations}`);
    }
  });
}
