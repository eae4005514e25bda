/** Filters from text to text: case, white space, replacement, HTML. */
import { alias, type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { formatPercent } from "../text/format.ts";
import { capitalize, replaceText, stripText, titleCase } from "../text/textWork.ts";
import { wholeOr } from "../values/coerce.ts";
import { textOf } from "../values/text.ts";
import type { Value } from "../values/value.ts";

/** A filter over the text form of its input; pays for a result about as long. */
function overText(
  signature: string,
  doc: string,
  change: (text: string, args: readonly Value[], rt: Runtime) => Value,
): Definition {
  return define(signature, doc, (rt, input, args) => {
    const text = textOf(rt, input);
    rt.text(2 * text.length);
    return change(text, args, rt);
  });
}

const escaped = overText("escape", "Writes `& < > \" '` as HTML entities.", escapeHtml);

export const TEXT_FILTERS: readonly Definition[] = [
  overText("capitalize", "First character upper case, the others lower case.", capitalize),
  escaped,
  alias("e", escaped),
  alias("forceescape", escaped),
  define(
    "format(*values, **named)",
    "Fills values into `%s`, `%d`, `%.2f`.",
    (rt, input, _, extra) => formatPercent(rt, textOf(rt, input), extra.rest, extra.named),
  ),
  overText("lower", "All lower case.", (text) => text.toLowerCase()),
  define(
    "replace(old, new, count=none)",
    "Replaces every `old` by `new`, or the first `count` of them.",
    (rt, input, [old, by, count]) => {
      const limit = count === null ? -1 : wholeOr(count, -1, "`count`");
      return replaceText(rt, textOf(rt, input), textOf(rt, old), textOf(rt, by), limit);
    },
  ),
  overText("safe", "The text as it is (nothing is escaped by itself).", (text) => text),
  overText("string", "The value as text.", (text) => text),
  overText("striptags", "Drops HTML tags and comments and joins white space.", stripTags),
  overText("title", "Every word with an upper-case first letter.", (text, _, rt) => {
    rt.work(text.length / 2);
    return titleCase(text);
  }),
  define(
    "trim(chars=none)",
    "Drops white space, or these characters, at both ends.",
    (rt, input, [chars]) => stripText(rt, textOf(rt, input), chars, "both"),
  ),
  overText("upper", "All upper case.", (text) => text.toUpperCase()),
  overText("wordcount", "How many words.", (text, _, rt) => {
    rt.work(text.length / 4);
    return text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
  }),
];

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

function escapeHtml(text: string, _args: readonly Value[], rt: Runtime): string {
  rt.work(text.length / 2);
  const html = text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
  rt.text(html.length);
  return html;
}

const NAMED_ENTITIES: { readonly [name: string]: string } = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

function stripTags(text: string, _args: readonly Value[], rt: Runtime): string {
  rt.work(text.length);
  const bare = withoutSpans(withoutSpans(text, "<!--", "-->"), "<", ">");
  return bare
    .trim()
    .split(/\s+/)
    .join(" ")
    .replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g, decodeEntity);
}

/** Drops everything from each `open` to the next `close`; an `open` without one ends the search. */
function withoutSpans(text: string, open: string, close: string): string {
  const kept: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf(open, at);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length - (open === "<" ? 0 : 2));
    if (end < 0) break;
    kept.push(text.slice(at, start));
    at = end + close.length;
  }
  kept.push(text.slice(at));
  return kept.join("");
}

function decodeEntity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED_ENTITIES[name] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? "0", 16) : Number(decimal);
  if (code > 0x10ffff) throw new Fault("value", `\`${whole}\` is not a character.`);
  return String.fromCodePoint(code);
}
