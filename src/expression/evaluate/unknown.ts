/** The words for a filter, test or function that does not exist, with what was probably meant. */
import { closest, didYouMean, Fault } from "../error.ts";
import { FILTERS } from "../filters/table.ts";
import { TESTS } from "../filters/testTable.ts";
import { FUNCTIONS } from "../functions/table.ts";

type Kind = "filter" | "test" | "function";

/** `more` are further names that exist. */
export function unknownCallable(kind: Kind, name: string, more: readonly string[] = []): Fault {
  const code = `unknown_${kind}` as const;
  const table = { filter: FILTERS, test: TESTS, function: FUNCTIONS }[kind];
  const suggestion = closest(name, [...table.keys(), ...more]);
  const hint = didYouMean(suggestion) || otherKind(kind, name);
  return new Fault(code, `There is no ${kind} \`${name}\`.${hint}`, suggestion);
}

function otherKind(kind: Kind, name: string): string {
  if (kind !== "filter" && FILTERS.has(name)) return ` It is a filter: \`value | ${name}\`.`;
  if (kind !== "function" && FUNCTIONS.has(name)) return ` It is a function: \`${name}(...)\`.`;
  return kind !== "test" && TESTS.has(name) ? ` It is a test: \`value is ${name}\`.` : "";
}
