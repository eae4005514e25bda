/**
 * Answers a research question with lines of the workspace, quoted and cited, or says that nothing answers it.
 * Owns the wording of findings. Interprets nothing: a search is not an opinion.
 */
import { words } from "../../search/terms.ts";
import type { JsonObject } from "../../util/json.ts";
import { type Citation, checkCitations, cite, clip, distinct, place } from "./citations.ts";
import { roleOf } from "./fileRole.ts";
import {
  answerByStructure,
  type StructuralAnswer,
  type StructuralCertainty,
} from "./survey/answer.ts";
import { type Found, look, type Workspace } from "./workspace.ts";

/** What every kind of work answers: words for people, and the same as JSON for an output schema to pick from. */
export interface OfflineAnswer {
  readonly response: string;
  readonly facts: JsonObject;
}

/** Every answer of this agent begins so: nobody shall take it for a model's. */
export const SIGNATURE = "Offline agent (no model): ";

const MAX_FINDINGS = 8;
/** When the code shows it too, the words get this much of the room. */
const MAX_WORDED = 4;
const SUBJECT_OF_AN_ORDER = 0.3;

/** A place and how sure it is that it answers. */
export interface Finding extends Citation {
  readonly certainty: "says so" | StructuralCertainty;
}

interface Answer {
  readonly found: Found;
  readonly findings: readonly Finding[];
  /** What the places show that no words say. */
  readonly shows: string;
}

/** Searches the workspace for one question: lines that say it, then code that does it, then what is nearest. */
export async function research(workspace: Workspace, question: string): Promise<OfflineAnswer> {
  const answer = await answerOf(workspace, question);
  return { response: wording(question, answer), facts: researchFacts(question, answer) };
}

/** The findings alone. */
export async function findingsFor(
  workspace: Workspace,
  question: string,
): Promise<readonly Finding[]> {
  return (await answerOf(workspace, question)).findings;
}

async function answerOf(workspace: Workspace, question: string): Promise<Answer> {
  const found = await look(workspace, question, MAX_FINDINGS);
  const survey = await workspace.survey();
  const spoken = found.citations.map(({ path }) => path);
  const shown = answerByStructure(survey, question, spoken);
  const worded = found.citations.filter((one) => speaksFor(one, shown) && !asks(one, question));
  const checked = await checkCitations(workspace.root, shown.found);
  const structural = checked.flatMap(({ state, citation }) =>
    state === "true" && citation.text !== "" && !asks(citation, question)
      ? [{ ...citation, query: question }]
      : [],
  );
  const most = structural.length > 0 ? MAX_WORDED : MAX_FINDINGS;
  const said = distinct(worded.slice(0, most));
  const known = new Set(said.map(place));
  const findings: Finding[] = [
    ...said.map((citation) => ({ ...citation, certainty: "says so" as const })),
    ...structural
      .filter((citation) => !known.has(place(citation)))
      .map((citation) => ({ ...citation, certainty: shown.certainty })),
  ];
  return { found, findings: findings.slice(0, MAX_FINDINGS), shows: shown.shows };
}

/** Asked for its tests or settings, a thing is spoken for by prose and by its own files; other code only shares words. */
function speaksFor({ path }: Citation, { kind, subject, found }: StructuralAnswer): boolean {
  if (kind === "place" || found.length === 0) return true;
  const role = roleOf(path);
  if (role === "documentation" || subject.includes(path)) return true;
  return kind === "tests" ? role === "test" : role === "settings";
}

/** A line that holds the whole question asks it, a workflow's or a to-do's: it answers nothing. */
function asks({ text }: Citation, question: string): boolean {
  const asked = words(question);
  return asked.length > 2 && words(text).join(" ").includes(asked.join(" "));
}

/** For a request that only a model could carry out in full: what a search can contribute, and what it cannot. */
export async function contribute(workspace: Workspace, request: string): Promise<OfflineAnswer> {
  const found = await look(workspace, request, MAX_FINDINGS, SUBJECT_OF_AN_ORDER);
  const opening = `${SIGNATURE}it answers research, planning and review requests by searching the workspace, and this is none of them. Here is what a search of ${files(found)} gives for the request's words; connect a model agent for more.`;
  const findings = found.citations.map((one) => ({ ...one, certainty: "says so" as const }));
  const facts = researchFacts(request, { found, findings, shows: "" });
  return { response: [opening, "", ...listed(found.citations)].join("\n"), facts };
}

function wording(question: string, { found, findings, shows }: Answer): string {
  const asked = question.trim();
  if (findings.length === 0) {
    return [
      `${SIGNATURE}searched ${files(found)}.`,
      "",
      `Nothing in this repository says anything about: ${asked}`,
      ...(found.silentOn.length === 0
        ? []
        : ["", `Words looked for: ${found.silentOn.join(", ")}.`]),
    ].join("\n");
  }
  const of = (certainty: Finding["certainty"]) =>
    findings.filter((finding) => finding.certainty === certainty);
  const said = of("says so");
  const silent =
    found.silentOn.length === 0 || said.length === 0
      ? []
      : ["", `None of these lines speaks of: ${found.silentOn.join(", ")}.`];
  return [
    `${SIGNATURE}searched ${files(found)}. The lines are quoted as they stand, not interpreted.`,
    "",
    `Findings for: ${asked}`,
    "",
    ...(said.length === 0 ? ["No line says it in these words."] : listed(said)),
    ...silent,
    ...part(`Told from the code, not from words (${shows}):`, of("by structure")),
    ...part(`Nothing closer was found; the nearest is (${shows}):`, of("nearby")),
  ].join("\n");
}

function part(title: string, findings: readonly Finding[]): string[] {
  return findings.length === 0 ? [] : ["", title, "", ...listed(findings)];
}

function listed(findings: readonly Citation[]): string[] {
  if (findings.length === 0) return ["Nothing in this repository speaks of it."];
  return findings.map((citation) => `- ${cite(citation)}`);
}

function files(found: Found): string {
  const count = found.filesSearched;
  const of = count === 1 ? "the one text file" : `${count} text files`;
  return found.truncated
    ? `the first ${of} of this workspace (it has more)`
    : `${of} of this workspace`;
}

function researchFacts(question: string, { found, findings }: Answer): JsonObject {
  return {
    kind: "research",
    query: question,
    question,
    found: findings.length > 0,
    findings: findings.map((finding) => ({
      ...findingFacts(finding),
      certainty: finding.certainty,
    })),
    sources: [...new Set(findings.map(place))],
    missing: [...found.silentOn],
    summary: summary(question, findings),
  };
}

function summary(question: string, findings: readonly Finding[]): string {
  const [first] = findings;
  if (first === undefined) return `Nothing in this repository says anything about: ${question}`;
  const how = {
    "says so": "",
    "by structure": "No line says it in words; the code shows it.\n",
    nearby: "Nothing says it; the nearest is given.\n",
  }[first.certainty];
  const lines = findings.slice(0, 3).map((one) => `${place(one)}: ${clip(one.text)}`);
  return how + lines.join("\n");
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
