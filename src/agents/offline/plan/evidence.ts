/**
 * Gathers what a plan may lean on: the research it was given, checked against the files, and what a search adds.
 * Owns which requirement is served by which file. Writes no plan.
 */
import { queryTerms } from "../../../search/terms.ts";
import { isList, isObject, type Json } from "../../../util/json.ts";
import { type Citation, checkCitations, citationsIn, distinct } from "../citations.ts";
import { type FileRole, roleOf } from "../fileRole.ts";
import { CONSTRAINT, overlap, requirementsIn, taskWords } from "../requirements.ts";
import { findingsFor } from "../research.ts";
import { look, TELLING_NUMBER, type Workspace } from "../workspace.ts";

export interface Requirement {
  /** `R1` */
  readonly label: string;
  readonly text: string;
  /** It says what must not be or stay so: nothing to build, something to keep. */
  readonly constraint: boolean;
}

/** One file with everything that is known to stand in it. */
export interface FileEvidence {
  readonly path: string;
  readonly role: FileRole;
  readonly citations: readonly Citation[];
  /** The line that says most of the task. */
  readonly closest: Citation;
  /** How much of what the task is about its closest line says: 0 to 1. */
  readonly near: number;
  /** Greater is closer to the task. */
  readonly weight: number;
  /** It serves a requirement or says most of the task's words; otherwise it may have little to do with it. */
  readonly certain: boolean;
  /** The requirements that this file speaks of. */
  readonly serves: readonly Requirement[];
}

export interface Evidence {
  readonly task: string;
  readonly requirements: readonly Requirement[];
  /** Closest to the task first. */
  readonly files: readonly FileEvidence[];
  /** Requirements of which no source or settings file speaks. */
  readonly unserved: readonly Requirement[];
  /** Research questions to which nothing was found. */
  readonly silent: readonly string[];
  /** Citations in the research that do not stand in the workspace. */
  readonly refuted: readonly Citation[];
}

export interface EvidenceRequest {
  readonly task: string;
  readonly requirements: string;
  readonly research: Json | undefined;
}

const MAX_CITATIONS = 60;
const MAX_SEARCHES = 3;
const MAX_ASKED_AGAIN = 6;
/** A requirement is served by a file that says this share of its words. */
const SERVES = 0.5;
const CERTAIN = 0.75;

/** Reads the research, checks its citations, and searches for what it left open. */
export async function gatherEvidence(
  workspace: Workspace,
  request: EvidenceRequest,
): Promise<Evidence> {
  const requirements = requirementsIn(request.requirements).map((text, index) => ({
    label: `R${index + 1}`,
    text,
    constraint: CONSTRAINT.test(text),
  }));
  workspace.progress("checking the research against the files");
  const given = distinct(citationsIn(request.research)).slice(0, MAX_CITATIONS);
  const checked = await checkCitations(workspace.root, given);
  const stands = checked.filter((one) => one.state === "true").map((one) => one.citation);
  const refuted = checked.filter((one) => one.state !== "true").map((one) => one.citation);

  const answered = await answersToSilent(workspace, request.research);
  const known = [...stands, ...answered.found];
  const found = [...known, ...(await searchedFor(workspace, request, requirements, known))];
  const files = byFile(request.task, requirements, distinct(found));
  const code = files.filter((file) => file.role === "source" || file.role === "settings");
  const served = new Set(code.flatMap((file) => file.serves.map((one) => one.label)));
  return {
    task: request.task,
    requirements,
    files,
    unserved: requirements.filter((one) => !one.constraint && !served.has(one.label)),
    // What asks for a requirement is answered by building it.
    silent: answered.silent.filter(
      (question) => !requirements.some((one) => asksFor(question, one)),
    ),
    refuted,
  };
}

/** Research from elsewhere may have looked nowhere near the code: what it left open is asked of the code once more. */
async function answersToSilent(
  workspace: Workspace,
  research: Json | undefined,
): Promise<{ readonly found: readonly Citation[]; readonly silent: readonly string[] }> {
  const found: Citation[] = [];
  const silent: string[] = [];
  for (const [index, question] of silentQuestions(research).entries()) {
    const findings = index < MAX_ASKED_AGAIN ? await findingsFor(workspace, question) : [];
    found.push(...findings);
    if (findings.length === 0) silent.push(question);
  }
  return { found, silent };
}

/** The questions in the research under which no place is named. */
export function silentQuestions(research: Json | undefined): string[] {
  return questionsIn(research).flatMap(({ question, item }) =>
    citationsIn(item).length > 0 ? [] : [question],
  );
}

function questionsIn(research: Json | undefined): { question: string; item: Json }[] {
  if (!isList(research)) return [];
  return research.flatMap((item) => {
    if (!isObject(item)) return [];
    const question = [item.query, item.question, item.topic, item.task].find(
      (text) => typeof text === "string",
    );
    return typeof question === "string" ? [{ question, item }] : [];
  });
}

/** Searches for the task when little is known of it, and for the requirements that the research did not ask about. */
async function searchedFor(
  workspace: Workspace,
  request: EvidenceRequest,
  requirements: readonly Requirement[],
  known: readonly Citation[],
): Promise<Citation[]> {
  const found: Citation[] = [];
  if (known.filter((citation) => roleOf(citation.path) === "source").length < 3) {
    found.push(...(await look(workspace, request.task, 6)).citations);
  }
  const asked = questionsIn(request.research).map(({ question }) => question);
  const open = requirements.filter(
    (requirement) =>
      !requirement.constraint &&
      !asked.some((question) => asksFor(question, requirement)) &&
      ![...known, ...found].some((citation) => speaksOf(requirement, citation)),
  );
  for (const requirement of open.slice(0, MAX_SEARCHES)) {
    found.push(...(await look(workspace, requirement.text, 3)).citations);
  }
  return found;
}

function asksFor(question: string, requirement: Requirement): boolean {
  const plain = (text: string) => text.replace(/["'.;:!?]+/g, "").toLowerCase();
  return plain(question).includes(plain(requirement.text));
}

function speaksOf(requirement: Requirement, citation: Citation): boolean {
  if (citation.query !== undefined && asksFor(citation.query, requirement)) return true;
  const number = TELLING_NUMBER.exec(requirement.text)?.[0];
  if (number !== undefined && citation.text.includes(number)) return true;
  return overlap(requirement.text, `${citation.path} ${citation.text}`) >= SERVES;
}

function byFile(
  task: string,
  requirements: readonly Requirement[],
  citations: readonly Citation[],
): FileEvidence[] {
  const grouped = Map.groupBy(citations, (citation) => citation.path);
  const files = [...grouped].flatMap(([path, own]) => {
    const serves = requirements.filter((requirement) =>
      own.some((citation) => speaksOf(requirement, citation)),
    );
    const [first] = own
      .map((citation) => ({ citation, near: nearness(task, citation) }))
      .sort((a, b) => b.near - a.near);
    if (first === undefined) return [];
    const { citation: closest, near } = first;
    const weight = near * 4 + serves.length + Math.min(own.length, 4) * 0.5;
    const sorted = [...own].sort((a, b) => a.line - b.line);
    const sure = own.some(({ certainty }) => certainty !== "nearby");
    const certain = sure && (serves.length > 0 || near >= CERTAIN);
    return [
      { path, role: roleOf(path), citations: sorted, closest, near, weight, certain, serves },
    ];
  });
  return files.sort((a, b) => b.weight - a.weight || (a.path < b.path ? -1 : 1));
}

/** How much of what the task is about, or of where it takes place, a line says: a share from 0 to 1. */
export function nearness(task: string, { path, text }: Citation): number {
  const { object, place } = taskWords(task);
  // One word alone is said by chance.
  const asked = [object, place ?? object].filter((words) => queryTerms(words).length > 1);
  return Math.max(...[...asked, task].map((words) => overlap(words, `${path} ${text}`)));
}
