/**
 * How many tokens an answer took when its provider did not count them all. Owns the mark of what is estimated; a tokenizer
 * of one vendor would be as wrong for the others.
 */
import type { Usage } from "../../run/request.ts";
import { estimateTokens } from "../../util/shorten.ts";

/** More characters than this per token do not occur in a text as a whole; whoever reports fewer tokens left some out. */
const MOST_CHARACTERS_PER_TOKEN = 10;

/** How many tokens these texts have at the very least. */
export function fewestTokens(...texts: readonly string[]): number {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return Math.floor(characters / MOST_CHARACTERS_PER_TOKEN);
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
