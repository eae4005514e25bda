import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { describeCommand, quoteForCmd, quoteForShell } from "../../src/util/shellQuote.ts";

const HOSTILE = [
  "",
  "plain",
  "it's",
  "''",
  "'; echo injected; '",
  "$(echo injected) `echo injected` $HOME \\",
  'double " quote',
  "two\nlines\ttab",
  "-n",
  "~ * ? [a] {a,b} ! # & | ; < > ( )",
  "€ 😀",
];

test("a quoted text is one word that means the text, in a real shell", () => {
  const words = HOSTILE.map((text) => quoteForShell(text)).join(" ");
  const { stdout } = spawnSync("/bin/sh", ["-c", `printf '%s\\0' ${words}`], { encoding: "utf8" });
  assert.deepEqual(stdout.split("\0").slice(0, -1), HOSTILE);
});

test("an argument for cmd.exe escapes what cmd reads and what the program's parser reads", () => {
  assert.equal(quoteForCmd("plain"), '^"plain^"');
  assert.equal(quoteForCmd("a b"), '^"a^ b^"');
  assert.equal(quoteForCmd('say "hi"'), '^"say^ \\^"hi\\^"^"');
  assert.equal(quoteForCmd("C:\\dir\\"), '^"C:\\dir\\\\^"');
  assert.equal(quoteForCmd('\\"'), '^"\\\\\\^"^"');
  assert.equal(quoteForCmd("%PATH% & del"), '^"^%PATH^%^ ^&^ del^"');
  assert.equal(quoteForCmd("a\r\nb"), '^"a^ b^"');
});

test("a command line for people leaves plain words alone", () => {
  assert.equal(
    describeCommand(["npm", "run", "test:unit", "a b", ""]),
    "npm run test:unit 'a b' ''",
  );
  assert.equal(describeCommand("a | b"), "a | b");
});
