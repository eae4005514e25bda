/**
 * Everything that can be called, a hundred thousand times over large data: whatever is not paid for shows here.
 * Made from the tables, so that a new filter is among them by itself.
 */
import type { Definition } from "../../src/expression/definition.ts";
import { FILTERS } from "../../src/expression/filters/table.ts";
import { TESTS } from "../../src/expression/filters/testTable.ts";
import { FUNCTIONS } from "../../src/expression/functions/table.ts";
import { METHODS } from "../../src/expression/methods/table.ts";
import type { Bomb } from "./bomb.ts";

const INPUTS = ["text", "row", "rows", "wide", "12345"];
const ARGUMENTS = ["text", "'a'", "rows", "3"];

/** One for each callable, each kind of input, and each kind of arguments: only the needed ones, and all. */
export function loopBombs(): readonly Bomb[] {
  const bombs = new Map<string, Bomb>();
  const add = (about: string, call: string) => {
    const source = `{% for i in range(100000) %}{% set x = ${call} %}{% endfor %}{{ 1 / 0 }}`;
    bombs.set(call, { about, source });
  };
  for (const [name, definition] of FILTERS) {
    for (const args of argumentLists(definition, NAMED.get(name))) {
      for (const input of INPUTS) add("filter", `${input} | ${name}${args}`);
    }
  }
  for (const [name, definition] of TESTS) {
    if (!/^\w/.test(name)) continue;
    for (const args of argumentLists(definition)) {
      for (const input of INPUTS) add("test", `${input} is ${name}${args}`);
    }
  }
  for (const [name, definition] of FUNCTIONS) {
    for (const args of argumentLists(definition)) add("function", `${name}${args || "()"}`);
  }
  for (const [owner, table] of METHODS) {
    for (const [name, definition] of table) {
      for (const args of argumentLists(definition)) {
        add("method", `(${OWNED[owner]}).${name}${args || "()"}`);
      }
    }
  }
  return [...bombs.values()];
}

const OWNED = {
  text: "text",
  list: "rows",
  object: "wide",
  number: "2.5",
  date: "now()",
  duration: "timedelta(days=1)",
  loop: "loop",
} as const;

/** What these call comes first. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["map", "'string'"],
  ["select", "'eq'"],
  ["reject", "'in'"],
]);

function argumentLists({ parameters, takesRest }: Definition, first?: string): readonly string[] {
  const needed = parameters.filter(({ required }) => required).length;
  const counts = new Set([needed, parameters.length + (takesRest ? 1 : 0)]);
  const before = first === undefined ? [] : [first];
  const lists = [...counts].flatMap((count) =>
    count === 0 && first === undefined
      ? [""]
      : ARGUMENTS.map((value) => `(${[...before, ...new Array(count).fill(value)].join(", ")})`),
  );
  return [...new Set(lists)];
}
