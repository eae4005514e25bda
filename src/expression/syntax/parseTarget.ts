/**
 * What a `for`, `set` or `with` assigns to: `x`, `key, value`, `(a, b), c`, `counter.total`.
 * Owns the grammar of targets and which names may not be taken.
 */
import { Fault } from "../error.ts";
import type { Target } from "../node.ts";
import {
  atOperator,
  atWord,
  type Cursor,
  expectName,
  expectOperator,
  lastEnd,
  peek,
  takeOperator,
} from "./token.ts";
import { nested } from "./tree.ts";

const TAKEN: ReadonlySet<string> = new Set(
  "true True false False none None null and or not in is if else loop".split(" "),
);

/** A target; with `several` false a comma ends it. */
export function parseTarget(cursor: Cursor, several = true): Target {
  const first = parseOne(cursor);
  if (!several || !atOperator(cursor, ",")) return first;
  const targets = [first];
  while (takeOperator(cursor, ",")) {
    if (atWord(cursor, "in") || atOperator(cursor, "=") || atOperator(cursor, ")")) break;
    targets.push(parseOne(cursor));
  }
  return { kind: "names", targets, start: first.start, end: lastEnd(cursor) };
}

function parseOne(cursor: Cursor): Target {
  const { start } = peek(cursor);
  if (takeOperator(cursor, "(")) {
    const inner = nested(cursor, () => parseTarget(cursor));
    expectOperator(cursor, ")", "to close `(`");
    return { ...inner, start, end: lastEnd(cursor) };
  }
  const token = expectName(cursor, "a name to assign to");
  if (TAKEN.has(token.text)) {
    throw new Fault("syntax", `\`${token.text}\` cannot be assigned to.`).at(token);
  }
  if (!takeOperator(cursor, ".")) return { kind: "name", name: token.text, start, end: token.end };
  const field = expectName(cursor, "a field's name after `.`").text;
  return { kind: "field", name: token.text, field, start, end: lastEnd(cursor) };
}
