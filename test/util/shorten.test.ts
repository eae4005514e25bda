import assert from "node:assert/strict";
import { test } from "node:test";
import { extract } from "../../src/util/extract.ts";
import { estimateTokens, withinTokens } from "../../src/util/shorten.ts";

test("tokens are estimated by what a character says: Latin, other alphabets, syllables and words", () => {
  assert.equal(estimateTokens(""), 0);
  assert.equal(estimateTokens("four", "char", "s"), 3);
  assert.equal(estimateTokens("größer, naïve"), 4);
  assert.equal(estimateTokens("Привет, мир"), 5);
  assert.equal(estimateTokens("每分钟一百次"), 6);
  assert.equal(estimateTokens("一分間に100回"), 6);
});

test("a beginning, and an extract, keep to their room in every script", () => {
  assert.equal(withinTokens("abcdefgh", 1), "abcd");
  assert.equal(withinTokens("每分钟一百次", 2.5), "每分");
  assert.equal(withinTokens("abc", 9), "abc");
  const log = Array.from({ length: 300 }, (_, n) => `第${n}次请求被拒绝：数据库连接超时。`).join(
    "\n",
  );
  const { text, tokens, whole } = extract(log, 200);
  assert.ok(whole > 4000 && tokens <= 200 && estimateTokens(text) <= 200, `${whole} ${tokens}`);
});
