/**
 * How many tokens a text has when nobody counted them. Owns the estimate; a tokenizer of one vendor would be as wrong
 * for the others.
 */
import type { Usage } from "../../run/request.ts";

/** Characters of one token: English prose has four to five, code about three. */
const CHARACTERS_PER_TOKEN = 4;

/** More characters than this per token do not occur in a text as a whole; whoever reports fewer tokens left some out. */
const MOST_CHARACTERS_PER_TOKEN = 10;

/** About how many tokens these texts have. */
export function estimateTokens(...texts: readonly string[]): number {
  return Math.ceil(charactersOf(texts) / CHARACTERS_PER_TOKEN);
}

/** How many tokens these texts have at the very least. */
export function fewestTokens(...texts: readonly string[]): number {
  return Math.floor(charactersOf(texts) / MOST_CHARACTERS_PER_TOKEN);
}

/** What the provider counted, filled up with our estimate where it did not say, and marked so. */
export function usageOf(
  counted: { readonly input?: number | undefined; readonly output?: number | undefined },
  asked: readonly string[],
  answer: string,
): Usage {
  const { input, output } = counted;
  return {
    input_tokens: input ?? estimateTokens(...asked),
    output_tokens: output ?? estimateTokens(answer),
    ...(input === undefined || output === undefined ? { estimated: true } : {}),
  };
}

function charactersOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
