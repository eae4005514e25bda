/**
 * What the offline agent may ask of the workspace: search it, check a citation, know its files.
 * Owns the thresholds that make a hit evidence. Changes nothing.
 */
import {
  type SearchHit,
  type SearchResult,
  searchWorkspace,
} from "../../search/workspaceSearch.ts";
import type { Citation } from "./citations.ts";
import type { Survey } from "./survey/survey.ts";

export interface Workspace {
  /** Absolute path. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Tells the person what happens now. */
  readonly progress: (text: string) => void;
  /** What its files do, told from their code. */
  readonly survey: () => Promise<Survey>;
}

export interface Found {
  /** The lines that answer, best first. */
  readonly citations: readonly Citation[];
  /** The telling words of the question that no citation says. */
  readonly silentOn: readonly string[];
  readonly filesSearched: number;
  readonly truncated: boolean;
}

/** A line that carries less of the question's weight than this is no evidence. */
const EVIDENCE = 0.45;
/** Nor is one that is much weaker than the best. */
const SHARE_OF_BEST = 0.6;
const SEARCHED = 24;
/** Three digits or more, not a round hundred. */
export const TELLING_NUMBER = /\b\d+(?!00\b)\d\d\b/;

/**
 * Searches for a question and keeps what is evidence, at most `limit` lines. `least` is the smallest score: an order
 * has more words beside its subject than a question. Throws the signal's reason when aborted.
 */
export async function look(
  workspace: Workspace,
  question: string,
  limit: number,
  least = EVIDENCE,
): Promise<Found> {
  const { root, signal, progress } = workspace;
  signal.throwIfAborted();
  progress(`searching for ${short(question)}`);
  const result = await searchWorkspace({ root, query: question, maxResults: SEARCHED, signal });
  const hits = evidence(result, least).slice(0, limit);
  const said = new Set(hits.flatMap((hit) => hit.matched));
  return {
    citations: hits.map((hit) => ({
      path: hit.path,
      line: hit.line,
      text: hit.text,
      query: question,
    })),
    silentOn: result.words.filter((word) => !said.has(word)),
    filesSearched: result.filesSearched,
    truncated: result.truncated,
  };
}

function evidence(result: SearchResult, least: number): SearchHit[] {
  const best = result.hits[0]?.score ?? 0;
  const enough = Math.max(least, best * SHARE_OF_BEST);
  // One shared word of a longer question is chance: "limit" alone says nothing about rate limits.
  const needed = Math.min(2, result.words.length);
  const seen = new Set<string>();
  return result.hits.filter((hit) => {
    const speaks = (hit.score >= enough && hit.matched.length >= needed) || saysNumber(hit);
    if (!speaks || seen.has(hit.text)) return false;
    seen.add(hit.text);
    return true;
  });
}

/** An odd number such as a status code is asked for by itself; a round one stands anywhere. */
function saysNumber(hit: SearchHit): boolean {
  return hit.matched.some((word) => TELLING_NUMBER.test(word) && hit.text.includes(word));
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}\u2026`;
}
