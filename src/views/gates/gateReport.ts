/** What gates came to when they were run alone, as parts of a page: a line for each, and the evidence under it. Pure. */
import type { GateResult } from "../../run/gate/judge.ts";
import { isObject } from "../../util/json.ts";
import { describeCommand } from "../../util/shellQuote.ts";
import { printable, printableLine } from "../printable.ts";

export interface GateEntry {
  readonly status: GateResult["status"];
  /** What it is about, why, and what it was before where that is something else. */
  readonly line: string;
  /** The command, then the end of what it printed; other evidence as JSON. */
  readonly evidence: readonly string[];
}

/** An entry for each gate; `before`: what the run has of them. */
export function gateReport(
  results: readonly GateResult[],
  before: readonly GateResult[],
): readonly GateEntry[] {
  return results.map(({ name, category, status, reason, evidence }) => {
    const was = before.find((one) => one.name === name)?.status;
    const changed = was === undefined || was === status ? "" : ` (was ${was})`;
    const about = printableLine(category === null ? name : `${name} (${category})`);
    const line = `${about}: ${printableLine(reason)}${changed}`;
    return { status, line, evidence: evidenceLines(evidence) };
  });
}

function evidenceLines(evidence: GateResult["evidence"]): readonly string[] {
  if (!isObject(evidence)) return [];
  const { command, output, ...more } = evidence;
  const words = Array.isArray(command) ? command.map(String) : String(command ?? "");
  const ran = command === undefined ? [] : [`$ ${printableLine(describeCommand(words))}`];
  const said = typeof output === "string" ? printable(output).trimEnd().split("\n").slice(-20) : [];
  const rest = Object.entries(more).map(
    ([name, value]) => `${name}: ${printableLine(JSON.stringify(value)).slice(0, 500)}`,
  );
  return [...ran, ...said.filter((line) => line !== ""), ...rest];
}
