/**
 * Answers a research question with lines of the workspace, quoted and cited, or says that nothing answers it.
 * Owns the wording of findings. Interprets nothing: a search is not an opinion.
 */
import type { JsonObject } from "../../util/json.ts";
import { type Citation, cite, clip, place } from "./citations.ts";
import { type Found, look, type Workspace } from "./workspace.ts";

/** What every kind of work answers: words for people, and the same as JSON for an output schema to pick from. */
export interface OfflineAnswer {
  readonly response: string;
  readonly facts: JsonObject;
}

/** Every answer of this agent begins so: nobody shall take it for a model's. */
export const SIGNATURE = "Offline agent (no model): ";

const MAX_FINDINGS = 8;
const SUBJECT_OF_AN_ORDER = 0.3;

/** Searches the workspace for one question. */
export async function research(workspace: Workspace, question: string): Promise<OfflineAnswer> {
  const found = await look(workspace, question, MAX_FINDINGS);
  return { response: wording(question, found), facts: researchFacts(question, found) };
}

/** For a request that only a model could carry out in full: what a search can contribute, and what it cannot. */
export async function contribute(workspace: Workspace, request: string): Promise<OfflineAnswer> {
  const found = await look(workspace, request, MAX_FINDINGS, SUBJECT_OF_AN_ORDER);
  const opening = `${SIGNATURE}it answers research, planning and review requests by searching the workspace, and this is none of them. Here is what a search of ${files(found)} gives for the request's words; connect a model agent for more.`;
  const facts = researchFacts(request, found);
  return { response: [opening, "", ...findings(found)].join("\n"), facts };
}

function wording(question: string, found: Found): string {
  const asked = question.trim();
  if (found.citations.length === 0) {
    return [
      `${SIGNATURE}searched ${files(found)}.`,
      "",
      `Nothing in this repository says anything about: ${asked}`,
      ...(found.silentOn.length === 0
        ? []
        : ["", `Words looked for: ${found.silentOn.join(", ")}.`]),
    ].join("\n");
  }
  const silent =
    found.silentOn.length === 0
      ? []
      : ["", `None of these lines speaks of: ${found.silentOn.join(", ")}.`];
  return [
    `${SIGNATURE}searched ${files(found)}. The lines are quoted as they stand, not interpreted.`,
    "",
    `Findings for: ${asked}`,
    "",
    ...findings(found),
    ...silent,
  ].join("\n");
}

function findings(found: Found): string[] {
  if (found.citations.length === 0) return ["Nothing in this repository speaks of it."];
  return found.citations.map((citation) => `- ${cite(citation)}`);
}

function files(found: Found): string {
  const count = found.filesSearched;
  const of = count === 1 ? "the one text file" : `${count} text files`;
  return found.truncated
    ? `the first ${of} of this workspace (it has more)`
    : `${of} of this workspace`;
}

function researchFacts(question: string, found: Found): JsonObject {
  const places = found.citations.map(place);
  return {
    kind: "research",
    query: question,
    question,
    found: found.citations.length > 0,
    findings: found.citations.map(findingFacts),
    sources: [...new Set(places)],
    missing: [...found.silentOn],
    summary:
      found.citations.length === 0
        ? `Nothing in this repository says anything about: ${question}`
        : found.citations
            .slice(0, 3)
            .map((citation) => `${place(citation)}: ${clip(citation.text)}`)
            .join("\n"),
  };
}

/** One citation under every name that a schema is likely to use for its parts. */
export function findingFacts(citation: Citation): JsonObject {
  return {
    text: `${place(citation)}: ${clip(citation.text)}`,
    path: citation.path,
    line: citation.line,
    quote: citation.text,
    source: place(citation),
  };
}
