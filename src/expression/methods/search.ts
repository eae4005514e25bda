/** Methods that look for something in text, or cut it where it is found. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import {
  codePointOffset,
  findAll,
  findLastText,
  findText,
  lengthOf,
  partOf,
} from "../text/characters.ts";
import { linesOf, replaceText, splitText, splitTextFromEnd } from "../text/textWork.ts";
import { textOr, wholeOr } from "../values/coerce.ts";
import { isTrue } from "../values/truth.ts";
import { isList, type Value } from "../values/value.ts";

export const SEARCH_METHODS: readonly Definition[] = [
  define(
    "count(sub, start=0, end=none)",
    "How often a part occurs.",
    (rt, input, [sub, ...range]) => {
      const { text } = windowOf(rt, input, range);
      const part = textOr(sub, "", "The part to count");
      return part === "" ? lengthOf(rt, text) + 1 : findAll(rt, text, part, -1).length;
    },
  ),
  define(
    "endswith(suffix, start=0, end=none)",
    "True if it ends so (or in one of a list).",
    (rt, input, [suffix, ...range]) => {
      const { text } = windowOf(rt, input, range);
      return oneOf(suffix).some((each) => {
        const end = textOr(each, "", "The suffix");
        rt.scan(end.length);
        return text.endsWith(end);
      });
    },
  ),
  define(
    "find(sub, start=0, end=none)",
    "Where a part first occurs, -1 if nowhere.",
    (rt, input, [sub, ...range]) => locate(rt, input, sub, range, "first"),
  ),
  define(
    "index(sub, start=0, end=none)",
    "Where a part first occurs; an error if nowhere.",
    (rt, input, [sub, ...range]) => found(locate(rt, input, sub, range, "first")),
  ),
  define(
    "partition(sep)",
    "What is before, the separator, and what is after it.",
    (rt, input, [sep]) => partition(rt, ownText(input), textOr(sep, "", "The separator"), "first"),
  ),
  define("removeprefix(prefix)", "Without this beginning.", (rt, input, [prefix]) => {
    const [text, start] = [ownText(input), textOr(prefix, "", "The prefix")];
    rt.text(text.length);
    return text.startsWith(start) ? text.slice(start.length) : text;
  }),
  define("removesuffix(suffix)", "Without this end.", (rt, input, [suffix]) => {
    const [text, end] = [ownText(input), textOr(suffix, "", "The suffix")];
    rt.text(text.length);
    return text.endsWith(end) ? text.slice(0, text.length - end.length) : text;
  }),
  define(
    "replace(old, new, count=-1)",
    "Every `old` as `new`, or the first `count`.",
    (rt, input, [old, by, count]) =>
      replaceText(
        rt,
        ownText(input),
        textOr(old, "", "`old`"),
        textOr(by, "", "`new`"),
        wholeOr(count, -1, "`count`"),
      ),
  ),
  define(
    "rfind(sub, start=0, end=none)",
    "Where a part last occurs, -1 if nowhere.",
    (rt, input, [sub, ...range]) => locate(rt, input, sub, range, "last"),
  ),
  define(
    "rindex(sub, start=0, end=none)",
    "Where a part last occurs; an error if nowhere.",
    (rt, input, [sub, ...range]) => found(locate(rt, input, sub, range, "last")),
  ),
  define("rpartition(sep)", "As partition, at the last separator.", (rt, input, [sep]) =>
    partition(rt, ownText(input), textOr(sep, "", "The separator"), "last"),
  ),
  define(
    "rsplit(sep=none, maxsplit=-1)",
    "The parts between separators, cut from the right.",
    (rt, input, [sep, most]) =>
      splitTextFromEnd(rt, ownText(input), sep, wholeOr(most, -1, "`maxsplit`")),
  ),
  define(
    "split(sep=none, maxsplit=-1)",
    "The parts between separators, or the words.",
    (rt, input, [sep, most]) => splitText(rt, ownText(input), sep, wholeOr(most, -1, "`maxsplit`")),
  ),
  define("splitlines(keepends=false)", "The lines.", (rt, input, [keepEnds]) =>
    linesOf(rt, ownText(input), isTrue(rt, keepEnds)),
  ),
  define(
    "startswith(prefix, start=0, end=none)",
    "True if it begins so (or as one of a list).",
    (rt, input, [prefix, ...range]) => {
      const { text } = windowOf(rt, input, range);
      return oneOf(prefix).some((each) => {
        const start = textOr(each, "", "The prefix");
        rt.scan(start.length);
        return text.startsWith(start);
      });
    },
  ),
];

function ownText(input: Value): string {
  return textOr(input ?? null, "", "The value");
}

function oneOf(value: Value): readonly Value[] {
  return isList(value) ? value : [value ?? null];
}

/** The part of the text between `start` and `end`, and where it begins. */
function windowOf(
  rt: Runtime,
  input: Value,
  [start, end]: readonly Value[],
): { text: string; offset: number } {
  const text = ownText(input);
  const first = wholeOr(start ?? undefined, 0, "`start`");
  if (first === 0 && (end === undefined || end === null)) return { text, offset: 0 };
  const length = lengthOf(rt, text);
  const place = (at: number) => Math.max(0, Math.min(length, at < 0 ? at + length : at));
  const offset = place(first);
  const last = place(wholeOr(end ?? undefined, length, "`end`"));
  return { text: offset < last ? partOf(rt, text, offset, last) : "", offset };
}

function locate(
  rt: Runtime,
  input: Value,
  sub: Value,
  range: readonly Value[],
  which: "first" | "last",
): number {
  const { text, offset } = windowOf(rt, input, range);
  const part = textOr(sub, "", "The part to find");
  const at = which === "first" ? findText(rt, text, part) : findLastText(rt, text, part);
  return at < 0 ? -1 : offset + codePointOffset(text, at);
}

function found(at: number): number {
  if (at >= 0) return at;
  throw new Fault("value", "The part is not in the text. Use `find`, or ask with `in` first.");
}

function partition(rt: Runtime, text: string, mark: string, which: "first" | "last"): Value {
  if (mark === "") throw new Fault("value", "The separator is empty.");
  rt.text(text.length);
  const at = which === "first" ? findText(rt, text, mark) : findLastText(rt, text, mark);
  if (at < 0) return which === "first" ? [text, "", ""] : ["", "", text];
  return [text.slice(0, at), mark, text.slice(at + mark.length)];
}
