/** What the doctor found, as markdown: what is wrong first, each with its fix. Pure. */
import type { Finding } from "../../../app/app.ts";
import { printableLine } from "../../../views/printable.ts";

/** The findings as a page. */
export function doctorText(findings: readonly Finding[], name: string): string {
  const sections = SECTIONS.flatMap(([status, title]) => {
    const found = findings.filter((finding) => finding.status === status);
    return found.length === 0 ? [] : [`## ${title}`, "", ...found.map(line), ""];
  });
  return [`# ${name}`, "", ...sections].join("\n");
}

const SECTIONS: readonly (readonly [Finding["status"], string])[] = [
  ["problem", "Problems"],
  ["warning", "Worth knowing"],
  ["ok", "Fine"],
];

function line({ about, message, fix }: Finding): string {
  const next = fix === undefined ? "" : `\n  - ${printableLine(fix)}`;
  return `- **${printableLine(about)}**: ${printableLine(message)}${next}`;
}
