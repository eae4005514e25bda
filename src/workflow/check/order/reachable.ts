/**
 * Steps that never run: behind one that always goes elsewhere, or under a condition that never holds.
 * Owns what "always" means; what a condition comes to is for `constant`.
 */

import type { DocumentPath } from "../../diagnostic.ts";
import { removal, removeKey, removeSteps } from "../../mend/fixes.ts";
import { listsInside, type StepList } from "../../place.ts";
import type { Step } from "../../workflow.ts";
import type { Checking } from "../checking.ts";
import { constantTruth } from "./constant.ts";

/**
 * Steps behind one that always goes elsewhere, up to the next that is led to from somewhere; the first is named.
 * `inLoop`: there is a loop to leave.
 */
export function checkReachable(checking: Checking, list: StepList, inLoop: boolean): void {
  const { steps } = list;
  const targets = targetsIn(list);
  for (let end = 0; end < steps.length - 1; end++) {
    const last = steps[end];
    if (!last || !goesElsewhere(last, inLoop)) continue;
    let next = end + 1;
    while (next < steps.length && !targets.has(steps[next]?.id ?? "")) next++;
    reportBehind(checking, list, last, end + 1, next);
    end = next - 1;
  }
}

/** A step, or the steps inside it, under a condition that always comes to the same. */
export function checkConditions(
  checking: Checking,
  list: StepList,
  index: number,
  step: Step,
): void {
  const path = [...list.path, index];
  const remove = () => removeSteps(checking.source, list.path, [step.id], index);
  const when = constantTruth(step.when);
  if (when === false) {
    const message = `Step \`${step.id}\` never runs: its \`when\` is never true.`;
    report(checking, [...path, "when"], message, remove());
    return;
  }
  if (when === true) {
    checking.report({
      at: [...path, "when"],
      part: "key",
      severity: "hint",
      code: "no-effect",
      message: "`when` is always true, so it says nothing.",
      fix: removeKey(checking.source, [...path, "when"]),
    });
  }
  if (step.kind === "condition") checkBranches(checking, step, path);
  if (step.kind === "while" && constantTruth(step.condition) === false) {
    const message = `The steps of \`${step.id}\` never run: its \`condition\` is never true.`;
    report(checking, [...path, "condition"], message, remove());
  }
  if (step.kind === "foreach" && Array.isArray(step.items) && step.items.length === 0) {
    report(checking, [...path, "items"], `\`${step.id}\` does nothing: it has no items.`, remove());
  }
}

function checkBranches(
  checking: Checking,
  step: Extract<Step, { kind: "condition" }>,
  path: DocumentPath,
): void {
  const holds = constantTruth(step.if);
  if (holds === undefined) return;
  const { edits } = checking.source;
  if (holds && step.else.length > 0) {
    const message = "`else` never runs: `if` is always true.";
    const fix = removal("Remove `else`", edits.removeKey([...path, "else"]));
    report(checking, [...path, "else"], message, fix, "key");
  }
  if (!holds && step.then.length > 0) {
    const message = "`then` never runs: `if` is never true.";
    const edit = edits.removeItems([...path, "then"], 0, step.then.length);
    report(checking, [...path, "then"], message, removal("Empty `then`", edit), "key");
  }
}

function reportBehind(
  checking: Checking,
  list: StepList,
  last: Step,
  from: number,
  to: number,
): void {
  const behind = list.steps.slice(from, to).map(({ id }) => id);
  const [first] = behind;
  if (first === undefined || behind.includes("") || last.id === "") return;
  const how = alwaysReturns(last) ? "always returns" : "always goes elsewhere";
  const message = `Step \`${first}\` never runs: step \`${last.id}\` before it ${how}.`;
  const fix = removeSteps(checking.source, list.path, behind, from);
  report(checking, [...list.path, from, "id"], message, fix);
}

function report(
  { report }: Checking,
  at: DocumentPath,
  message: string,
  fix: ReturnType<typeof removeKey>,
  part: "key" | "value" = "value",
): void {
  report({ at, part, severity: "warning", code: "unreachable", message, fix });
}

function alwaysReturns(step: Step): boolean {
  return leaves(step, ({ kind }) => kind === "return");
}

const ELSEWHERE: ReadonlySet<string> = new Set(["return", "goto"]);
const IN_LOOP: ReadonlySet<string> = new Set([...ELSEWHERE, "break", "continue"]);

function goesElsewhere(step: Step, inLoop: boolean): boolean {
  const kinds = inLoop ? IN_LOOP : ELSEWHERE;
  return leaves(step, ({ kind }) => kinds.has(kind));
}

/** Whether the step always does so when the run comes to it. */
function leaves(step: Step, does: (step: Step) => boolean): boolean {
  if (step.when !== undefined && constantTruth(step.when) !== true) return false;
  if (does(step)) return true;
  if (step.kind !== "condition") return false;
  const inside = (steps: readonly Step[]) => steps.some((inner) => leaves(inner, does));
  const holds = constantTruth(step.if);
  return (holds === false || inside(step.then)) && (holds === true || inside(step.else));
}

/** Ids that a step inside the list sends the run to. */
function targetsIn(list: StepList): ReadonlySet<string> {
  const found = new Set<string>();
  list.steps.forEach((step, index) => {
    if ("target" in step && typeof step.target === "string") found.add(step.target);
    for (const inner of listsInside(step, [...list.path, index])) {
      for (const target of targetsIn(inner)) found.add(target);
    }
  });
  return found;
}
