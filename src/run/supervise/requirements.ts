/** What a task asks for, one thing each, and which of it an answer meets. Pure text. */
import { shareIn, specificTerms } from "../../util/words.ts";

export interface Requirement {
  readonly text: string;
  /** Stems that show it. */
  readonly terms: readonly string[];
  /** Files that it names; each must be there. */
  readonly files: readonly string[];
}

/** A file as a text names it: one of the endings that people write. */
export const FILE =
  /(?<![\w/.-])(?:[\w.-]+\/)*[\w-]+(?:\.[\w-]+)*\.(?:py|ipynb|[cm]?[jt]sx?|vue|svelte|go|rs|java|kts?|swift|c|h|cpp|hpp|cs|rb|php|lua|sh|bash|ps1|sql|md|rst|txt|csv|tsv|json|jsonl|ya?ml|toml|ini|cfg|conf|xml|html?|s?css|svg|lock)(?![\w/-])/g;

/**
 * The requirements in the instructions, and those that were said beside them. Empty for a task so vague that nothing
 * in it could be checked.
 */
export function requirementsOf(
  instructions: string,
  said: readonly string[] = [],
): readonly Requirement[] {
  const lines = instructions.split("\n").map((line) => line.trim());
  const items = lines.filter((line) => ITEM.test(line)).map((line) => line.replace(ITEM, ""));
  const prose = lines.filter((line) => line !== "" && !ITEM.test(line) && !line.startsWith("#"));
  const sentences = prose.flatMap((line) => line.split(/(?<=[.!?;])\s+/));
  const all = [...said, ...items, ...sentences].map(requirementOf);
  const seen = new Set<string>();
  return all.filter(({ terms, files }) => {
    const key = [...terms, ...files].join(" ");
    return key !== "" && !seen.has(key) && seen.add(key);
  });
}

/** How far a requirement is met by a text and by the files that are there, from 0 to 1. */
export function metBy(
  { terms, files }: Requirement,
  text: string,
  present: readonly string[],
): number {
  const there = files.filter((file) =>
    present.some((path) => path === file || path.endsWith(`/${file}`)),
  );
  const words = terms.length === 0 ? undefined : Math.min(1, shareIn(terms, text) / ENOUGH);
  const named = files.length === 0 ? undefined : there.length / files.length;
  if (named === undefined) return words ?? 1;
  return words === undefined ? named : 0.6 * named + 0.4 * words;
}

/** Whoever meets a requirement rarely repeats every word of it. */
const ENOUGH = 0.6;

const ITEM = /^(?:[-*+•]|\d+[.)]|\[[ xX]?\])\s+/;

/** The files that a text names. */
export function filesIn(text: string): readonly string[] {
  return [...new Set(text.match(FILE) ?? [])];
}

function requirementOf(text: string): Requirement {
  const files = filesIn(text);
  const rest = text.replace(FILE, " ");
  return { text: text.trim(), terms: specificTerms(rest), files };
}
