import assert from "node:assert/strict";
import { test } from "node:test";
import { createCapture, createLineReader } from "../../src/process/capture.ts";

function capture(limit: number, ...chunks: (string | readonly number[])[]) {
  const kept = createCapture(limit);
  for (const chunk of chunks)
    kept.add(typeof chunk === "string" ? Buffer.from(chunk) : Uint8Array.from(chunk));
  return { text: kept.text(), truncated: kept.truncated() };
}

test("keeps everything up to the limit", () => {
  assert.deepEqual(capture(8, "abc", "defgh"), { text: "abcdefgh", truncated: false });
  assert.deepEqual(capture(8), { text: "", truncated: false });
});

test("keeps head and tail beyond it and counts what is missing", () => {
  const text = "abcd\n[... 3 bytes left out ...]\nhijk";
  assert.deepEqual(capture(8, "abcdefghijk"), { text, truncated: true });
  assert.deepEqual(capture(8, ..."abcdefghijk"), { text, truncated: true });
  assert.deepEqual(capture(8, "abcdefg", "hijk"), { text, truncated: true });
});

test("keeps the same whatever the chunks", () => {
  const whole = "0123456789".repeat(50);
  const expected = capture(64, whole).text;
  assert.match(
    expected,
    /^0123456789.{22}\n\[\.\.\. 436 bytes left out \.\.\.\]\n.{22}0123456789$/s,
  );
  for (let size = 1; size < 70; size++) {
    const chunks = whole.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
    assert.equal(capture(64, ...chunks).text, expected, `chunks of ${size}`);
  }
});

test("joins a character that two chunks share", () => {
  assert.equal(capture(64, [0xe2, 0x82], [0xac]).text, "€");
});

test("cuts no character in two at the seams", () => {
  assert.equal(capture(8, "ab€€€€€z").text, "ab\n[... 12 bytes left out ...]\n€z");
  assert.equal(capture(8, "abc€defghi").text, "abc\n[... 5 bytes left out ...]\nfghi");
  assert.equal(capture(16, "😀".repeat(10)).text, "😀😀\n[... 24 bytes left out ...]\n😀😀");
});

test("shows bytes that are no UTF-8 as what they are: unreadable", () => {
  assert.equal(capture(64, [0x61, 0xff, 0xfe, 0x62]).text, "a��b");
  assert.equal(capture(4, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).text.includes("�"), true);
});

test("reads lines whatever the chunks", () => {
  const lines: string[] = [];
  const reader = createLineReader((line) => lines.push(line), 4);
  for (const byte of Buffer.from("a€\r\n\nlonger than four\nlast")) reader.add(Uint8Array.of(byte));
  reader.end();
  reader.end();
  assert.deepEqual(lines, ["a€", "", "long", "er t", "han ", "four", "last"]);
});
