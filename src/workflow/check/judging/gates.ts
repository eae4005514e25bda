/** Rules of gates: one way of checking each, and nothing that a check of its kind has no use for. */

import { type Gate, isCommand } from "../../definition/gate.ts";
import type { DocumentPath } from "../../diagnostic.ts";
import { type Checking, reportNoEffect } from "../checking.ts";

const OF_COMMANDS = ["pass", "metric", "expect", "required"] as const;
const WAYS = ["command", "schema", "agent"] as const;
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
  const ways = WAYS.filter(has);
  const [, second] = ways;
  if (ways.length !== 1) {
    const found = ways.length === 0 ? "none" : ways.map((way) => `\`${way}\``).join(" and ");
    const message = `The check of gate \`${name}\` needs exactly one of \`command\`, \`schema\` and \`agent\`; it has ${found}.`;
    const at = second === undefined ? path : [...path, second];
    checking.report({ at, part: "key", code: "one-of", message });
    return;
  }
  if (has("agent") !== has("criteria")) {
    const [given, missing] = has("agent") ? ["agent", "criteria"] : ["criteria", "agent"];
    const message = `\`${given}\` of gate \`${name}\` goes with \`${missing}\`, which is missing.`;
    checking.report({ at: [...path, given], part: "key", code: "missing-key", message });
  }
  for (const key of OF_COMMANDS) {
    if (has("command") || !has(key)) continue;
    reportNoEffect(checking, [...path, key], `\`${key}\` has no effect without \`command\`.`);
  }
  if (!isCommand(check)) return;
  const { expect, metric, required } = check;
  if (
    expect !== undefined &&
    metric === undefined &&
    !has("metric") &&
    !WORDS.includes(expect.trim())
  ) {
    const message = `\`expect\` of gate \`${name}\` has nothing to compare: \`metric\` is missing.`;
    checking.report({ at: [...path, "expect"], part: "key", code: "missing-key", message });
  }
  if (required !== undefined && !has("metric")) {
    reportNoEffect(
      checking,
      [...path, "required"],
      "`required` has no effect without `metric`: the exit code always counts.",
    );
  }
}
