/** Tokens and money for people: `950 tok`, `6.1k tok`, `1.2M tok`, `$0.21`. */

/** A count of tokens, three digits at most. */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return `${tokens} tok`;
  if (tokens < 999_950) return `${oneDecimal(tokens / 1000)}k tok`;
  return `${oneDecimal(tokens / 1_000_000)}M tok`;
}

/** US dollars; four decimals below a cent, so that small amounts do not read as nothing. */
export function formatCost(dollars: number): string {
  return `$${dollars.toFixed(dollars > 0 && dollars < 0.01 ? 4 : 2)}`;
}

/** What was spent: `$0.21`, `$0.21 + unknown` where the price of some tokens is, `cost unknown`; empty for nothing. */
export function formatSpent(cost: number, unpriced: number | undefined): string {
  if (!unpriced) return cost > 0 ? formatCost(cost) : "";
  return cost > 0 ? `${formatCost(cost)} + unknown` : "cost unknown";
}

function oneDecimal(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}
