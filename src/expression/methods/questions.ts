/** Methods that ask what text consists of: `isdigit`, `isupper`, ... */
import { type Definition, define } from "../definition.ts";
import { textOr } from "../values/coerce.ts";

function ask(name: string, doc: string, question: (text: string) => boolean): Definition {
  return define(name, doc, (rt, input) => {
    const text = textOr(input ?? null, "", "The value");
    rt.work(text.length / 4);
    rt.text(2 * text.length);
    return question(text);
  });
}

export const QUESTION_METHODS: readonly Definition[] = [
  ask("isalnum", "Letters and digits only.", (text) => /^[\p{L}\p{N}]+$/u.test(text)),
  ask("isalpha", "Letters only.", (text) => /^\p{L}+$/u.test(text)),
  ask("isascii", "ASCII only.", (text) => !/[^\0-\x7f]/.test(text)),
  ask("isdecimal", "Decimal digits only.", (text) => /^\p{Nd}+$/u.test(text)),
  ask("isdigit", "Digits only.", (text) =>
    /^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2089]+$/u.test(text),
  ),
  ask("isidentifier", "Could be a name.", (text) => /^[\p{XIDS}_]\p{XIDC}*$/u.test(text)),
  ask("islower", "Has letters, none upper case.", (text) =>
    isCase(text, /\p{Ll}/u, /[\p{Lu}\p{Lt}]/u),
  ),
  ask("isnumeric", "Numeric characters only.", (text) => /^\p{N}+$/u.test(text)),
  ask("isprintable", "Nothing that cannot be seen, but blanks.", (text) =>
    /^[^\p{C}\p{Z}]*$/u.test(text.replaceAll(" ", "")),
  ),
  ask("isspace", "White space only.", (text) => text !== "" && text.trim() === ""),
  ask(
    "istitle",
    "Every run of letters begins upper case and goes on lower case.",
    (text) => /\p{L}/u.test(text) && !/(?<!\p{L})\p{Ll}|(?<=\p{L})\p{Lu}/u.test(text),
  ),
  ask("isupper", "Has letters, none lower case.", (text) =>
    isCase(text, /\p{Lu}/u, /[\p{Ll}\p{Lt}]/u),
  ),
];

function isCase(text: string, wanted: RegExp, refused: RegExp): boolean {
  return wanted.test(text) && !refused.test(text);
}
