/**
 * Rules of single steps that a table of keys cannot say: one of two keys, keys that need another, order of steps.
 */

import { isList } from "../../util/json.ts";
import { closest } from "../closest.ts";
import type { GroupMode } from "../definition/controlSteps.ts";
import type { DocumentPath } from "../diagnostic.ts";
import { ACTIVITIES, CONTAINERS } from "../schema/commonFields.ts";
import type { Step } from "../workflow.ts";
import { type Checking, oneOf, reportNoEffect } from "./checking.ts";
import { checkGates } from "./judging/gates.ts";
import { checkSupervision } from "./judging/supervision.ts";
import { checkBranchWrites } from "./order/unordered.ts";
import { checkPrompt } from "./prompt.ts";

/** Checks a step without the steps inside it. */
export function checkStepRules(checking: Checking, step: Step, path: DocumentPath): void {
  checkCommon(checking, step, path);
  checkSupervision(checking, step, path);
  switch (step.kind) {
    case "foreach":
      checkForeach(checking, step, path);
      return;
    case "prompt":
      checkPrompt(checking, step, path);
      return;
    case "wait":
      checkWait(checking, step, path);
      return;
    case "parallel":
      checkBranchWrites(checking, step, path);
      checkQuorum(checking, step.mode, step.branches.length, "branch", path);
      return;
    default:
      return;
  }
}

function checkCommon(checking: Checking, step: Step, path: DocumentPath): void {
  if (step.retry && CONTAINERS.has(step.kind)) {
    const message = `A ${step.kind} is not retried as a whole. Put \`retry\` on the steps inside it.`;
    checking.report({ at: [...path, "retry"], part: "key", code: "retry-container", message });
  }
  for (const key of ["retry", "effects"] as const) {
    if (
      step[key] === undefined ||
      ACTIVITIES.has(step.kind) ||
      (key === "retry" && CONTAINERS.has(step.kind))
    )
      continue;
    reportNoEffect(
      checking,
      [...path, key],
      `\`${key}\` has no effect on a ${step.kind} step: it has no outside effect.`,
    );
  }
  checkTimes(checking, step, path);
  const { retry } = step;
  if (retry?.max_delay !== undefined && retry.max_delay < retry.delay) {
    reportNoEffect(
      checking,
      [...path, "retry", "max_delay"],
      "`max_delay` is shorter than `delay`.",
    );
  }
  if (step.needs_state?.includes("*")) {
    const message =
      "This step may read all of the state. Naming the fields shows what it depends on.";
    checking.report({ at: [...path, "needs_state"], severity: "hint", code: "needs-all", message });
  }
  checkAfter(checking, step, path);
  checkPhase(checking, step, path);
}

/** Steps in which no time goes by, or only a person's, which no limit counts. */
const TIMELESS: ReadonlySet<string> = new Set(["set_state", "return", "break", "continue", "goto"]);

function checkTimes(checking: Checking, step: Step, path: DocumentPath): void {
  const { kind, idle_timeout, total_timeout, timeout } = step;
  const asksOnly = kind === "prompt" || (kind === "approve" && step.revise === undefined);
  if (idle_timeout !== undefined && !ACTIVITIES.has(kind) && kind !== "approve") {
    const message = `\`idle_timeout\` has no effect on a ${kind} step: it makes no attempt that could be silent.`;
    reportNoEffect(checking, [...path, "idle_timeout"], message);
  }
  if (total_timeout === undefined) return;
  if (asksOnly || TIMELESS.has(kind)) {
    const message = `\`total_timeout\` has no effect on a ${kind} step: ${asksOnly ? "time spent waiting for people does not count" : "it takes no time"}.`;
    reportNoEffect(checking, [...path, "total_timeout"], message);
  } else if (timeout !== undefined && total_timeout < timeout && ACTIVITIES.has(kind)) {
    const message = "`total_timeout` is shorter than `timeout`: no attempt ever has that long.";
    reportNoEffect(checking, [...path, "total_timeout"], message);
  }
}

/** Steps that lead elsewhere come to no result, and nothing comes after them. */
const JUMPS: ReadonlySet<string> = new Set(["return", "goto", "break", "continue"]);

function checkAfter(checking: Checking, step: Step, path: DocumentPath): void {
  if (step.gates) checkGates(checking, step.gates, [...path, "gates"]);
  const no = (key: string, why: string) =>
    reportNoEffect(checking, [...path, key], `\`${key}\` has no effect ${why}.`);
  if (JUMPS.has(step.kind)) {
    if (step.gates) no("gates", `on a ${step.kind} step: it has no output`);
    if (step.breakpoint === "after")
      no("breakpoint", `after a ${step.kind} step: nothing comes after it`);
  }
  if (step.enforce === undefined) return;
  if (step.kind === "gate") no("enforce", "on a gate step: its gates always count");
  else if (!step.gates) no("enforce", "without `gates`");
}

function checkPhase(checking: Checking, step: Step, path: DocumentPath): void {
  const phases = Object.keys(checking.workflow.phases);
  if (step.phase === undefined || phases.includes(step.phase)) return;
  checking.report({
    at: [...path, "phase"],
    severity: phases.length === 0 ? "warning" : "error",
    code: "unknown-phase",
    message: `There is no phase \`${step.phase}\` under \`phases\`.`,
    expected: oneOf(phases, "a phase of the file, but it has none"),
    suggestion: closest(step.phase, phases),
  });
}

type Of<K extends Step["kind"]> = Extract<Step, { kind: K }>;

function checkForeach(checking: Checking, step: Of<"foreach">, path: DocumentPath): void {
  const both = step.task !== undefined && step.steps !== undefined;
  const written = (key: string) => checking.source.has([...path, key]);
  if (both || (!written("task") && !written("steps"))) {
    const message = `Step \`${step.id}\` needs exactly one of \`task\` and \`steps\`; it has ${both ? "both" : "neither"}.`;
    checking.report({
      at: both ? [...path, "steps"] : [...path, "id"],
      part: "key",
      code: "one-of",
      message,
    });
  }
  if (typeof step.items === "object")
    checkQuorum(checking, step.mode, isList(step.items) ? step.items.length : 0, "item", path);
  if (step.inputs && !step.task) {
    reportNoEffect(
      checking,
      [...path, "inputs"],
      "`inputs` has no effect without `task`: the steps read `item` themselves.",
    );
  }
  if (step.sequential && checking.source.has([...path, "max_parallel"])) {
    reportNoEffect(
      checking,
      [...path, "max_parallel"],
      "`max_parallel` has no effect with `sequential: true`.",
    );
  }
}

const PLURAL = { item: "items", branch: "branches" } as const;

function checkQuorum(
  checking: Checking,
  mode: GroupMode,
  total: number,
  noun: keyof typeof PLURAL,
  path: DocumentPath,
): void {
  if (typeof mode !== "object" || mode.quorum <= total) return;
  const there = total === 1 ? `is only one ${noun}` : `are only ${total} ${PLURAL[noun]}`;
  const message = `A quorum of ${mode.quorum} can never be reached: there ${there}.`;
  checking.report({ at: [...path, "mode", "quorum"], code: "empty-range", message });
}

function checkWait(checking: Checking, step: Of<"wait">, path: DocumentPath): void {
  const keys = ["duration", "until", "signal"].filter((key) => checking.source.has([...path, key]));
  if (keys.length === 1) return;
  const has = keys.length === 0 ? "none" : keys.map((key) => `\`${key}\``).join(" and ");
  const message = `Step \`${step.id}\` needs exactly one of \`duration\`, \`until\` and \`signal\`; it has ${has}.`;
  const at = keys[1] === undefined ? [...path, "id"] : [...path, keys[1]];
  checking.report({ at, part: "key", code: "one-of", message });
}
