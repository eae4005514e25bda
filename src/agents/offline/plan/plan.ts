/**
 * Writes the plan: overview, steps, risks, success criteria, as markdown that a person approves.
 * Owns the document's layout. Each step is one top-level list item, so that it can be dropped alone.
 */
import { queryTerms } from "../../../search/terms.ts";
import { type Citation, citationsInText, cite, distinct, place } from "../citations.ts";
import { overlap } from "../requirements.ts";
import { findingFacts, type OfflineAnswer, SIGNATURE } from "../research.ts";
import type { Workspace } from "../workspace.ts";
import { type Core, coreOf } from "./core.ts";
import { type Evidence, type EvidenceRequest, gatherEvidence, nearness } from "./evidence.ts";
import { type Project, surveyProject } from "./project.ts";
import { RISKS, SURPRISE } from "./risks.ts";
import { openQuestions, type PlanStep, planSteps } from "./steps.ts";

/** What a plan says when the workspace holds nothing to start from. */
export const NOTHING_THERE = "no line of it speaks of this task";

const MAX_RISKS = 4;
const MAX_OVERVIEW_FACTS = 5;
/** A line that says less of what is asked has other business. */
const SPEAKS = 0.6;
const HALF = 0.5;

/** A plan built from the research that the prompt holds and a search for what it left open. */
export async function writePlan(
  workspace: Workspace,
  request: EvidenceRequest,
): Promise<OfflineAnswer> {
  const evidence = await gatherEvidence(workspace, request);
  const project = await surveyProject(workspace);
  workspace.progress("choosing the files to change");
  const core = await coreOf(workspace, evidence);
  const quote = quoteOnce();
  const told = overview(evidence, core, quote);
  const steps = planSteps({ evidence, project, core, quote });
  const open = openQuestions({ evidence, core });
  const body = [
    ...told,
    ...stepByStep(steps),
    ...riskMitigation(evidence),
    ...successCriteria(evidence, project, core, open.length > 0),
  ];
  const response = [...opening(evidence, project, body), ...body].join("\n");
  return { response, facts: planFacts(response, evidence, steps, open) };
}

/** Quotes each line once; after that its place is enough. */
function quoteOnce(): (citation: Citation) => string {
  const seen = new Set<string>();
  return (citation) => {
    const where = place(citation);
    if (seen.has(where)) return `\`${where}\``;
    seen.add(where);
    return cite(citation);
  };
}

function opening(evidence: Evidence, project: Project, body: readonly string[]): string[] {
  const cited = distinct(citationsInText(body.join("\n"))).length;
  const places = cited === 0 ? "no cited line" : `${cited} cited line${cited === 1 ? "" : "s"}`;
  return [
    `${SIGNATURE}put together from the requirements, ${places} and a listing of ${project.paths.length} files. No model has judged it; every quoted line was read from its file just now.`,
    "",
    `# Plan: ${evidence.task}`,
    "",
  ];
}

function overview(evidence: Evidence, core: Core, quote: (citation: Citation) => string): string[] {
  const asked =
    evidence.requirements.length === 0
      ? ["**Requirements.** None were given beyond the task itself."]
      : [
          "**Requirements, as given**",
          "",
          ...evidence.requirements.map(({ label, text }) => `- ${label}: ${text}`),
        ];
  return [
    "## 1. Overview",
    "",
    `**Goal.** ${evidence.task}`,
    "",
    ...asked,
    "",
    ...today(evidence, core, quote),
    "",
  ];
}

function today(
  evidence: Evidence,
  core: Core,
  quote: (citation: Citation) => string,
): readonly string[] {
  const facts = closest(evidence);
  if (facts.length > 0)
    return ["**What the repository says today**", "", ...facts.map((one) => `- ${quote(one)}`)];
  if (core.files.length > 0) {
    const files = core.files.map(({ path }) => `\`${path}\``).join(", ");
    return [
      `**What the repository says today.** Nothing says it in words; ${files} ${core.files.length === 1 ? "was" : "were"} chosen by ${core.files[0]?.nearest === true ? "what is nearest" : "what the code does"}.`,
    ];
  }
  return [
    `**What the repository says today.** Nothing: ${NOTHING_THERE}, and no code does anything of the kind. Make sure that this is the right repository; then all of it is new code.`,
  ];
}

/** The cited lines that say most of what the task or one of the requirements is about. */
function closest(evidence: Evidence): Citation[] {
  const words = queryTerms(evidence.task).length;
  const near = (citation: Citation) => {
    const said = `${citation.path} ${citation.text}`;
    const served = evidence.requirements.map(({ text }) => overlap(text, said));
    const whole = overlap(evidence.task, said);
    return Math.max(
      whole >= HALF && whole * words >= 2 ? 1 + whole : 0,
      nearness(evidence.task, citation),
      ...served,
    );
  };
  return evidence.files
    .filter((file) => file.role !== "test")
    .flatMap((file) => file.citations)
    .filter(({ certainty }) => certainty === undefined || certainty === "says so")
    .map((citation) => ({ citation, share: near(citation) }))
    .filter(({ share }) => share >= SPEAKS)
    .sort((a, b) => b.share - a.share)
    .slice(0, MAX_OVERVIEW_FACTS)
    .map(({ citation }) => citation);
}

function stepByStep(steps: readonly PlanStep[]): string[] {
  return [
    "## 2. Step-by-step approach",
    "",
    ...steps.flatMap((step, index) => {
      const mark = `${index + 1}. `;
      const indent = " ".repeat(mark.length);
      return [`${mark}**${step.title}**`, ...step.lines.map((line) => `${indent}- ${line}`), ""];
    }),
  ];
}

function riskMitigation(evidence: Evidence): string[] {
  const asked = [
    evidence.task,
    ...evidence.requirements.map((requirement) => requirement.text),
  ].join("\n");
  const raised = RISKS.filter((risk) => risk.sign.test(asked) || risk.name === "Callers").slice(
    0,
    MAX_RISKS - 1,
  );
  return [
    "## 3. Risk mitigation",
    "",
    ...[...raised, SURPRISE].map(
      (risk) => `- **${risk.name}**: ${risk.risk} *Mitigation:* ${risk.mitigation}`,
    ),
    "",
  ];
}

function successCriteria(
  evidence: Evidence,
  project: Project,
  core: Core,
  isOpen: boolean,
): string[] {
  const each = evidence.requirements.map(
    ({ label, text, constraint }) =>
      `- [ ] ${label} holds: ${text}. ${constraint ? "Checked by reading the whole change." : "Shown by a test named after it."}`,
  );
  const whole = [`- [ ] ${core.approach.proof}`];
  const commands = project.commands.map(
    (command) =>
      `- [ ] \`${command.command}\` ends without an error (\`${place(command.citation)}\`).`,
  );
  const open = isOpen ? ["- [ ] Every open question of step 1 has a written answer."] : [];
  return [
    "## 4. Success criteria",
    "",
    ...each,
    ...whole,
    ...open,
    ...commands,
    "- [ ] Taking the change back was tried once and worked.",
    "",
  ];
}

function planFacts(
  response: string,
  evidence: Evidence,
  steps: readonly PlanStep[],
  open: readonly string[],
) {
  const citations = evidence.files.flatMap((file) => file.citations);
  return {
    kind: "plan",
    plan: response,
    title: `Plan: ${evidence.task}`,
    task: evidence.task,
    summary: `${steps.length} steps, ${citations.length} cited lines, ${open.length} open questions.`,
    steps: steps.map((step, index) => ({
      text: step.title,
      title: step.title,
      id: `step-${index + 1}`,
      description: step.lines.join("\n"),
      details: [...step.lines],
    })),
    risks: [...RISKS, SURPRISE]
      .filter((risk) => response.includes(`**${risk.name}**`))
      .map((risk) => ({
        text: `${risk.name}: ${risk.risk}`,
        risk: risk.risk,
        mitigation: risk.mitigation,
      })),
    files: evidence.files.map((file) => file.path),
    findings: citations.map(findingFacts),
    sources: citations.map(place),
    questions: open.map((question) => ({ text: question, question })),
    requirements: evidence.requirements.map((requirement) => requirement.text),
  };
}
