/** Filters with regular expressions, in linear time. */
import { type Definition, define } from "../definition.ts";
import type { Runtime } from "../runtime.ts";
import { compilePattern, type Pattern } from "../text/pattern.ts";
import { wholeOr } from "../values/coerce.ts";
import { textOf } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import type { Value } from "../values/value.ts";

export const REGEX_FILTERS: readonly Definition[] = [
  define(
    "regex_findall(pattern, multiline=false, ignorecase=false)",
    "Every match; with groups, the groups of every match.",
    (rt, input, args) => findAll(rt, textOf(rt, input), patternOf(rt, args)),
  ),
  define(
    "regex_replace(pattern, replacement='', count=0, multiline=false, ignorecase=false)",
    "Replaces every match, or the first `count`; `\\1` and `\\g<name>` stand for groups.",
    (rt, input, [pattern, replacement, count, ...flags]) =>
      replaceAll(
        rt,
        textOf(rt, input),
        patternOf(rt, [pattern, ...flags]),
        textOf(rt, replacement),
        wholeOr(count, 0, "`count`"),
      ),
  ),
  define(
    "regex_search(pattern, group=0, multiline=false, ignorecase=false)",
    "The first match, or one of its groups by number or name; none if there is no match.",
    (rt, input, [pattern, group, ...flags]) =>
      search(rt, textOf(rt, input), patternOf(rt, [pattern, ...flags]), group),
  ),
];

function patternOf(rt: Runtime, [pattern, multiline, ignoreCase]: readonly Value[]): Pattern {
  return compilePattern(rt, textOf(rt, pattern), isTrue(rt, multiline), isTrue(rt, ignoreCase));
}

function search(rt: Runtime, text: string, pattern: Pattern, group: Value): Value {
  const match = pattern.matches(rt, text, 1)[0];
  if (match === undefined) return null;
  return pattern.group(match, typeof group === "string" ? group : wholeOr(group, 0, "`group`"));
}

function findAll(rt: Runtime, text: string, pattern: Pattern): Value {
  const matches = pattern.matches(rt, text, 0);
  return matches.map(({ groups }) => {
    const [whole, ...parts] = groups.map((group) => group ?? "");
    rt.list(parts.length);
    return parts.length === 0 ? whole : parts.length === 1 ? parts[0] : parts;
  });
}

function replaceAll(
  rt: Runtime,
  text: string,
  pattern: Pattern,
  replacement: string,
  count: number,
): string {
  const parts: string[] = [];
  let at = 0;
  for (const match of pattern.matches(rt, text, count)) {
    parts.push(text.slice(at, match.start), pattern.expand(rt, match, replacement));
    at = match.end;
  }
  parts.push(text.slice(at));
  rt.text(text.length);
  return parts.join("");
}
