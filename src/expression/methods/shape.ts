/** Methods that give text another shape: case, padding, stripping, joining, filling in. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { lengthOf } from "../text/characters.ts";
import { formatBraces } from "../text/format.ts";
import { capitalize, centre, stripText } from "../text/textWork.ts";
import { itemsOf, textOr, wholeOr } from "../values/coerce.ts";
import { textOf } from "../values/text.ts";
import type { Value } from "../values/value.ts";

type Change = (text: string, args: readonly Value[], rt: Runtime) => Value;

/** A method on text; pays for a result about as long. */
function onText(signature: string, doc: string, change: Change): Definition {
  return define(signature, doc, (rt, input, args) => {
    const text = textOr(input ?? null, "", "The value");
    rt.text(2 * text.length);
    return change(text, args, rt);
  });
}

export const SHAPE_METHODS: readonly Definition[] = [
  onText("capitalize", "First character upper case, the others lower case.", capitalize),
  onText("casefold", "Lower case, for comparing.", (text) =>
    text.toLowerCase().replaceAll("ß", "ss"),
  ),
  onText("center(width, fillchar=' ')", "Filled up on both sides.", (text, [width, fill], rt) =>
    centre(rt, text, wholeOr(width, 0, "`width`"), oneCharacter(rt, fill)),
  ),
  onText("expandtabs(tabsize=8)", "Tabs as blanks.", (text, [size], rt) =>
    expandTabs(rt, text, wholeOr(size, 8, "`tabsize`")),
  ),
  define(
    "format(*values, **named)",
    "Fills values into `{}`, `{0}` and `{name:.2f}`.",
    (rt, input, _, extra) =>
      formatBraces(rt, textOr(input ?? null, "", "The value"), extra.rest, extra.named),
  ),
  onText("join(items)", "The items as text, with this text between.", (text, [items], rt) => {
    const parts = itemsOf(rt, items).map((item) => textOf(rt, item));
    const size = parts.reduce((total, part) => total + part.length + text.length, 0);
    rt.text(size);
    return parts.join(text);
  }),
  onText(
    "ljust(width, fillchar=' ')",
    "Filled up on the right.",
    (text, [width, fill], rt) => text + filler(rt, text, width, fill),
  ),
  onText("lower", "All lower case.", (text) => text.toLowerCase()),
  onText(
    "lstrip(chars=none)",
    "Without white space, or these characters, at the start.",
    (text, [chars], rt) => stripText(rt, text, chars, "start"),
  ),
  onText(
    "rjust(width, fillchar=' ')",
    "Filled up on the left.",
    (text, [width, fill], rt) => filler(rt, text, width, fill) + text,
  ),
  onText(
    "rstrip(chars=none)",
    "Without white space, or these characters, at the end.",
    (text, [chars], rt) => stripText(rt, text, chars, "end"),
  ),
  onText(
    "strip(chars=none)",
    "Without white space, or these characters, at both ends.",
    (text, [chars], rt) => stripText(rt, text, chars, "both"),
  ),
  onText("swapcase", "Upper case as lower case and the reverse.", (text, _, rt) => {
    rt.work(text.length / 2);
    return text.replace(/\p{Lu}+|\p{Ll}+/gu, (run) =>
      run === run.toLowerCase() ? run.toUpperCase() : run.toLowerCase(),
    );
  }),
  onText("title", "Every run of letters with an upper-case first letter.", (text, _, rt) => {
    rt.work(text.length / 2);
    return text.replace(/\p{L}+/gu, capitalize);
  }),
  onText("upper", "All upper case.", (text) => text.toUpperCase()),
  onText("zfill(width)", "Filled up with zeros after the sign.", (text, [width], rt) => {
    const sign = /^[-+]/.exec(text)?.[0] ?? "";
    return sign + filler(rt, text, width, "0") + text.slice(sign.length);
  }),
];

function filler(rt: Runtime, text: string, width: Value, fill: Value): string {
  const character = oneCharacter(rt, fill);
  const missing = wholeOr(width, 0, "`width`") - lengthOf(rt, text);
  rt.text(Math.max(0, missing));
  return character.repeat(Math.max(0, missing));
}

function oneCharacter(rt: Runtime, fill: Value): string {
  const character = textOr(fill, " ", "`fillchar`");
  if (lengthOf(rt, character) === 1) return character;
  throw new Fault("value", "`fillchar` must be exactly one character.");
}

function expandTabs(rt: Runtime, text: string, size: number): string {
  if (size > 1000) throw new Fault("limit", "`tabsize` may be at most 1000.");
  const tabs = text.split("\t").length - 1;
  rt.text(text.length + tabs * Math.max(0, size));
  let column = 0;
  return text.replace(/[\t\n\r]|[^\t\n\r]+/g, (part) => {
    if (part === "\t") {
      const blanks = size > 0 ? size - (column % size) : 0;
      column += blanks;
      return " ".repeat(blanks);
    }
    column = part === "\n" || part === "\r" ? 0 : column + part.length;
    return part;
  });
}
