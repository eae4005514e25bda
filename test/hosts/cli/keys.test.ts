/** What a terminal sends, as prompts want it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyReader } from "../../../src/hosts/cli/prompts/typing/keys.ts";

const BEGIN = "\u001b[200~";
const END = "\u001b[201~";

function read(reads: "text" | "keys", ...chunks: readonly string[]): string {
  const reader = createKeyReader(reads);
  return chunks.map(reader).join("");
}

test("every kind of Enter is a carriage return", () => {
  assert.equal(read("keys", "y\r", "n\n", "a\r\n"), "y\rn\ra\r");
});

test("a pasted text cannot send itself", () => {
  assert.equal(read("text", `${BEGIN}one\r\ntwo\n\nthree\r${END}\r`), "one\ntwo\n\nthree\n\r");
});

test("a paste never presses a key of a choice", () => {
  assert.equal(read("keys", `${BEGIN}yes\r${END}n`), "n");
});

test("a paste may come in pieces, its marks too", () => {
  assert.equal(read("text", "a\u001b[20", "0~b\rc\u001b[2", "01~d\r"), "ab\ncd\r");
});

test("control characters of a paste stay out", () => {
  assert.equal(read("text", `${BEGIN}a\u001b[31mb\tc${END}`), "a[31mb  c");
});

test("Escape alone is passed on at once", () => {
  assert.equal(read("text", "\u001b"), "\u001b");
});

test("Alt+Enter begins a new line of a text", () => {
  assert.equal(read("text", "one\u001b\rtwo\r"), "one\ntwo\r");
});
