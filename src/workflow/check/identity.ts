/**
 * Ids: one step a name in every list, and no inner one that hides or is taken for an outer one.
 */

import type { DocumentPath } from "../diagnostic.ts";
import { listsInside, type StepList } from "../place.ts";
import type { Checking } from "./checking.ts";

interface Known {
  readonly id: string;
  readonly path: DocumentPath;
}

/** Known ids by what expressions can write for them: `-` and `_` are one. */
type Ids = ReadonlyMap<string, Known>;

/** Checks a body's list and all lists inside it. */
export function checkIds(checking: Checking, list: StepList, outer: Ids = new Map()): void {
  const own = new Map<string, Known>();
  list.steps.forEach((step, index) => {
    if (step.id === "") return;
    const path = [...list.path, index, "id"];
    const key = step.id.replaceAll("-", "_");
    const sibling = own.get(key);
    const around = outer.get(key);
    if (sibling) reportSibling(checking, { id: step.id, path }, sibling);
    else if (around) reportHiding(checking, { id: step.id, path }, around);
    else own.set(key, { id: step.id, path });
  });
  const visible = new Map([...outer, ...own]);
  list.steps.forEach((step, index) => {
    const path = [...list.path, index];
    if (step.kind === "parallel") {
      checkUnique(
        checking,
        step.branches.map(({ id }) => id),
        (at) => [...path, "branches", at, "id"],
        "branch",
      );
    }
    if (step.gates) {
      checkUnique(
        checking,
        step.gates.map(({ name }) => name),
        (at) => [...path, "gates", at, "name"],
        "gate",
      );
    }
    for (const inner of listsInside(step, path)) checkIds(checking, inner, visible);
  });
}

function lineOf(checking: Checking, { path }: Known): number {
  return checking.source.value(path).start.line;
}

function reportSibling(checking: Checking, step: Known, first: Known): void {
  const line = lineOf(checking, first);
  const message =
    step.id === first.id
      ? `The id \`${step.id}\` is already taken by the step on line ${line}.`
      : `\`${step.id}\` and \`${first.id}\` (line ${line}) are one name in an expression, where \`-\` and \`_\` are the same.`;
  checking.report({
    at: step.path,
    code: "duplicate-id",
    message: `${message} Rename one of the two.`,
  });
}

function reportHiding(checking: Checking, step: Known, around: Known): void {
  const line = lineOf(checking, around);
  const message = `The id \`${step.id}\` hides the step \`${around.id}\` around it (line ${line}). Rename one of the two.`;
  checking.report({ at: step.path, code: "hidden-id", message });
}

function checkUnique(
  checking: Checking,
  names: readonly string[],
  pathOf: (index: number) => DocumentPath,
  noun: string,
): void {
  names.forEach((name, index) => {
    const first = names.indexOf(name);
    if (name === "" || first === index) return;
    const line = lineOf(checking, { id: name, path: pathOf(first) });
    const message = `The ${noun} \`${name}\` is already there on line ${line}. Rename one of the two.`;
    checking.report({ at: pathOf(index), code: "duplicate-id", message });
  });
}
