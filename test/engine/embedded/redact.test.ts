/** Values of secrets never get through: whole, coded, in pieces, cut, in names of fields, after they were changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRedactor } from "../../../src/engine/embedded/redact.ts";
import { createVault } from "../../../src/engine/embedded/vault.ts";
import { drawing } from "../../run/drawing.ts";

const VALUE = 'pa$s "wörd"/+&\\7';
const redact = createRedactor(new Map([[VALUE, "KEY"]]));
const MARK = "[secret KEY]";

/** Every way in which programs print a value that we promise to know. */
const CODED: Readonly<Record<string, (value: string) => string>> = {
  plain: (value) => value,
  json: (value) => JSON.stringify({ a: value }),
  "json in json": (value) => JSON.stringify(JSON.stringify(value)),
  url: (value) => `https://x.y/?q=${encodeURIComponent(value)}`,
  form: (value) => new URLSearchParams({ q: value }).toString(),
  "url in lower case": (value) => encodeURIComponent(value).replace(/%../g, (c) => c.toLowerCase()),
  base64: (value) => Buffer.from(value).toString("base64"),
  base64url: (value) => Buffer.from(value).toString("base64url"),
  "base64, one before": (value) => Buffer.from(`u:${value}`).toString("base64"),
  "base64, two before": (value) => Buffer.from(`u${value}x`).toString("base64"),
  "base64, three before": (value) => Buffer.from(`usr${value}xy`).toString("base64"),
};

for (const [name, code] of Object.entries(CODED)) {
  test(`as ${name}`, () => {
    const text = redact.text(`before ${code(VALUE)} after`);
    assert.match(text, /^before .*after$/);
    assert.ok(text.includes(MARK), text);
    for (const decoded of [text, decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, "%25"))])
      assert.ok(!decoded.includes(VALUE));
  });
}

test("in every text of a value, and in the names of its fields", () => {
  const found = redact.json({ [VALUE]: [1, VALUE, { deep: `x${VALUE}` }], n: null, b: true });
  assert.deepEqual(found, { [MARK]: [1, MARK, { deep: `x${MARK}` }], n: null, b: true });
});

test("cut at the ends of a text", () => {
  assert.equal(redact.text(`it said ${VALUE.slice(0, 8)}`), `it said ${MARK}`);
  assert.equal(redact.text(`${VALUE.slice(4)} it said`), `${MARK} it said`);
  assert.equal(redact.text("pa"), "pa", "too little to be a part of it");
});

test("in pieces of a stream, wherever it is cut", () => {
  const coded = [VALUE, JSON.stringify(VALUE).slice(1, -1), encodeURIComponent(VALUE)];
  for (const value of [...coded, Buffer.from(VALUE).toString("base64")]) {
    for (const lines of [false, true]) {
      const text = `<<${value}>>${value}`;
      for (let cut = 1; cut < text.length; cut++) {
        const pieces: string[] = [];
        const stream = redact.stream((piece) => pieces.push(piece), lines);
        stream.write(text.slice(0, cut));
        stream.write(text.slice(cut));
        stream.end();
        assertNoPart(pieces.join(""), value);
        if (!lines) assert.equal(pieces.join(""), `<<${MARK}>>${MARK}`);
      }
    }
  }
});

test("letter by letter, and at random", () => {
  const draw = drawing(5);
  for (let round = 0; round < 200; round++) {
    const text = `${VALUE}x${VALUE}${VALUE} and some more text`;
    const pieces: string[] = [];
    const stream = redact.stream((piece) => pieces.push(piece));
    for (let at = 0; at < text.length; ) {
      const next = at + 1 + (round === 0 ? 0 : draw(9));
      stream.write(text.slice(at, next));
      at = next;
    }
    stream.end();
    assertNoPart(pieces.join(""), VALUE);
    assert.ok(pieces.join("").endsWith("and some more text"));
  }
});

test("a text that only begins like a value comes out whole, line by line", () => {
  const lines = ["pa$s", 'pa$s "w', "", "more"];
  const pieces: string[] = [];
  const stream = redact.stream((piece) => pieces.push(piece), true);
  for (const line of lines) stream.write(line);
  stream.end();
  assert.equal(pieces[0], "pa$s");
  assert.equal(pieces.at(-1), "more");
});

test("every line of a value of many lines", () => {
  const key = "-----BEGIN KEY-----\nMIIabcdefgh123\nxyz9876543210\n-----END KEY-----";
  const many = createRedactor(new Map([[key, "PEM"]]));
  assert.equal(many.text(key), "[secret PEM]");
  assert.equal(many.text("line MIIabcdefgh123 here"), "line [secret PEM] here");
});

test("other programs' JSON and addresses: slashes escaped or kept, HTML's signs, all but ASCII", () => {
  const odd = 'p@ss"w0rd/äé+<long>&value';
  const many = createRedactor(new Map([[odd, "ODD"]]));
  const ascii = 'p@ss\\"w0rd/\\u00e4\\u00e9+<long>&value';
  for (const form of [
    ascii,
    ascii.replace("/", "\\/"),
    ascii.replaceAll("00e", "00E"),
    'p@ss\\"w0rd/äé+\\u003clong\\u003e\\u0026value',
    "p%40ss%22w0rd/%C3%A4%C3%A9%2B%3Clong%3E%26value",
    "p%40ss%22w0rd/%c3%a4%c3%a9%2b%3clong%3e%26value",
  ]) {
    assert.equal(many.text(`at ${form}.`), "at [secret ODD].");
  }
});

test("signs that mean something to a pattern are only signs", () => {
  const odd = createRedactor(new Map([["(a+)+$[^x]{2}|.*", "ODD"]]));
  assert.equal(odd.text("see (a+)+$[^x]{2}|.*!"), "see [secret ODD]!");
});

test("a vault redacts what it was asked for, before and after it was changed", async () => {
  let value: string | undefined = "first-value-1";
  const vault = createVault({ get: async () => value });
  assert.equal(vault.redact.text("first-value-1"), "first-value-1", "nobody has asked yet");
  assert.equal(await vault.resolve("A"), "first-value-1");
  value = "second-value-2";
  assert.equal(await vault.resolve("A"), "second-value-2");
  assert.equal(vault.redact.text("first-value-1 second-value-2"), "[secret A] [secret A]");
  value = "";
  assert.equal(await vault.resolve("A"), undefined, "an empty value is none");
});

/** No six letters of a value that stand together in it. */
function assertNoPart(text: string, value: string): void {
  for (let at = 0; at + 6 <= value.length; at++) {
    const part = value.slice(at, at + 6);
    assert.ok(!text.includes(part), `${JSON.stringify(part)} in ${JSON.stringify(text)}`);
  }
}
