/**
 * Reviews a plan: its citations against the files, its words against the checklist.
 * Owns the findings and their layout. Judges what can be checked; never the idea.
 */
import type { JsonObject } from "../../../util/json.ts";
import { checkCitations, citationsInText, clip, distinct, linesOf, place } from "../citations.ts";
import { overlap, requirementsIn } from "../requirements.ts";
import { type OfflineAnswer, SIGNATURE } from "../research.ts";
import type { Workspace } from "../workspace.ts";
import { type Area, POINTS, type Point, SECTIONS } from "./checklist.ts";
import { NOTHING_THERE } from "./plan.ts";

export interface ReviewRequest {
  /** The plan as markdown. */
  readonly subject: string;
  readonly requirements: string;
}

/** One point of the review. `line` is in the plan, from 1. */
interface Finding {
  readonly area: Area;
  readonly severity: "must" | "should" | "fine";
  readonly text: string;
  readonly line?: number;
}

const AREAS: readonly Area[] = [
  "Technical correctness",
  "Security considerations",
  "Best practices",
  "Completeness",
];
const HEADING = /^\s{0,3}(?:#{1,6}\s|\*\*[^*]+\*\*\s*$|\d+\.\s+[A-Z][\w -]{2,40}$)/;

/** Checks a plan and answers feedback in the four areas that reviews are asked for. */
export async function reviewPlan(
  workspace: Workspace,
  request: ReviewRequest,
): Promise<OfflineAnswer> {
  const lines = request.subject.split(/\r?\n/);
  workspace.progress("checking the plan's citations");
  const findings = [
    ...(await citationFindings(workspace, request.subject)),
    ...(await fileFindings(workspace, lines)),
    ...POINTS.flatMap((point) => pointFinding(point, lines)),
    ...sectionFindings(lines),
    ...requirementFindings(request, lines),
    ...placeholderFindings(lines),
    ...criteriaFindings(lines),
  ];
  return {
    response: wording(findings, lines),
    facts: reviewFacts(findings, wording(findings, lines)),
  };
}

async function citationFindings(workspace: Workspace, plan: string): Promise<Finding[]> {
  const area = "Technical correctness";
  const cited = distinct(citationsInText(plan));
  const planLines = plan.split(/\r?\n/);
  // Where nothing is there, there is nothing to cite.
  if (cited.length === 0 && plan.includes(NOTHING_THERE)) return [];
  if (cited.length === 0) {
    const text =
      "The plan cites no line of the repository. Name the file and line that each step starts from.";
    return [{ area, severity: "must", text }];
  }
  const findings: Finding[] = [];
  let stands = 0;
  for (const checked of await checkCitations(workspace.root, cited)) {
    const where = place(checked.citation);
    const index = planLines.findIndex((text) => text.includes(where));
    const line = index < 0 ? {} : { line: index + 1 };
    if (checked.state === "true") {
      const quote = cited.find((one) => place(one) === where)?.text ?? "";
      if (agrees(quote, checked.citation.text)) stands += 1;
      else {
        const text = `\`${where}\` reads \`${clip(checked.citation.text)}\`, not what the plan says of it. Correct the quotation or the line.`;
        findings.push({ area, severity: "must", text, ...line });
      }
    } else {
      const what =
        checked.state === "missing file"
          ? "no such file is in the workspace"
          : "the file has no such line";
      findings.push({
        area,
        severity: "must",
        text: `\`${where}\` is cited, but ${what}. Correct or remove it.`,
        ...line,
      });
    }
  }
  const all = stands === cited.length ? "All" : `${stands} of`;
  const fine: Finding = {
    area,
    severity: "fine",
    text: `${all} ${cited.length} cited lines stand in the files as the plan says.`,
  };
  return stands === 0 ? findings : [...findings, fine];
}

/** A quotation agrees when the plan gave none (or only words of its own) or when one text holds the other's start. */
function agrees(quote: string, actual: string): boolean {
  if (quote.length < 12) return true;
  const squash = (text: string) =>
    text
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim()
      .toLowerCase();
  const [said, there] = [squash(quote), squash(actual)];
  if (there.includes(said.slice(0, 30)) || said.includes(there.slice(0, 30))) return true;
  return overlap(actual, quote) >= 0.5 || !/[`"\u201c]/.test(quote);
}

async function fileFindings(workspace: Workspace, lines: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const [index, text] of lines.entries()) {
    if (/\b(?:new|create|add)\b/i.test(text)) continue;
    for (const [, path] of text.matchAll(/`((?:[\w@.-]+\/)+[\w@.-]+\.\w{1,8})`/g)) {
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      if ((await linesOf(workspace.root, path)) !== undefined) continue;
      const problem = `\`${path}\` is not in the workspace. Say that it is new, or name the right file.`;
      findings.push({
        area: "Technical correctness",
        severity: "should",
        text: problem,
        line: index + 1,
      });
    }
  }
  return findings;
}

function pointFinding(point: Point, lines: readonly string[]): Finding[] {
  const body = lines.filter((line) => !line.startsWith(SIGNATURE));
  const { when } = point;
  if (when !== undefined && !body.some((line) => when.test(withoutCode(line)))) return [];
  const index = lines.findIndex((line) => !line.startsWith(SIGNATURE) && point.speaks.test(line));
  const { area, severity, name, advice } = point;
  if (index >= 0) return [{ area, severity: "fine", text: name, line: index + 1 }];
  return [{ area, severity, text: `${name}: no line speaks of it. ${advice}` }];
}

/** A quoted line of code is not the plan's own word. */
function withoutCode(line: string): string {
  return line.replace(/`[^`]*`|\u201c[^\u201d]*\u201d/g, "");
}

function sectionFindings(lines: readonly string[]): Finding[] {
  const headings = lines.flatMap((line, index) => (HEADING.test(line) ? [{ line, index }] : []));
  return SECTIONS.map(({ name, heading, advice }) => {
    const found = headings.find(({ line }) => heading.test(line));
    if (found === undefined) {
      return {
        area: "Completeness",
        severity: "must",
        text: `Section ${name} is missing. ${advice}`,
      };
    }
    return {
      area: "Completeness",
      severity: "fine",
      text: `Section ${name}`,
      line: found.index + 1,
    };
  });
}

function requirementFindings({ requirements }: ReviewRequest, lines: readonly string[]): Finding[] {
  return requirementsIn(requirements).flatMap((requirement): Finding[] => {
    const served = lines.some((line) => overlap(requirement, line) >= 0.6);
    if (served) return [];
    const text = `No line of the plan speaks of the requirement "${requirement}". Add the step that meets it.`;
    return [{ area: "Completeness", severity: "must", text }];
  });
}

/** What the plan itself lists as open is no finding: it is known. */
function placeholderFindings(lines: readonly string[]): Finding[] {
  const marks = /\b(?:TBD|TODO|FIXME|to be (?:decided|determined|defined)|lorem ipsum)\b|\?\?\?/;
  const open = lines.flatMap((line, index): Finding[] => {
    if (marks.test(withoutCode(line)) && !/^\s*[-*\d.]*\s*Open: /.test(line)) {
      const text = `Unfinished: "${clip(line)}". Finish it, or say who decides it and by when.`;
      return [{ area: "Completeness", severity: "must", text, line: index + 1 }];
    }
    return [];
  });
  return open.slice(0, 8);
}

function criteriaFindings(lines: readonly string[]): Finding[] {
  const start = lines.findIndex(
    (line) => HEADING.test(line) && /\b(?:success|acceptance|criteria)\b/i.test(line),
  );
  if (start < 0) return [];
  const items = lines
    .map((line, index) => ({ line, index }))
    .slice(start + 1)
    .filter(({ line }) => /^\s*(?:[-*]|\d+\.)\s/.test(line));
  if (items.length === 0) {
    const text =
      "The success criteria hold no list. Write one line for each thing that must be true.";
    return [{ area: "Completeness", severity: "must", text, line: start + 1 }];
  }
  const vague = items.filter(
    ({ line }) =>
      /\b(?:fast|good|nice|better|user-friendly|robust|properly|as expected|works well)\b/i.test(
        line,
      ) && !/\d/.test(line),
  );
  return vague.map(({ line, index }) => ({
    area: "Completeness",
    severity: "should",
    text: `"${clip(line.replace(/^\s*[-*\d.]+\s*(?:\[ \]\s*)?/, ""))}" cannot be measured. Give a number or a command.`,
    line: index + 1,
  }));
}

function wording(findings: readonly Finding[], lines: readonly string[]): string {
  const count = (severity: Finding["severity"]) =>
    findings.filter((finding) => finding.severity === severity).length;
  const musts = count("must");
  const shoulds = count("should");
  const verdict =
    musts + shoulds === 0
      ? "Nothing on the checklist is missing."
      : `${musts} must change, ${shoulds} should, ${count("fine")} are fine.`;
  return [
    `${SIGNATURE}held the plan's ${lines.length} lines against a checklist of ${findings.length} points and looked its citations up in the files. Whether the idea is right is for you to judge.`,
    "",
    `**Result.** ${verdict}`,
    ...AREAS.flatMap((area) =>
      areaWording(
        area,
        findings.filter((finding) => finding.area === area),
      ),
    ),
    "",
  ].join("\n");
}

function areaWording(area: Area, findings: readonly Finding[]): string[] {
  const open = findings.filter((finding) => finding.severity !== "fine");
  const fine = findings.filter((finding) => finding.severity === "fine");
  return [
    "",
    `## ${area}`,
    "",
    ...[...open]
      .sort((a, b) => rank(a) - rank(b))
      .map((finding) => `- **${finding.severity}** ${at(finding)}${finding.text}`),
    ...(fine.length === 0
      ? []
      : [
          `- fine: ${fine.map((finding) => `${finding.text}${finding.line === undefined ? "" : ` (line ${finding.line})`}`).join("; ")}`,
        ]),
    ...(findings.length === 0 ? ["- Nothing on the checklist applies."] : []),
  ];
}

function rank(finding: Finding): number {
  return finding.severity === "must" ? 0 : 1;
}

function at(finding: Finding): string {
  return finding.line === undefined ? "" : `line ${finding.line}: `;
}

function reviewFacts(findings: readonly Finding[], response: string): JsonObject {
  const open = findings.filter((finding) => finding.severity !== "fine");
  const musts = open.filter((finding) => finding.severity === "must").length;
  return {
    kind: "review",
    feedback: response,
    approved: musts === 0,
    verdict: musts === 0 ? "approve" : "revise",
    // The share of the checklist that is met; a count, not an opinion.
    score:
      findings.length === 0
        ? 0
        : Math.round((100 * (findings.length - open.length)) / findings.length),
    issues: open.map((finding) => ({
      text: `${at(finding)}${finding.text}`,
      severity: finding.severity,
      category: finding.area,
      suggestion: finding.text,
      ...(finding.line === undefined ? {} : { line: finding.line }),
    })),
    summary: `${musts} must change, ${open.length - musts} should.`,
  };
}
