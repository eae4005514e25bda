/**
 * A plan with a review's points made part of it.
 * Owns how the points are found and where they go: a section of open tasks at the plan's end, nothing else changed.
 */
import { isListItem, pointsOf, withoutEnd, withoutMarker } from "./points.ts";

/** The plan in Markdown, followed by its review feedback. Without feedback, the plan as it is. */
export function mergePlan(plan: string, feedback: string): string {
  const text = plan.trim();
  if (feedback.trim() === "") return text;
  const points = feedbackPoints(feedback);
  const level = headingLevel(text);
  const round = text.match(/^#{1,6} Review feedback\b/gm)?.length ?? 0;
  const title = `${"#".repeat(level)} Review feedback${round === 0 ? "" : ` (round ${round + 1})`}`;
  const body =
    points.length === 0 || isApproval(feedback, points)
      ? `The reviewer asks for no changes: ${feedback.trim().replace(/\s+/g, " ")}`
      : points.map((point) => `- [ ] ${point}`).join("\n");
  return `${text}\n\n${title}\n\n${body}`;
}

/** The level of the plan's own sections: its second level of headings, or 2. */
function headingLevel(plan: string): number {
  const levels = (plan.match(/^#{1,6}(?= )/gm) ?? []).map((marks) => marks.length);
  const [lowest = 1, next] = [...new Set(levels)].sort();
  const several = levels.filter((level) => level === lowest).length > 1;
  return several ? lowest : (next ?? Math.min(6, lowest + 1));
}

/** List items under their heading, with the lines that belong to them; without a list, the sentences. */
function feedbackPoints(feedback: string): readonly string[] {
  const lines = feedback.split(/\r?\n/);
  if (!lines.some(isListItem)) return pointsOf(feedback);
  const points: string[][] = [];
  let heading = "";
  let fenced = false;
  for (const line of lines) {
    const fence = /^\s*(```|~~~)/.test(line);
    if (fence) fenced = !fenced;
    if (!fenced && !fence && isListItem(line) && (points.length === 0 || !/^\s{2,}/.test(line))) {
      points.push([heading === "" ? withoutMarker(line) : `${heading}: ${withoutMarker(line)}`]);
    } else if (!fenced && /^#{1,6}\s|^\S.*:\s*$/.test(line)) {
      heading = withoutEnd(line.replace(/^(#+\s*|\*+)/, ""), ":*");
    } else if ((fenced || fence || /^\s{2,}\S/.test(line)) && points.length > 0) {
      points.at(-1)?.push(indented(line));
    }
  }
  return points.map((point) => point.join("\n")).filter((point) => !FOUND_FINE.test(point));
}

/** What a reviewer found in order is nothing to do. */
const FOUND_FINE = /^(?:[^:\n]{1,60}: )?(?:fine|ok|\[ok\])\b:?/i;

function indented(line: string): string {
  return /^\s{2}/.test(line) ? line : `  ${line}`;
}

const APPROVAL =
  /\b(lgtm|looks good|no (?:issues|changes|concerns|objections|problems|findings)|approved?|nothing to (?:add|change))\b/i;
const OBJECTION =
  /\b(but|however|except|should|must|missing|add|fix|change the|consider|please|unless)\b/i;

function isApproval(feedback: string, points: readonly string[]): boolean {
  return points.length <= 2 && APPROVAL.test(feedback) && !OBJECTION.test(feedback);
}
