/** What an answer costs: the person's prices, the list's, or nobody's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PRICE_LIST, PRICES_READ } from "../../../src/agents/prices/priceList.ts";
import { priced, priceOf } from "../../../src/agents/prices/prices.ts";
import { formatSpent } from "../../../src/views/usage.ts";

const MILLION = { input_tokens: 1_000_000, output_tokens: 1_000_000 };

test("a model's name finds its price whatever its writing, and only its own", () => {
  for (const name of [
    "gpt-5.4",
    "openai/GPT-5.4",
    "gpt-5.4-2026-03-05",
    "GPT 5.4",
    "gpt-5-4-latest",
  ])
    assert.deepEqual(priceOf(name, {}), PRICE_LIST["gpt-5-4"], name);
  for (const name of ["gpt-5.4-pro", "gpt-5", "my-gpt-5.4", "constructor", ""])
    assert.equal(priceOf(name, {}), undefined, name);
});

test("the person's own price goes first, and a broken one does not count", () => {
  assert.deepEqual(priceOf("gpt-5.4", { "gpt-5.4": { input: 1, output: 2 } }), {
    input: 1,
    output: 2,
  });
  assert.deepEqual(priceOf("gpt-5.4", { "gpt-5.4": { input: "1" } }), PRICE_LIST["gpt-5-4"]);
});

test("tokens are priced by the million, long requests by their own price, estimates stay marked", () => {
  assert.equal(priced({ input_tokens: 1000, output_tokens: 100 }, "gpt-5.4", {}).cost_usd, 0.004);
  assert.equal(priced(MILLION, "gpt-5.4", {}).cost_usd, 27.5);
  const estimated = { input_tokens: 10, output_tokens: 0, estimated: true };
  assert.deepEqual(priced(estimated, "m", { m: { input: 1, output: 1 } }), {
    ...estimated,
    cost_usd: 0.00001,
  });
});

test("what the provider says stands, and an unknown price stays unknown", () => {
  assert.equal(priced({ ...MILLION, cost_usd: 1 }, "gpt-5.4", {}).cost_usd, 1);
  assert.equal("cost_usd" in priced(MILLION, "nobody-knows", undefined), false);
});

test("the list is whole, and says when it was read", () => {
  assert.match(PRICES_READ, /^20\d\d-\d\d-\d\d$/);
  for (const [name, { input, output, long }] of Object.entries(PRICE_LIST)) {
    assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(input > 0 && output > input, name);
    if (long) assert.ok(long.input >= input && long.output >= output, name);
  }
});

test("people read that a cost is unknown", () => {
  assert.deepEqual(
    [
      formatSpent(0, undefined),
      formatSpent(0.21, undefined),
      formatSpent(0, 9),
      formatSpent(0.21, 9),
    ],
    ["", "$0.21", "cost unknown", "$0.21 + unknown"],
  );
});
