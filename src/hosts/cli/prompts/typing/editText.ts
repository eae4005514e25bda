/**
 * Editing a text of any number of lines with the keys of a terminal. A pure step: text and cursor, a key, what follows.
 * Knows no screen and no stream.
 */

export interface EditedText {
  readonly text: string;
  /** Offset in UTF-16 units, never inside a character. */
  readonly cursor: number;
}

/** A key as `node:readline` names it. */
export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

/** The text after a key; the same object when the key means nothing here. `char` is what the key types. */
export function editText(edited: EditedText, char: string | undefined, key: Key): EditedText {
  const { text, cursor } = edited;
  const bound = bindingOf(key);
  switch (bound) {
    case "left":
      return { text, cursor: before(text, cursor) };
    case "right":
      return { text, cursor: after(text, cursor) };
    case "up":
    case "down":
      return { text, cursor: onLine(text, cursor, bound === "up" ? -1 : 1) };
    case "home":
      return { text, cursor: lineStart(text, cursor) };
    case "end":
      return { text, cursor: lineEnd(text, cursor) };
    case "backspace":
      return cut(text, before(text, cursor), cursor);
    case "delete":
      return cut(text, cursor, after(text, cursor));
    case "word":
      return cut(text, wordStart(text, cursor), cursor);
    case "head":
      return cut(text, lineStart(text, cursor), cursor);
    case "tail":
      return cut(text, cursor, lineEnd(text, cursor));
    case undefined:
      return isTyped(char, key) ? insertText(edited, char) : edited;
  }
}

/** The text with more of it at the cursor. */
export function insertText({ text, cursor }: EditedText, more: string): EditedText {
  return { text: text.slice(0, cursor) + more + text.slice(cursor), cursor: cursor + more.length };
}

type Binding =
  | "left"
  | "right"
  | "up"
  | "down"
  | "home"
  | "end"
  | "backspace"
  | "delete"
  | "word"
  | "head"
  | "tail";

const PLAIN: Readonly<Record<string, Binding>> = {
  left: "left",
  right: "right",
  up: "up",
  down: "down",
  home: "home",
  end: "end",
  backspace: "backspace",
  delete: "delete",
};

const WITH_CTRL: Readonly<Record<string, Binding>> = {
  a: "home",
  e: "end",
  b: "left",
  f: "right",
  h: "backspace",
  d: "delete",
  w: "word",
  u: "head",
  k: "tail",
};

function bindingOf({ name = "", ctrl, meta }: Key): Binding | undefined {
  if (meta && name === "backspace") return "word";
  if (ctrl) return Object.hasOwn(WITH_CTRL, name) ? WITH_CTRL[name] : undefined;
  return Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
}

function isTyped(char: string | undefined, { name, ctrl, meta }: Key): char is string {
  if (char === undefined || char === "" || ctrl || meta || name === "return" || name === "escape")
    return false;
  return char === "\n" || !/\p{Cc}/u.test(char);
}

function cut(text: string, from: number, to: number): EditedText {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

function before(text: string, cursor: number): number {
  let start = 0;
  for (const { index } of characters(text.slice(0, cursor))) start = index;
  return start;
}

function after(text: string, cursor: number): number {
  const [next] = characters(text.slice(cursor));
  return cursor + (next?.segment.length ?? 0);
}

function characters(text: string): Intl.Segments {
  return new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text);
}

function lineStart(text: string, cursor: number): number {
  return text.lastIndexOf("\n", cursor - 1) + 1;
}

function lineEnd(text: string, cursor: number): number {
  const end = text.indexOf("\n", cursor);
  return end < 0 ? text.length : end;
}

function wordStart(text: string, cursor: number): number {
  return cursor - (/\S*\s*$/.exec(text.slice(0, cursor))?.[0].length ?? 0);
}

/** The same column on the line above or below, or the text's end there. */
function onLine(text: string, cursor: number, by: -1 | 1): number {
  const start = lineStart(text, cursor);
  const column = cursor - start;
  if (by < 0) {
    if (start === 0) return 0;
    const above = lineStart(text, start - 1);
    return snapped(text, Math.min(above + column, start - 1));
  }
  const end = lineEnd(text, cursor);
  if (end === text.length) return text.length;
  return snapped(text, Math.min(end + 1 + column, lineEnd(text, end + 1)));
}

/** Moves an offset off the middle of a character. */
function snapped(text: string, offset: number): number {
  for (const { index, segment } of characters(text)) {
    if (index <= offset && offset < index + segment.length) return index;
  }
  return offset;
}
