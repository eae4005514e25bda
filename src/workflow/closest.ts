/**
 * "Did you mean" for the names of a workflow file.
 * Owns what makes names alike beyond their spelling: case, dashes, a longer form of the same word.
 */
import { closest as closestSpelling } from "../expression/error.ts";

/** The known name that was probably meant, or undefined when none is close enough to be worth saying. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const known = new Map<string, string>();
  for (const candidate of candidates) {
    if (known.size === MOST) break;
    known.set(fold(candidate), candidate);
  }
  const wanted = fold(word);
  const found = closestSpelling(wanted, known.keys()) ?? longerForm(wanted, known.keys());
  return found === undefined ? undefined : known.get(found);
}

/** Among more names than these a person looks for themselves. */
const MOST = 400;

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-\s]/g, "_");
}

/** `prompt_text` for `prompt`, `max_parallelism` for `max_parallel`. */
function longerForm(wanted: string, candidates: Iterable<string>): string | undefined {
  for (const known of candidates) {
    const shorter = Math.min(known.length, wanted.length);
    if (shorter >= 4 && known.slice(0, shorter) === wanted.slice(0, shorter)) return known;
  }
  return undefined;
}
