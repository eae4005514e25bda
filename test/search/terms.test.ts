import assert from "node:assert/strict";
import { test } from "node:test";
import { queryTerms, stem, words } from "../../src/search/terms.ts";

test("identifiers are split at humps, underscores and digits", () => {
  assert.deepEqual(words("maxRetries_perKey2 XMLHttpRequest RATE_LIMIT"), [
    "max",
    "retries",
    "per",
    "key",
    "2",
    "xml",
    "http",
    "request",
    "rate",
    "limit",
  ]);
});

test("words of other scripts are kept, unspaced ones as pairs", () => {
  assert.deepEqual(words("Größe"), ["größe"]);
  assert.deepEqual(words("日本語"), ["日本", "本語"]);
});

test("inflections of a word meet in one stem", () => {
  const families = [
    "limit limits limiting limited limiter",
    "cache caches caching cached",
    "policy policies",
    "validate validates validation validated",
    "authenticate authentication",
    "deploy deploys deployment deployments deployed",
    "require requires requirement requirements",
    "process processes processing",
  ];
  for (const family of families) {
    assert.equal(new Set(family.split(" ").map(stem)).size, 1, family);
  }
});

test("different words stay apart", () => {
  for (const [one, other] of [
    ["string", "str"],
    ["status", "statue"],
    ["exceed", "except"],
    ["class", "clause"],
  ] as const) {
    assert.notEqual(stem(one), stem(other));
  }
});

test("a question is searched by what it asks about", () => {
  const asked = (question: string) => queryTerms(question).map((term) => term.word);
  assert.deepEqual(asked("What rate limits exist today?"), ["rate", "limits"]);
  assert.deepEqual(asked("Which store keeps the counters?"), ["store", "counters"]);
  assert.deepEqual(asked("Limits, limiting and the limiter"), ["limits"]);
  assert.deepEqual(
    asked("what is there to do"),
    ["what", "there"],
    "only filler: better than nothing",
  );
  assert.deepEqual(asked("?!"), []);
});
