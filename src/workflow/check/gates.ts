/** Rules of gates: one way of checking each, and nothing that a check of its kind has no use for. */

import type { Gate } from "../definition/gate.ts";
import type { DocumentPath } from "../source.ts";
import { type Checking, reportNoEffect } from "./checking.ts";

const OF_COMMANDS = ["pass", "metric", "expect", "required"] as const;
/** What `expect` may say of a command alone. */
const WORDS = ["required", "acceptable", "true"];

/** Checks a list of gates; `path` is the list's. */
export function checkGates(checking: Checking, gates: readonly Gate[], path: DocumentPath): void {
  gates.forEach((gate, index) => {
    if (typeof gate.check !== "string") checkOne(checking, gate, [...path, index, "check"]);
  });
}

function checkOne(checking: Checking, { name, check }: Gate, path: DocumentPath): void {
  const has = (key: string) => checking.source.has([...path, key]);
  if (has("agent")) return;
  if (has("command") === has("schema")) {
    const both = has("command");
    const message = `The check of gate \`${name}\` needs exactly one of \`command\` and \`schema\`; it has ${both ? "both" : "neither"}.`;
    checking.report({
      at: both ? [...path, "schema"] : path,
      part: "key",
      code: "one-of",
      message,
    });
    return;
  }
  for (const key of OF_COMMANDS) {
    if (!has("schema") || !has(key)) continue;
    reportNoEffect(checking, [...path, key], `\`${key}\` has no effect without \`command\`.`);
  }
  if (typeof check === "string" || "schema" in check) return;
  const { expect, metric, required } = check;
  if (expect !== undefined && metric === undefined && !WORDS.includes(expect.trim())) {
    const message = `\`expect\` of gate \`${name}\` has nothing to compare: \`metric\` is missing.`;
    checking.report({ at: [...path, "expect"], part: "key", code: "missing-key", message });
  }
  if (required !== undefined && metric === undefined) {
    reportNoEffect(
      checking,
      [...path, "required"],
      "`required` has no effect without `metric`: the exit code always counts.",
    );
  }
}
