/**
 * What an answer cost where the provider did not say: tokens by the price of the model, or unknown.
 * Owns how a model's name finds its price. A price is never guessed: a name that is not listed has none.
 */
import type { Usage } from "../../run/request.ts";
import { isObject, type JsonObject, own } from "../../util/json.ts";
import { PRICE_LIST, type Price } from "./priceList.ts";

/** The usage with what it cost; as it is when the provider said that, or the price is unknown. */
export function priced(usage: Usage, model: string, prices: JsonObject | undefined): Usage {
  if (usage.cost_usd !== undefined) return usage;
  const price = priceOf(model, prices ?? {});
  if (price === undefined) return usage;
  const { long } = price;
  const { input, output } = long && usage.input_tokens > long.above ? long : price;
  const dollars = (usage.input_tokens * input + usage.output_tokens * output) / 1_000_000;
  // A hundred-millionth of a dollar is exact enough, and reads the same everywhere.
  return { ...usage, cost_usd: Math.round(dollars * 1e8) / 1e8 };
}

/** The price of a model: the person's own for exactly this name, then the list's. */
export function priceOf(model: string, prices: JsonObject): Price | undefined {
  const set = own(prices, model);
  if (isObject(set)) {
    const { input, output } = set;
    if (typeof input === "number" && typeof output === "number") return { input, output };
  }
  const name = listName(model);
  return Object.hasOwn(PRICE_LIST, name) ? PRICE_LIST[name] : undefined;
}

/** `openai/GPT-5.4-2026-03-05` is `gpt-5-4`. */
function listName(model: string): string {
  const bare = model.split("/").at(-1) ?? model;
  return bare
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/-(20\d{2}-?\d{2}-?\d{2}|latest)$/, "");
}
