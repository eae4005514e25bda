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

function oneDecimal(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}
