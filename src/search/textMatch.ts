/**
 * How much of a question a single text answers: for small collections that fit in memory. A port file. Pure.
 */
import { probeFor } from "./candidates.ts";
import { queryTerms, stem, words } from "./terms.ts";

/** From 0 to 1: the share of the question's words that the text says, or half-says by a word that answers them. */
export function matchShare(question: string, text: string): number {
  const probe = probeFor(queryTerms(question));
  if (probe === undefined) return 0;
  const said = new Set<number>();
  const answered = new Set<number>();
  for (const word of new Set(words(text))) {
    const cut = stem(word);
    for (const index of probe.direct.get(cut) ?? []) said.add(index);
    for (const index of probe.related.get(cut) ?? []) answered.add(index);
  }
  const halves = [...answered].filter((index) => !said.has(index)).length;
  return Math.round(((said.size + halves * 0.5) / probe.terms.length) * 1000) / 1000;
}
