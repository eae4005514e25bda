/** Filters that lay text out or shorten it: centre, indent, wrap, truncate, compress. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { lengthOf, partOf } from "../text/characters.ts";
import { compressText } from "../text/compress.ts";
import { centre, linesOf } from "../text/textWork.ts";
import { wrapLine } from "../text/wrap.ts";
import { textOr, wholeOr } from "../values/coerce.ts";
import { textOf } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import type { Value } from "../values/value.ts";

export const LAYOUT_FILTERS: readonly Definition[] = [
  define("center(width=80)", "Puts blanks on both sides up to the width.", (rt, input, [width]) =>
    centre(rt, textOf(rt, input), wholeOr(width, 80, "`width`"), " "),
  ),
  define(
    "compress(tokens=500)",
    "Shortens text to about so many tokens: joins white space, then leaves out the middle and says so.",
    (rt, input, [tokens]) => compressText(rt, textOf(rt, input), wholeOr(tokens, 500, "`tokens`")),
  ),
  define(
    "indent(width=4, first=false, blank=false)",
    "Indents every line but the first by a number of blanks or a text.",
    (rt, input, args) => indent(rt, textOf(rt, input), args),
  ),
  define(
    "truncate(length=255, killwords=false, end='...', leeway=5)",
    "Cuts text that is longer than `length` by more than `leeway`, at a word's end.",
    (rt, input, args) => truncate(rt, textOf(rt, input), args),
  ),
  define(
    "wordwrap(width=79, break_long_words=true, wrapstring='\\n', break_on_hyphens=true)",
    "Breaks lines that are longer than the width.",
    (rt, input, args) => wordwrap(rt, textOf(rt, input), args),
  ),
];

function indent(rt: Runtime, text: string, [width, first, blank]: readonly Value[]): string {
  const columns = typeof width === "string" ? 0 : wholeOr(width, 4, "`width`");
  rt.text(Math.max(0, columns));
  const margin = typeof width === "string" ? width : " ".repeat(Math.max(0, columns));
  const lines = linesOf(rt, `${text}\n`);
  rt.text(text.length + lines.length * margin.length);
  const indented = lines.map((line, index) => {
    const wanted = index === 0 ? isTrue(rt, first) : line !== "" || isTrue(rt, blank);
    return wanted ? margin + line : line;
  });
  return indented.join("\n");
}

function truncate(
  rt: Runtime,
  text: string,
  [length, killWords, ending, leeway]: readonly Value[],
): string {
  const most = wholeOr(length, 255, "`length`");
  const end = textOr(ending, "...", "`end`");
  const spare = wholeOr(leeway ?? undefined, 5, "`leeway`");
  const room = most - lengthOf(rt, end);
  if (room < 0 || spare < 0) {
    throw new Fault(
      "value",
      "`length` must be at least as long as `end`, and `leeway` not negative.",
    );
  }
  if (lengthOf(rt, text) <= most + spare) return text;
  const cut = partOf(rt, text, 0, room);
  const blank = isTrue(rt, killWords) ? -1 : cut.lastIndexOf(" ");
  return (blank < 0 ? cut : cut.slice(0, blank)) + end;
}

function wordwrap(
  rt: Runtime,
  text: string,
  [width, breakLong, wrapString, breakHyphens]: readonly Value[],
): string {
  const columns = wholeOr(width, 79, "`width`");
  if (columns <= 0) throw new Fault("value", "`width` must be more than zero.").of("width");
  const newline = textOr(wrapString ?? undefined, "\n", "`wrapstring`");
  const options = {
    width: columns,
    breakLong: breakLong === undefined || isTrue(rt, breakLong),
    breakHyphens: breakHyphens === undefined || isTrue(rt, breakHyphens),
  };
  const wrapped = linesOf(rt, text).map((line) => wrapLine(rt, line, options));
  const breaks = wrapped.reduce((total, lines) => total + Math.max(1, lines.length), 0);
  rt.text(text.length + breaks * newline.length);
  return wrapped.map((lines) => lines.join(newline)).join(newline);
}
