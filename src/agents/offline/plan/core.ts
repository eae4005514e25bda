/**
 * Which files the change itself touches, and which parts beside them: from what the code does and what the research found.
 * Owns the choice; writes nothing.
 */
import { posix } from "node:path";
import { type Citation, checkCitations } from "../citations.ts";
import { taskWords } from "../requirements.ts";
import { testsNamedAfter, usersOf } from "../survey/relations.ts";
import type { Sign } from "../survey/signs.ts";
import {
  filesBearing,
  filesOf,
  isCopy,
  isNetworkApi,
  type SubjectFile,
  signsIn,
} from "../survey/subject.ts";
import type { Survey } from "../survey/survey.ts";
import type { Workspace } from "../workspace.ts";
import { type Approach, approachFor, type Part } from "./approach.ts";
import { type Evidence, type FileEvidence, nearness, type Requirement } from "./evidence.ts";

export interface CoreFile {
  readonly path: string;
  /** No file does what the work is about; this one is the nearest. */
  readonly nearest: boolean;
  /** The lines from which the change starts. */
  readonly citations: readonly Citation[];
  /** The requirements that this file speaks of. */
  readonly serves: readonly Requirement[];
  /** The lines that import it. */
  readonly users: readonly Citation[];
  /** The tests that import it or are named after it. */
  readonly tests: readonly Citation[];
}

export interface PartFile {
  readonly part: Part;
  readonly path: string;
  readonly citations: readonly Citation[];
}

export interface Core {
  readonly approach: Approach;
  readonly files: readonly CoreFile[];
  readonly parts: readonly PartFile[];
  readonly extent: Extent;
}

/** How many lines of how many files do what the change is about. */
export interface Extent {
  readonly lines: number;
  readonly files: number;
}

interface Ground {
  readonly extent: Extent;
  readonly files: readonly SubjectFile[];
  readonly nearest: boolean;
}

/** A file that bears a sign with less weight is no place to start from. */
const SURE = 3.5;
/** A file whose lines say less of the task than this is not worth a look. */
const WORTH_A_LOOK = 0.5;
const MAX_SHOWN = 160;
const MAX_CORE = 3;
const MAX_GROUND = 2;
const MAX_LINES = 3;
const MAX_USERS = 4;

/** Chooses the files to change and reads their lines back; a line that has gone meanwhile is left out. */
export async function coreOf(workspace: Workspace, evidence: Evidence): Promise<Core> {
  const survey = await workspace.survey();
  const approach = approachFor(evidence.task);
  const found = evidence.files.filter(
    (file) => file.role === "source" && file.certain && !isCopy(file.path),
  );
  const { files: ground, nearest, extent } = groundFiles(survey, evidence.task, approach);
  const paths = [...new Set([...found, ...ground.map(({ file }) => file)].map(({ path }) => path))];
  const files: CoreFile[] = [];
  for (const path of byGround(paths, ground)) {
    if (files.length >= MAX_CORE) break;
    // What only uses a file that is changed is named there.
    const isUser = files.some(({ users }) => users.some((user) => user.path === path));
    if (isUser && !found.some((file) => file.path === path)) continue;
    const known = evidence.files.find((file) => file.path === path);
    const marks = ground.find(({ file }) => file.path === path)?.marks ?? [];
    const said = (known?.citations ?? []).filter(({ certainty }) => isSaid(certainty));
    const worded = said.filter(
      (one) => marks.length === 0 || nearness(evidence.task, one) >= WORTH_A_LOOK,
    );
    const [first, second, ...more] = marks.map((mark) => ({ path, ...mark }));
    const lines = [first, second, ...worded, ...more].filter((one) => one !== undefined);
    files.push({
      path,
      nearest: nearest && !found.some((file) => file.path === path),
      citations: await standing(workspace, lines),
      serves: known?.serves ?? [],
      users: usersOf(survey, path, MAX_USERS).map(asCitation),
      tests: testsFor(survey, path),
    });
  }
  const parts = await partsOf(workspace, survey, approach, files);
  return { approach, files, parts, extent };
}

/** What a core file may need that the research found, but that is neither certain nor chosen. */
export function uncertainFiles(evidence: Evidence, core: Core): readonly FileEvidence[] {
  const chosen = new Set([...core.files, ...core.parts].map(({ path }) => path));
  return evidence.files.filter(
    (file) =>
      file.role === "source" &&
      !chosen.has(file.path) &&
      !isCopy(file.path) &&
      (file.near >= WORTH_A_LOOK || file.serves.length > 0) &&
      isSaid(file.closest.certainty) &&
      isCode(file.closest.text),
  );
}

/** A line of nothing but a text, or of great length, shows a reader nothing. */
function isCode(text: string): boolean {
  return text.length <= MAX_SHOWN && !/^["'`\u201c]/.test(text);
}

/** Found by its words; a line that was found by its code answers another question than where to change. */
function isSaid(certainty: string | undefined): boolean {
  return certainty === undefined || certainty === "says so";
}

/**
 * The files that do what the work is about. Where none does, those of the next sign are only the nearest: a network's
 * API may need a login or a cache, a library's exports need neither.
 */
function groundFiles(survey: Survey, task: string, approach: Approach): Ground {
  const { object, place } = taskWords(task);
  const signs = approach.ground.length > 0 ? approach.ground : signsIn(`${place ?? ""} ${object}`);
  for (const [index, sign] of signs.entries()) {
    const borne = filesBearing(survey, sign, task, MAX_GROUND);
    const found =
      sign !== "api" || isNetworkApi(borne)
        ? borne
        : index === 0
          ? filesOf(survey, "api", MAX_GROUND)
          : [];
    const files = found.filter(
      ({ file, weight, marks }) =>
        file.role === "source" &&
        (sign === "api" || weight >= SURE || (sign === "logging" && marks.length > 0)),
    );
    if (files.length > 0) return { files, nearest: index > 0, extent: extentOf(survey, sign) };
  }
  return { files: [], nearest: false, extent: { lines: 0, files: 0 } };
}

function extentOf(survey: Survey, sign: Sign): Extent {
  const counts = survey.files.flatMap(({ path, role, counts: own }) =>
    role === "source" && !isCopy(path) ? (own.get(sign) ?? []) : [],
  );
  return { lines: counts.reduce((sum, count) => sum + count, 0), files: counts.length };
}

/** What the code shows comes first, unless only the research knows of a file. */
function byGround(paths: readonly string[], ground: readonly SubjectFile[]): readonly string[] {
  const first = ground.slice(0, MAX_GROUND).map(({ file }) => file.path);
  return [...first, ...paths.filter((path) => !first.includes(path))];
}

async function partsOf(
  workspace: Workspace,
  survey: Survey,
  { parts }: Approach,
  core: readonly CoreFile[],
): Promise<readonly PartFile[]> {
  const taken = new Set(core.map(({ path }) => path));
  const found: PartFile[] = [];
  for (const part of core.length === 0 ? [] : parts) {
    const near = closest(filesBearing(survey, part.sign, "", 12), survey, core);
    if (near === undefined || taken.has(near.file.path)) continue;
    taken.add(near.file.path);
    const { path } = near.file;
    const citations = await standing(
      workspace,
      near.marks.slice(0, 2).map((mark) => ({ path, ...mark })),
    );
    if (citations.length > 0) found.push({ part, path, citations });
  }
  return found;
}

/** One that the core or its users import, or that stands beside it. */
function closest(
  files: readonly SubjectFile[],
  survey: Survey,
  core: readonly CoreFile[],
): SubjectFile | undefined {
  const own = core.map(({ path }) => path);
  const around = new Set([...own, ...core.flatMap(({ users }) => users.map(({ path }) => path))]);
  const apart = files.filter(({ file }) => !own.includes(file.path));
  return (
    apart.find(({ file }) => usersOf(survey, file.path, 40).some(({ path }) => around.has(path))) ??
    apart.find(({ file }) => own.some((path) => posix.dirname(path) === posix.dirname(file.path)))
  );
}

function testsFor(survey: Survey, path: string): readonly Citation[] {
  const importing = usersOf(survey, path, MAX_USERS, true).map(asCitation);
  const named = testsNamedAfter(survey, path).flatMap(({ path: test, firstTest }) =>
    importing.some((one) => one.path === test)
      ? []
      : [{ path: test, line: firstTest?.line ?? 1, text: firstTest?.text ?? "" }],
  );
  return [...importing, ...named].slice(0, MAX_LINES);
}

function asCitation({ path, at }: { path: string; at: { line: number; text: string } }): Citation {
  return { path, line: at.line, text: at.text };
}

async function standing(
  { root }: Workspace,
  lines: readonly Citation[],
): Promise<readonly Citation[]> {
  const once = [...new Map(lines.map((one) => [one.line, one])).values()].slice(0, MAX_LINES);
  const checked = await checkCitations(root, once);
  return checked
    .flatMap(({ state, citation }) => (state === "true" ? [citation] : []))
    .sort((a, b) => a.line - b.line);
}
