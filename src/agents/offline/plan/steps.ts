/**
 * Turns evidence into the ordered steps of a plan; each keeps the citations that support it.
 * Owns the order of work and each step's wording. Lays nothing out beyond list lines.
 */
import { type Citation, cite, place } from "../citations.ts";
import { taskWords } from "../requirements.ts";
import type { Evidence, FileEvidence, Requirement } from "./evidence.ts";
import { newTestPath, type Project, roleOf, testsOf } from "./project.ts";

/** One step: a title and the lines under it, without list marks. */
export interface PlanStep {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface StepsRequest {
  readonly evidence: Evidence;
  readonly project: Project;
  /** Who imports each file that will change. */
  readonly users: ReadonlyMap<string, readonly Citation[]>;
}

const MAX_CHANGED = 4;

/** The source files that the plan changes one by one: those closest to the task. */
export function filesToChange(evidence: Evidence): readonly FileEvidence[] {
  return evidence.files.filter((file) => file.role === "source").slice(0, MAX_CHANGED);
}

/** The steps in the order in which they are done. */
export function planSteps(request: StepsRequest): readonly PlanStep[] {
  return [
    settle(request),
    hold(request),
    ...filesToChange(request.evidence).map((file) => change(file, request)),
    build(request),
    others(request),
    settings(request),
    documentation(request),
    release(request),
  ].filter((step) => step !== undefined);
}

/** Requirements as a sentence's end: `R1 and R3`. */
export function labels(requirements: readonly Requirement[]): string {
  return requirements
    .map((requirement) => requirement.label)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
}

function settle({ evidence }: StepsRequest): PlanStep | undefined {
  if (evidence.silent.length === 0 && evidence.refuted.length === 0) return undefined;
  return {
    title: "Settle what the repository leaves open",
    lines: [
      ...evidence.silent.map((question) => `Open: ${question} Nothing in this repository says.`),
      ...evidence.refuted.map(
        (citation) =>
          `Check: the research cites \`${place(citation)}\`, which does not stand in the workspace.`,
      ),
      "Done when: each answer is written where the next person will look for it.",
    ],
  };
}

function hold({ evidence, project }: StepsRequest): PlanStep | undefined {
  const changed = filesToChange(evidence).filter((file) => file.certain);
  if (changed.length === 0) return undefined;
  const cited = evidence.files.filter((file) => file.role === "test");
  const run = project.commands.find((command) => command.purpose === "test");
  const lines = changed.map((file) => {
    const tests = testsOf(project, file.path);
    return tests.length === 0
      ? `No test is named after \`${file.path}\`: add \`${newTestPath(project, file.path)}\` (new) with what the file does today.`
      : `\`${tests.slice(0, 3).join("`, `")}\` ${tests.length === 1 ? "is" : "are"} named after \`${file.path}\`: make sure that the cited lines are among what is tested.`;
  });
  return {
    title: "Hold today's behaviour with tests, before anything changes",
    lines: [
      ...lines,
      ...cited.flatMap((file) =>
        file.citations.map((citation) => `Related test: ${cite(citation)}`),
      ),
      ...(run === undefined
        ? [
            "The project names no test command that this agent knows: find out how its tests are run.",
          ]
        : [`Run: \`${run.command}\` (${cite(run.citation)})`]),
      "Done when: the tests pass on the unchanged code, and fail when a cited line is altered.",
    ],
  };
}

function change(file: FileEvidence, { users, evidence }: StepsRequest): PlanStep {
  const callers = users.get(file.path) ?? [];
  const now = file.citations.map((citation) => `Now: ${cite(citation)}`);
  const used = callers.map((caller) => `\`${place(caller)}\``).join(", ");
  const usedBy = callers.length === 0 ? [] : [`Used by ${used}: check each of them.`];
  if (!file.certain) {
    const done = "Done when: it is changed, or known to be right as it is.";
    return { title: `See whether \`${file.path}\` must change`, lines: [...now, ...usedBy, done] };
  }
  const { verb, object } = taskWords(evidence.task);
  const task = [verb.toLowerCase(), object].filter((word) => word !== "").join(" ");
  const served = file.serves.map((requirement) => `${requirement.label} (${requirement.text})`);
  const aim = served.length === 0 ? `the task itself (${task})` : served.join("; ");
  const behaviour = served.length === 0 ? "the new behaviour" : labels(file.serves);
  const done = `Done when: ${behaviour} has a test that fails without the change.`;
  return {
    title: `Change \`${file.path}\``,
    lines: [...now, `Change it for ${aim}.`, ...usedBy, done],
  };
}

function build({ evidence, project }: StepsRequest): PlanStep | undefined {
  const changed = filesToChange(evidence);
  if (evidence.unserved.length === 0 && changed.length > 0) return undefined;
  const home = changed[0]?.path;
  const beside =
    home === undefined
      ? startingPoint(project)
      : `Put it beside \`${home}\` unless a better home is known.`;
  const what =
    evidence.unserved.length > 0
      ? evidence.unserved.map(
          (requirement) =>
            `${requirement.label}: ${requirement.text}. ${mentions(requirement, evidence)}`,
        )
      : [`No source file speaks of the task: ${evidence.task}`];
  return {
    title: "Build what is not there yet",
    lines: [...what, beside, "Done when: each of these has a test of its own."],
  };
}

/** Where a requirement that no code serves is spoken of all the same. */
function mentions(requirement: Requirement, evidence: Evidence): string {
  const file = evidence.files.find((one) => one.serves.includes(requirement));
  const line = file?.citations[0];
  return line === undefined
    ? "Nothing speaks of it yet."
    : `So far only ${cite(line)} speaks of it.`;
}

function startingPoint({ paths }: Project): string {
  const sources = paths.filter((path) => roleOf(path) === "source");
  const entry =
    sources.find((path) => /(?:^|\/)(?:main|index|app|server|cli)\.\w+$/i.test(path)) ?? sources[0];
  return entry === undefined
    ? "The workspace has no source file to start from: begin with a new module."
    : `No file is an obvious home for it: begin with a new module beside \`${entry}\`.`;
}

function others({ evidence }: StepsRequest): PlanStep | undefined {
  const rest = evidence.files.filter((file) => file.role === "source").slice(MAX_CHANGED);
  if (rest.length === 0) return undefined;
  return {
    title: "Go through the other places that the research found",
    lines: [
      ...rest.flatMap((file) => file.citations.map(cite)),
      "Done when: each is changed, or known to be right as it is.",
    ],
  };
}

function settings({ evidence }: StepsRequest): PlanStep | undefined {
  const files = evidence.files.filter((file) => file.role === "settings");
  if (files.length === 0) return undefined;
  return {
    title: `Bring the settings along: ${names(files)}`,
    lines: [
      ...files.flatMap((file) => file.citations.map((citation) => `Now: ${cite(citation)}`)),
      "Done when: every value that the change needs has a safe default and is checked at start.",
    ],
  };
}

function documentation({ evidence, project }: StepsRequest): PlanStep | undefined {
  const files = evidence.files.filter((file) => file.role === "documentation");
  const readme = project.paths.find((path) => /^readme(?:\.\w+)?$/i.test(path));
  if (files.length === 0 && readme === undefined) return undefined;
  return {
    title:
      files.length === 0
        ? `Say it in \`${readme}\``
        : `Bring the documentation along: ${names(files)}`,
    lines: [
      ...files.flatMap((file) => file.citations.map((citation) => `Now: ${cite(citation)}`)),
      "Done when: a reader learns the new behaviour, its settings and its errors without reading code.",
    ],
  };
}

function release({ evidence, project }: StepsRequest): PlanStep {
  const kept = evidence.requirements.filter((requirement) => requirement.constraint);
  const checks = project.commands.map(
    (command) => `Run: \`${command.command}\` (${cite(command.citation)})`,
  );
  return {
    title: "Check all of it, release it, and keep the way back open",
    lines: [
      ...kept.map(
        (requirement) =>
          `Check in the whole change that ${requirement.label} is kept: ${requirement.text}.`,
      ),
      ...checks,
      "Release in one commit or behind one switch, so that one revert takes it back.",
      "Done when: the success criteria below hold on the released version.",
    ],
  };
}

function names(files: readonly FileEvidence[]): string {
  const shown = files
    .slice(0, 3)
    .map((file) => `\`${file.path}\``)
    .join(", ");
  return files.length > 3 ? `${shown} and ${files.length - 3} more` : shown;
}
