/**
 * Writes the plan: overview, steps, risks, success criteria, as markdown that a person approves.
 * Owns the document's layout. Each step is one top-level list item, so that it can be dropped alone.
 */
import { type Citation, cite, place } from "../citations.ts";
import { overlap } from "../requirements.ts";
import { findingFacts, type OfflineAnswer, SIGNATURE } from "../research.ts";
import type { Workspace } from "../workspace.ts";
import { type Evidence, type EvidenceRequest, gatherEvidence } from "./evidence.ts";
import { type Project, surveyProject, usersOf } from "./project.ts";
import { RISKS, SURPRISE } from "./risks.ts";
import { filesToChange, type PlanStep, planSteps } from "./steps.ts";

const MAX_RISKS = 6;
const MAX_OVERVIEW_FACTS = 6;

/** A plan built from the research that the prompt holds and a search for what it left open. */
export async function writePlan(
  workspace: Workspace,
  request: EvidenceRequest,
): Promise<OfflineAnswer> {
  const evidence = await gatherEvidence(workspace, request);
  const project = await surveyProject(workspace);
  const changed = filesToChange(evidence).map((file) => file.path);
  workspace.progress("looking for the users of the files to change");
  const users = await usersOf(workspace, project, changed);
  const steps = planSteps({ evidence, project, users });
  const response = [
    ...opening(evidence, project),
    ...overview(evidence),
    ...stepByStep(steps),
    ...riskMitigation(evidence),
    ...successCriteria(evidence, project),
  ].join("\n");
  return { response, facts: planFacts(response, evidence, steps) };
}

function opening(evidence: Evidence, project: Project): string[] {
  const cited = evidence.files.reduce((count, file) => count + file.citations.length, 0);
  const places =
    cited === 0 ? "no cited line" : cited === 1 ? "1 cited line" : `${cited} cited lines`;
  return [
    `${SIGNATURE}put together from the requirements, ${places} and a listing of ${project.paths.length} files. No model has judged it; every quoted line was read from its file just now.`,
    "",
    `# Plan: ${evidence.task}`,
    "",
  ];
}

function overview(evidence: Evidence): string[] {
  const facts = closest(evidence);
  const known =
    facts.length === 0
      ? [
          "**What the repository says today.** Nothing: no line of it speaks of this task. All of it is new code.",
        ]
      : [
          "**What the repository says today**",
          "",
          ...facts.map((citation) => `- ${cite(citation)}`),
        ];
  const asked =
    evidence.requirements.length === 0
      ? ["**Requirements.** None were given beyond the task itself."]
      : [
          "**Requirements, as given**",
          "",
          ...evidence.requirements.map(({ label, text }) => `- ${label}: ${text}`),
        ];
  const open =
    evidence.silent.length === 0
      ? []
      : ["", "**What it does not say**", "", ...evidence.silent.map((question) => `- ${question}`)];
  return [
    "## 1. Overview",
    "",
    `**Goal.** ${evidence.task}`,
    "",
    ...asked,
    "",
    ...known,
    ...open,
    "",
  ];
}

/** The cited lines that say most of the task's and the requirements' words. */
function closest(evidence: Evidence): Citation[] {
  const asked = [
    evidence.task,
    ...evidence.requirements.map((requirement) => requirement.text),
  ].join(" ");
  const near = (citation: Citation) => overlap(asked, `${citation.path} ${citation.text}`);
  return evidence.files
    .flatMap((file) => file.citations)
    .map((citation) => ({ citation, share: near(citation) }))
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
  const lines = evidence.files.flatMap((file) => file.citations);
  const raised = RISKS.flatMap((risk) => {
    const seen = lines.find((citation) => risk.sign.test(citation.text));
    if (!risk.sign.test(asked)) return [];
    return [{ risk, because: seen === undefined ? "" : ` (\`${place(seen)}\`)` }];
  }).slice(0, MAX_RISKS - 1);
  return [
    "## 3. Risk mitigation",
    "",
    ...[...raised, { risk: SURPRISE, because: "" }].map(
      ({ risk, because }) =>
        `- **${risk.name}**${because}: ${risk.risk} *Mitigation:* ${risk.mitigation}`,
    ),
    "",
  ];
}

function successCriteria(evidence: Evidence, project: Project): string[] {
  const each = evidence.requirements.map(
    ({ label, text, constraint }) =>
      `- [ ] ${label} holds: ${text}. ${constraint ? "Checked by reading the whole change." : "Shown by a test named after it."}`,
  );
  const whole = [`- [ ] ${evidence.task}: shown once by hand, on the released version.`];
  const commands = project.commands.map(
    (command) =>
      `- [ ] \`${command.command}\` ends without an error (\`${place(command.citation)}\`).`,
  );
  const open =
    evidence.silent.length === 0
      ? []
      : ["- [ ] Every open question of step 1 has a written answer."];
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

function planFacts(response: string, evidence: Evidence, steps: readonly PlanStep[]) {
  const citations = evidence.files.flatMap((file) => file.citations);
  return {
    kind: "plan",
    plan: response,
    title: `Plan: ${evidence.task}`,
    task: evidence.task,
    summary: `${steps.length} steps, ${citations.length} cited lines, ${evidence.silent.length} open questions.`,
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
    questions: evidence.silent.map((question) => ({ text: question, question })),
    requirements: evidence.requirements.map((requirement) => requirement.text),
  };
}
