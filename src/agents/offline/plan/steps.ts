/**
 * Turns evidence into the ordered steps of a plan; each keeps the citations that support it.
 * Owns the order of work and each step's wording. Lays nothing out beyond list lines.
 */
import { type Citation, place } from "../citations.ts";
import { roleOf } from "../fileRole.ts";
import type { Core, CoreFile, PartFile } from "./core.ts";
import { uncertainFiles } from "./core.ts";
import type { Evidence, FileEvidence, Requirement } from "./evidence.ts";
import { newTestPath, type Project } from "./project.ts";

/** One step: a title and the lines under it, without list marks. */
export interface PlanStep {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface StepsRequest {
  readonly evidence: Evidence;
  readonly project: Project;
  readonly core: Core;
  /** Writes a citation: with its quotation the first time, the place alone after that. */
  readonly quote: (citation: Citation) => string;
}

const MAX_UNCERTAIN = 3;
const MAX_SILENT = 6;
/** A document that says less of the task is about something else. */
const SPOKEN = 0.5;

/** The steps in the order in which they are done. */
export function planSteps(request: StepsRequest): readonly PlanStep[] {
  const { core } = request;
  return [
    settle(request),
    hold(request),
    ...core.files.map((file, index) => change(file, index === 0, request)),
    build(request),
    ...core.parts.map((part) => partStep(part, request)),
    others(request),
    settings(request),
    documentation(request),
    release(request),
  ].filter((step) => step !== undefined);
}

/** What a person must decide or find out before the work: asked once in the whole plan. */
export function openQuestions({ evidence, core }: Pick<StepsRequest, "evidence" | "core">) {
  const given = evidence.requirements.map(({ text }) => text).join("\n");
  const decisions = core.approach.decisions.filter(({ settled }) => !settled.test(given));
  const silent = evidence.silent.slice(0, MAX_SILENT).join(" ");
  const unsaid = silent === "" ? [] : [`${silent} Nothing in this repository says.`];
  return [...decisions.map(({ text }) => text), ...unsaid];
}

function settle(request: StepsRequest): PlanStep | undefined {
  const open = openQuestions(request);
  const { refuted } = request.evidence;
  if (open.length === 0 && refuted.length === 0) return undefined;
  return {
    title: "Decide what is open",
    lines: [
      ...open.map((question) => `Open: ${question}`),
      ...refuted.map(
        (citation) =>
          `Check: the research cites \`${place(citation)}\`, which does not stand in the workspace.`,
      ),
      "Done when: each answer is written where the next person will look for it.",
    ],
  };
}

function hold({ evidence, project, core, quote }: StepsRequest): PlanStep | undefined {
  if (core.files.length === 0) return undefined;
  const run = project.commands.find((command) => command.purpose === "test");
  const tested = new Set(core.files.flatMap(({ tests }) => tests.map(({ path }) => path)));
  const related = evidence.files
    .filter((file) => file.role === "test" && !tested.has(file.path))
    .filter((file) => file.near >= SPOKEN || file.closest.certainty === "nearby")
    .map((file) => file.closest)
    .slice(0, 2);
  return {
    title: "Hold today's behaviour with tests, before anything changes",
    lines: [
      ...core.files.map((file) => testLine(file, project, quote)),
      ...related.map((citation) => `Related test: ${quote(citation)}`),
      run === undefined
        ? "The project names no test command that this agent knows: find out how its tests are run."
        : `Run: \`${run.command}\` (${quote(run.citation)})`,
      "Done when: they pass on the unchanged code, and fail when a line cited below is altered.",
    ],
  };
}

function testLine(
  { path, tests }: CoreFile,
  project: Project,
  quote: (citation: Citation) => string,
): string {
  return tests.length === 0
    ? `No test is named after or imports \`${path}\`: add \`${newTestPath(project, path)}\` (new) with what the file does today.`
    : `\`${path}\` is tested in ${tests.map(quote).join(", ")}.`;
}

function change(file: CoreFile, first: boolean, { quote, core }: StepsRequest): PlanStep {
  const served = file.serves.map(({ label, text }) => `${label} (${text})`);
  const used = file.users.map((user) => `\`${place(user)}\``).join(", ");
  const { extent } = core;
  const behaviour = file.serves.length === 0 ? "the new behaviour" : labels(file.serves);
  return {
    title: file.nearest
      ? `Find the place: no code does this yet, and \`${file.path}\` is the nearest`
      : `Change \`${file.path}\``,
    lines: [
      ...file.citations.map((citation) => `Now: ${quote(citation)}`),
      ...(served.length === 0 ? [] : [`Change it for ${served.join("; ")}.`]),
      first ? core.approach.core : "Change it where the step before needs it.",
      ...(first && extent.files > core.files.length
        ? [`There is more of it: ${extent.lines} such lines in ${extent.files} files.`]
        : []),
      ...(used === "" ? [] : [`Used by ${used}: check each of them.`]),
      `Done when: ${behaviour} has a test that fails without the change.`,
    ],
  };
}

function partStep({ part, path, citations }: PartFile, { quote }: StepsRequest): PlanStep {
  return {
    title: `${part.title}: \`${path}\``,
    lines: [...citations.map((citation) => `Now: ${quote(citation)}`), part.work],
  };
}

function build({ evidence, project, core, quote }: StepsRequest): PlanStep | undefined {
  const home = core.files[0]?.path;
  if (evidence.unserved.length === 0 && home !== undefined) return undefined;
  const beside =
    home === undefined
      ? startingPoint(project)
      : `Put it into \`${home}\` or beside it, unless a better home is known.`;
  const what = evidence.unserved.map(
    (requirement) =>
      `${requirement.label}: ${requirement.text}. ${mentions(requirement, evidence, quote)}`,
  );
  return {
    title: "Build what is not there yet",
    lines: [
      ...(what.length > 0 ? what : ["No source file does or speaks of what the task names."]),
      ...(home === undefined ? [core.approach.core] : []),
      beside,
      "Done when: each of these has a test of its own.",
    ],
  };
}

/** Where a requirement that no code serves is spoken of all the same. */
function mentions(
  requirement: Requirement,
  evidence: Evidence,
  quote: (citation: Citation) => string,
): string {
  const file = evidence.files.find((one) => one.serves.includes(requirement));
  const line = file?.citations[0];
  return line === undefined
    ? "Nothing speaks of it yet."
    : `So far only ${quote(line)} speaks of it.`;
}

function startingPoint({ paths }: Project): string {
  const sources = paths.filter((path) => roleOf(path) === "source");
  const entry =
    sources.find((path) => /(?:^|\/)(?:main|index|app|server|cli)\.\w+$/i.test(path)) ?? sources[0];
  return entry === undefined
    ? "The workspace has no source file to start from: begin with a new module."
    : `No file is an obvious home for it: begin with a new module beside \`${entry}\`.`;
}

function others({ evidence, core, quote }: StepsRequest): PlanStep | undefined {
  const rest = uncertainFiles(evidence, core).slice(0, MAX_UNCERTAIN);
  if (rest.length === 0) return undefined;
  return {
    title: "Look at the other places that the research found",
    lines: [
      ...rest.map((file) => quote(file.closest)),
      "Done when: each is changed, or known to be right as it is.",
    ],
  };
}

function settings({ evidence, core, quote }: StepsRequest): PlanStep | undefined {
  const taken = new Set(core.parts.map(({ path }) => path));
  const files = evidence.files
    .filter((file) => file.role === "settings" && file.certain && !taken.has(file.path))
    .slice(0, 3);
  if (files.length === 0) return undefined;
  return {
    title: `Bring the settings along: ${names(files)}`,
    lines: [
      ...nowLines(files, quote),
      "Done when: every value that the change needs has a safe default and is checked at start.",
    ],
  };
}

function documentation({ evidence, project, quote }: StepsRequest): PlanStep | undefined {
  const files = evidence.files
    .filter(
      (file) => file.role === "documentation" && (file.near >= SPOKEN || file.serves.length > 0),
    )
    .slice(0, 3);
  const readme = project.paths.find((path) => /^readme(?:\.\w+)?$/i.test(path));
  if (files.length === 0 && readme === undefined) return undefined;
  return {
    title:
      files.length === 0
        ? `Say it in \`${readme}\``
        : `Bring the documentation along: ${names(files)}`,
    lines: [
      ...nowLines(files, quote),
      "Done when: a reader learns the new behaviour, its settings and its errors without reading code.",
    ],
  };
}

function nowLines(
  files: readonly FileEvidence[],
  quote: (citation: Citation) => string,
): readonly string[] {
  return files.flatMap((file) =>
    (file.citations.length <= 2 ? file.citations : [file.closest]).map(
      (citation) => `Now: ${quote(citation)}`,
    ),
  );
}

function release({ evidence, project, core, quote }: StepsRequest): PlanStep {
  const kept = evidence.requirements.filter((requirement) => requirement.constraint);
  const users = core.files.reduce((count, file) => count + file.users.length, 0);
  const checks = project.commands
    .filter((command) => command.purpose !== "test")
    .map((command) => `Run: \`${command.command}\` (${quote(command.citation)})`);
  return {
    title: "Check all of it, release it, and keep the way back open",
    lines: [
      ...kept.map(({ label, text }) => `Check in the whole change that ${label} is kept: ${text}.`),
      ...checks,
      "Release in one commit or behind one switch, so that one revert takes it back; watch errors and latency.",
      `Size: ${counted(core.files.length + core.parts.length, "file")} to change, ${counted(users, "place")} that ${users === 1 ? "uses" : "use"} them. The estimate and the owner of each step are yours to add.`,
    ],
  };
}

/** Requirements as a sentence's end: `R1 and R3`. */
function labels(requirements: readonly Requirement[]): string {
  return requirements
    .map(({ label }) => label)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function names(files: readonly FileEvidence[]): string {
  return files.map((file) => `\`${file.path}\``).join(", ");
}
