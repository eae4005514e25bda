/**
 * What models cost: US dollars for a million tokens. Data only; a person's own `prices` come before it.
 * Source: https://docs.github.com/en/copilot/reference/copilot-billing/models-and-pricing (github/docs,
 * data/tables/copilot/models-and-pricing.yml at 024f6b0f8c26), read on 2026-11-27. It lists the vendors' own prices.
 */

export interface Price {
  readonly input: number;
  readonly output: number;
  /** From so many input tokens on, other prices hold for the whole request. */
  readonly long?: { readonly above: number; readonly input: number; readonly output: number };
}

export const PRICES_READ = "2026-11-27";

const long = (above: number, input: number, output: number) => ({ long: { above, input, output } });

/** By the model's name in lower case, with `-` between its parts, without a date behind it. */
export const PRICE_LIST: Readonly<Record<string, Price>> = {
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-3-codex": { input: 1.75, output: 14 },
  "gpt-5-4": { input: 2.5, output: 15, ...long(272_000, 5, 22.5) },
  "gpt-5-4-mini": { input: 0.75, output: 4.5 },
  "gpt-5-4-nano": { input: 0.2, output: 1.25 },
  "gpt-5-5": { input: 5, output: 30, ...long(272_000, 10, 45) },
  "gpt-5-6-luna": { input: 0.2, output: 1.2, ...long(200_000, 0.4, 1.8) },
  "gpt-5-6-sol": { input: 5, output: 30, ...long(272_000, 10, 45) },
  "gpt-5-6-terra": { input: 2, output: 12, ...long(272_000, 4, 18) },
  "claude-haiku-4-5": { input: 1, output: 5 },
  "claude-sonnet-4": { input: 3, output: 15 },
  "claude-sonnet-4-5": { input: 3, output: 15 },
  "claude-sonnet-4-6": { input: 3, output: 15 },
  "claude-sonnet-5": { input: 2, output: 10 },
  "claude-opus-4-5": { input: 5, output: 25 },
  "claude-opus-4-6": { input: 5, output: 25 },
  "claude-opus-4-7": { input: 5, output: 25 },
  "claude-opus-4-8": { input: 5, output: 25 },
  "claude-opus-5": { input: 5, output: 25 },
  "claude-fable-5": { input: 10, output: 50 },
  "gemini-3-1-pro": { input: 2, output: 12, ...long(200_000, 4, 18) },
  "gemini-3-5-flash": { input: 1.5, output: 9 },
  "grok-4-5": { input: 2, output: 6, ...long(200_000, 4, 12) },
  "grok-4-6": { input: 2, output: 6, ...long(200_000, 4, 12) },
  "kimi-k3": { input: 3, output: 15 },
};
