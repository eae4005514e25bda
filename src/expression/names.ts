/**
 * Everything an expression can call, with its signature and one line of documentation.
 * Owns the public view of the tables that the evaluator runs on; completion and hover read it.
 */

import type { Table } from "./definition.ts";
import { FILTERS } from "./filters/table.ts";
import { TESTS } from "./filters/testTable.ts";
import { FUNCTIONS } from "./functions/table.ts";
import { METHODS, type Owner } from "./methods/table.ts";

export interface Described {
  readonly name: string;
  /** As written in an expression: `join(separator='', attribute=none)`. */
  readonly signature: string;
  /** One line. */
  readonly doc: string;
}

export interface DescribedMethod extends Described {
  /** What the method is called on. */
  readonly on: Owner;
}

export interface Names {
  readonly filters: readonly Described[];
  readonly tests: readonly Described[];
  readonly functions: readonly Described[];
  readonly methods: readonly DescribedMethod[];
}

/** All names, sorted within each kind. Operators that serve as tests (`select('==', 1)`) are left out. */
export function names(): Names {
  const methods = [...METHODS].flatMap(([on, table]) =>
    listed(table, "()").map((each) => ({ ...each, on })),
  );
  return {
    filters: listed(FILTERS, ""),
    tests: listed(TESTS, "").filter(({ name }) => /^\w/.test(name)),
    functions: listed(FUNCTIONS, "()"),
    methods: methods.sort((a, b) => compare(a.name, b.name)),
  };
}

/** `brackets` follow the name of a callable without parameters. */
function listed(table: Table, brackets: "" | "()"): readonly Described[] {
  return [...table.values()]
    .map(({ name, signature, doc }) => ({
      name,
      signature: signature.includes("(") ? signature : signature + brackets,
      doc,
    }))
    .sort((a, b) => compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
