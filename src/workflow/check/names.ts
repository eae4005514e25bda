/**
 * Whether what an expression reads exists where it stands: inputs, state fields, earlier steps, the item.
 * Owns the words for each name that is not there.
 */
import { FUNCTIONS } from "../../expression/functions/table.ts";
import { closest } from "../closest.ts";
import type { DocumentPath } from "../diagnostic.ts";
import type { Fix } from "../edit.ts";
import { allowRead, declareField, replaceBy } from "../mend/fixes.ts";
import { type Checking, oneOf, strictly } from "./checking.ts";
import type { Scope } from "./scope.ts";
import type { FoundReference } from "./templates.ts";

const RUN = ["id", "started_at", "workflow"];
const GATES = ["passed", "failed", "warned", "total", "pass_rate"];
const ENDED_RUN: Readonly<Record<string, readonly string[]>> = {
  status: [],
  duration: [],
  gates: GATES,
  tasks: ["total", "done", "failed", "skipped", "cancelled", "rejected"],
  tokens: [],
  cost_usd: [],
};
const LOOP = ["index", "index0", "first", "last", "length"];
const ROOTS = ["inputs", "state", "steps", "run"];

/** The step around a read, when its `needs_state` counts. */
export interface Reader {
  readonly path: DocumentPath;
  /** Undefined allows every field. */
  readonly needs: readonly string[] | undefined;
}

/** Checks one read. */
export function checkRead(
  checking: Checking,
  read: FoundReference,
  scope: Scope,
  reader?: Reader,
): void {
  const [first] = read.path;
  const member = typeof first === "string" ? first : undefined;
  switch (read.root) {
    case "inputs":
      if (member !== undefined) checkMember(checking, read, member, scope.inputs, INPUT);
      return;
    case "state":
      if (member !== undefined) checkField(checking, read, member, scope, reader);
      return;
    case "steps":
      if (member !== undefined) checkStep(checking, read, member, scope);
      return;
    case "run":
      if (member !== undefined) checkRun(checking, read, member, scope);
      return;
    case "item":
    case "loop":
      checkItem(checking, read, member, scope);
      return;
    case "gates":
      if (!scope.ended) return reportUnknownRoot(checking, read, scope);
      if (member !== undefined) checkMember(checking, read, member, GATES, GATES_MEMBER);
      return;
    default:
      if (!scope.more.includes(read.root)) reportUnknownRoot(checking, read, scope);
  }
}

/** What is known of a run while it runs, and of one at its end. */
function checkRun(checking: Checking, read: FoundReference, member: string, scope: Scope): void {
  if (!scope.ended) return checkMember(checking, read, member, RUN, RUN_MEMBER);
  checkMember(checking, read, member, [...RUN, ...Object.keys(ENDED_RUN)], RUN_MEMBER);
  const inner = ENDED_RUN[member];
  const [, second] = read.path;
  if (!inner || inner.length === 0 || typeof second !== "string") return;
  const words = { ...RUN_MEMBER, root: `run.${member}`, noun: `part of \`run.${member}\`` };
  checkMember(checking, read, second, inner, words, 2);
}

interface MemberWords {
  readonly root: string;
  readonly code: string;
  readonly noun: string;
  readonly none: string;
}

const INPUT: MemberWords = {
  root: "inputs",
  code: "unknown-input",
  noun: "input",
  none: "an input; this has none, so declare it under `inputs`",
};
const RUN_MEMBER: MemberWords = {
  root: "run",
  code: "unknown-name",
  noun: "part of `run`",
  none: "",
};
const GATES_MEMBER: MemberWords = { ...RUN_MEMBER, root: "gates", noun: "counter of `gates`" };
const LOOP_MEMBER: MemberWords = {
  root: "loop",
  code: "unknown-name",
  noun: "part of `loop`",
  none: "",
};

function checkMember(
  checking: Checking,
  read: FoundReference,
  member: string,
  known: readonly string[],
  { root, code, noun, none }: MemberWords,
  parts = 1,
): void {
  if (known.includes(member)) return;
  checking.report({
    at: read.rangeOf(parts),
    code,
    message: `There is no ${noun} \`${member}\`.`,
    expected: oneOf(known, none),
    ...meant(read, parts, prefixed(root, closest(member, known))),
  });
}

function checkField(
  checking: Checking,
  read: FoundReference,
  field: string,
  scope: Scope,
  reader: Reader | undefined,
): void {
  if (!scope.fields.has(field)) {
    reportUnknownField(checking, read, field, scope);
    return;
  }
  const needs = reader?.needs;
  if (!needs || needs.includes("*")) return;
  const full = read.path.join(".");
  const allowed = needs.some((need) => full === need || full.startsWith(`${need}.`));
  if (allowed) return;
  checking.report({
    at: read.rangeOf(read.path.length),
    severity: strictly(checking),
    code: "undeclared-read",
    message: `This step reads \`state.${full}\`, which its \`needs_state\` does not list. Add \`${field}\` there.`,
    fix: allowRead(checking.source, reader.path, field),
  });
}

function reportUnknownField(
  checking: Checking,
  read: FoundReference,
  field: string,
  scope: Scope,
): void {
  const { suggestion, fix } = meant(read, 1, prefixed("state", closest(field, scope.fields)));
  checking.report({
    at: read.rangeOf(1),
    code: "unknown-field",
    message: `There is no state field \`${field}\`: neither \`initial_state\` nor any \`output_to\` or \`updates\` names it.`,
    expected: oneOf(scope.fields, "a field, but this has none"),
    suggestion,
    fix: fix ?? declareField(checking.source, scope.body, field),
  });
}

function checkStep(checking: Checking, read: FoundReference, id: string, scope: Scope): void {
  const same = (known: string) => fold(known) === fold(id);
  if (scope.earlier.some(same)) return;
  if (scope.beside.some(same)) {
    const message = `Step \`${id}\` may not be done yet here: this step does not depend on it. Add it to \`depends_on\`.`;
    checking.report({ at: read.rangeOf(1), code: "unreachable-result", message });
    return;
  }
  const hidden = [...scope.all].some(same);
  checking.report({
    at: read.rangeOf(1),
    code: hidden ? "unreachable-result" : "unknown-step-name",
    message: hidden
      ? `The result of step \`${id}\` cannot be read here: it runs later, or inside another step.`
      : `There is no step \`${id}\`.`,
    expected: oneOf(scope.earlier, "an earlier step, but this is the first one"),
    ...meant(read, 1, prefixed("steps", hidden ? undefined : closest(id, scope.earlier))),
  });
}

function checkItem(
  checking: Checking,
  read: FoundReference,
  member: string | undefined,
  scope: Scope,
): void {
  if (scope.item === "no" || scope.item === "perhaps") {
    const perhaps = scope.item === "perhaps";
    checking.report({
      at: read.rangeOf(0),
      severity: perhaps ? "warning" : "error",
      code: "item-outside",
      message: `\`${read.root}\` is only known ${perhaps ? "when a foreach runs this as its task" : "inside a foreach"}.`,
    });
  }
  if (read.root === "loop" && member !== undefined)
    checkMember(checking, read, member, LOOP, LOOP_MEMBER);
}

function reportUnknownRoot(checking: Checking, read: FoundReference, scope: Scope): void {
  const name = read.root;
  const roots = [...ROOTS, ...(scope.item === "no" ? [] : ["item", "loop"]), ...scope.more];
  const suggestion =
    (scope.inputs.includes(name) && prefixed("inputs", name)) ||
    (scope.fields.has(name) && prefixed("state", name)) ||
    (scope.earlier.some((id) => fold(id) === name) && `steps.${name}`) ||
    (FUNCTIONS.has(name) && `${name}()`) ||
    closest(name, [...read.locals, ...roots]);
  checking.report({
    at: read.rangeOf(0),
    code: "unknown-name",
    message: `There is no name \`${name}\` here.`,
    expected: oneOf(roots, ""),
    ...meant(read, 0, suggestion || undefined),
  });
}

/** A suggestion in the place of the root and so many parts, with the fix that it comes to. */
function meant(
  read: FoundReference,
  parts: number,
  suggestion: string | undefined,
): { suggestion?: string; fix?: Fix | undefined } {
  if (suggestion === undefined) return {};
  return { suggestion, fix: replaceBy(suggestion, read.replace(parts, suggestion)) };
}

/** Ids with `-` are also reached with `_`. */
function fold(id: string): string {
  return id.replaceAll("-", "_");
}

/** A member as an expression can write it. */
function prefixed(root: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return /^[A-Za-z_]\w*$/.test(name) ? `${root}.${name}` : `${root}['${name}']`;
}
