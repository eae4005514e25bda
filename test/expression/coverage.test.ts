/** The corpus leaves nothing out: every name with every argument, and every name that Jinja2 has and we might lack. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Definition, Table } from "../../src/expression/definition.ts";
import { FILTERS } from "../../src/expression/filters/table.ts";
import { TESTS } from "../../src/expression/filters/testTable.ts";
import { FUNCTIONS } from "../../src/expression/functions/table.ts";
import { METHODS } from "../../src/expression/methods/table.ts";
import type { Callable, Expression } from "../../src/expression/node.ts";
import { compileTemplate } from "../../src/expression/template.ts";
import { walk } from "../../src/expression/walk.ts";
import { CORPUS, corpusFiles, readCases } from "./corpus.ts";

/** What Jinja2 has no word for; `names.test.ts` and its neighbours test these. */
const OURS_ALONE = new Set([
  "filter compress",
  "function env",
  "function random",
  "function uuid",
  "function generate_research_tasks",
  "function analyze_search_results",
  "function merge_plan_with_feedback",
]);

/** Python takes these by place only; ours have names for them too. */
const BY_PLACE_ONLY = /^method|^filter (?:select|reject)attr$|^function (?:range|dict)$/;

const sources = corpusFiles().flatMap(readCases);
const used = usesOf(sources.map(({ source }) => source));

test("the corpus uses every filter, test, function and method, with every argument", () => {
  const missing: string[] = [];
  const require = (kind: string, table: Table) => {
    for (const definition of table.values()) {
      if (!OURS_ALONE.has(`${kind} ${definition.name}`)) missing.push(...unused(kind, definition));
    }
  };
  require("filter", FILTERS);
  require("test", TESTS);
  require("function", FUNCTIONS);
  for (const [owner, table] of METHODS) if (owner !== "date") require("method", table);
  assert.deepEqual(missing, []);
});

test("every name of Jinja2 is ours too, or a documented difference", () => {
  const offered = JSON.parse(readFileSync(new URL("names.json", CORPUS), "utf8"));
  const differences = readCases("differences.jsonl").map(({ source }) => source);
  const documented = (pattern: string) =>
    differences.some((source) => new RegExp(pattern).test(source));
  const lacking: string[] = [];
  const ask = (
    kind: string,
    names: readonly string[],
    known: Iterable<string>,
    pattern: string,
  ) => {
    const have = new Set(known);
    for (const name of names) {
      if (!have.has(name) && !documented(pattern.replace("NAME", name)))
        lacking.push(`${kind} ${name}`);
    }
  };
  ask("filter", offered.filters, FILTERS.keys(), "\\| NAME\\b");
  ask("test", offered.tests, TESTS.keys(), "is NAME\\b");
  ask("function", offered.functions, FUNCTIONS.keys(), "\\bNAME\\(");
  ask("statement", offered.statements, STATEMENTS, "\\{% NAME\\b");
  const methods = METHODS_OF_PYTHON.map(([kind, owner]) => [kind, METHODS.get(owner)] as const);
  for (const [kind, table] of methods) {
    const names: readonly string[] = offered.methods[kind];
    ask(
      kind,
      names.filter((name) => !INTERNAL.has(name)),
      table?.keys() ?? [],
      "\\.NAME\\(",
    );
  }
  assert.deepEqual(lacking, []);
});

const STATEMENTS = ["if", "for", "set", "with", "filter", "raw"];
const METHODS_OF_PYTHON = [
  ["str", "text"],
  ["list", "list"],
  ["dict", "object"],
  ["float", "number"],
] as const;

/** Constructors, tables and parts of numbers that no template calls. */
const INTERNAL = new Set(
  "maketrans as_integer_ratio conjugate fromhex imag real from_number".split(" "),
);

/** The parts of a callable's signature that no case gives, by place or by name. */
function unused(kind: string, { name, parameters, takesRest, takesNamed }: Definition): string[] {
  const seen = used.get(`${kind} ${name}`);
  if (seen === undefined) return [`${kind} ${name}`];
  const places = takesRest ? parameters.length + 1 : parameters.length;
  const byPlace = seen.places >= places ? [] : [`${kind} ${name}: ${places} arguments by place`];
  if (BY_PLACE_ONLY.test(`${kind} ${name}`)) return byPlace;
  const named = parameters.filter((parameter) => !seen.named.has(parameter.name));
  const free = takesNamed && seen.named.size === 0 ? [`${kind} ${name}: named arguments`] : [];
  const tested = kind === "test" ? [] : named.map((each) => `${kind} ${name}: ${each.name}=`);
  return [...byPlace, ...tested, ...free];
}

interface Seen {
  places: number;
  readonly named: Set<string>;
}

function usesOf(all: readonly string[]): ReadonlyMap<string, Seen> {
  const found = new Map<string, Seen>();
  const add = (kind: string, { name, args }: Callable) => {
    const seen = found.get(`${kind} ${name}`) ?? { places: 0, named: new Set<string>() };
    seen.places = Math.max(seen.places, args.positional.length);
    for (const argument of args.named) seen.named.add(argument.name);
    found.set(`${kind} ${name}`, seen);
  };
  for (const source of all) {
    const compiled = compileTemplate(source);
    if (!compiled.ok) continue;
    walk(compiled.template.body, {
      expression: (node) => {
        addExpression(node, add);
        return true;
      },
      blockFilter: (filter) => add("filter", filter),
    });
  }
  return found;
}

function addExpression(node: Expression, add: (kind: string, callable: Callable) => void): void {
  if (node.kind === "call") add("function", node);
  else if (node.kind === "filter" || node.kind === "test" || node.kind === "method") {
    add(node.kind, node);
  }
  if (node.kind !== "filter") return;
  // Operators and tests are also used by name: `select('==', 1)`.
  for (const { kind, value } of node.args.positional.filter((each) => each.kind === "constant")) {
    if (kind !== "constant" || typeof value !== "string" || !TESTS.has(value)) continue;
    const positional = node.args.positional.slice(node.name.endsWith("attr") ? 2 : 1);
    add("test", { name: value, nameRange: node.nameRange, args: { positional, named: [] } });
  }
}
