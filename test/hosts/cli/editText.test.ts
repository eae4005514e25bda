/** Editing text with keys: `|` is the cursor. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { editText, type Key } from "../../../src/hosts/cli/prompts/typing/editText.ts";

const NAMED = ["left", "right", "up", "down", "home", "end", "backspace", "delete", "escape"];

const KEYS: Readonly<Record<string, Key>> = {
  ...Object.fromEntries(NAMED.map((name) => [name, { name }])),
  ...Object.fromEntries(
    ["a", "e", "w", "u", "k", "x"].map((name) => [`^${name}`, { name, ctrl: true }]),
  ),
  "~backspace": { name: "backspace", meta: true },
};

/** The text after keys: names of `KEYS`, or what is typed. */
function edit(before: string, ...keys: readonly string[]): string {
  let edited = { text: before.replace("|", ""), cursor: before.indexOf("|") };
  for (const key of keys)
    edited = { ...editText(edited, KEYS[key] ? undefined : key, KEYS[key] ?? {}) };
  return `${edited.text.slice(0, edited.cursor)}|${edited.text.slice(edited.cursor)}`;
}

test("typing goes in at the cursor", () => {
  assert.equal(edit("a|c", "b"), "ab|c");
  assert.equal(edit("|", "ü", "🙂", "\n", "x"), "ü🙂\nx|");
});

test("characters are moved over and deleted whole", () => {
  assert.equal(edit("a👩‍👩‍👧|b", "left"), "a|👩‍👩‍👧b");
  assert.equal(edit("a👩‍👩‍👧|b", "backspace"), "a|b");
  assert.equal(edit("a|👩‍👩‍👧b", "right"), "a👩‍👩‍👧|b");
  assert.equal(edit("a|👩‍👩‍👧b", "delete"), "a|b");
});

test("at the ends nothing happens", () => {
  assert.equal(edit("|a", "left", "backspace"), "|a");
  assert.equal(edit("a|", "right", "delete"), "a|");
});

test("lines: up, down, home and end", () => {
  assert.equal(edit("one\ntw|o\nthree", "up"), "on|e\ntwo\nthree");
  assert.equal(edit("one\ntw|o\nthree", "down"), "one\ntwo\nth|ree");
  assert.equal(edit("o\nthre|e", "up"), "o|\nthree");
  assert.equal(edit("on|e", "up"), "|one");
  assert.equal(edit("on|e", "down"), "one|");
  assert.equal(edit("a\nb|c\nd", "home"), "a\n|bc\nd");
  assert.equal(edit("a\n|bc\nd", "^e"), "a\nbc|\nd");
});

test("words and lines are cut", () => {
  assert.equal(edit("one two |", "^w"), "one |");
  assert.equal(edit("one two|", "~backspace"), "one |");
  assert.equal(edit("a\nbc|d", "^u"), "a\n|d");
  assert.equal(edit("a|bc\nd", "^k"), "a|\nd");
});

test("other keys with Ctrl, and control characters, type nothing", () => {
  assert.equal(edit("a|", "^x", "\u0001", "escape"), "a|");
});
