/**
 * Whether what an expression reads exists where it stands: inputs, state fields, earlier steps, the item.
 * Owns the words for each name that is not there.
 */
import { closest } from "../closest.ts";
import { type Checking, oneOf, strictly } from "./checking.ts";
import type { Scope } from "./scope.ts";
import type { FoundReference } from "./templates.ts";

const RUN = ["id", "started_at", "workflow"];
const LOOP = ["index", "index0", "first", "last", "length"];
const ROOTS = ["inputs", "state", "steps", "run"];

/** Checks one read. `needs`: the step's `needs_state`; undefined allows every field. */
export function checkRead(
  checking: Checking,
  read: FoundReference,
  scope: Scope,
  needs?: readonly string[],
): void {
  const [first] = read.path;
  const member = typeof first === "string" ? first : undefined;
  switch (read.root) {
    case "inputs":
      if (member !== undefined) checkMember(checking, read, member, scope.inputs, INPUT);
      return;
    case "state":
      if (member !== undefined) checkField(checking, read, member, scope, needs);
      return;
    case "steps":
      if (member !== undefined) checkStep(checking, read, member, scope);
      return;
    case "run":
      if (member !== undefined) checkMember(checking, read, member, RUN, RUN_MEMBER);
      return;
    case "item":
    case "loop":
      checkItem(checking, read, member, scope);
      return;
    default:
      if (!scope.more.includes(read.root)) reportUnknownRoot(checking, read, scope);
  }
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
): void {
  if (known.includes(member)) return;
  checking.report({
    at: read.range,
    code,
    message: `There is no ${noun} \`${member}\`.`,
    expected: oneOf(known, none),
    suggestion: prefixed(root, closest(member, known)),
  });
}

function checkField(
  checking: Checking,
  read: FoundReference,
  field: string,
  scope: Scope,
  needs: readonly string[] | undefined,
): void {
  if (!scope.fields.has(field)) {
    reportUnknownField(checking, read, field, scope);
    return;
  }
  if (!needs || needs.includes("*")) return;
  const full = read.path.join(".");
  const allowed = needs.some((need) => full === need || full.startsWith(`${need}.`));
  if (allowed) return;
  checking.report({
    at: read.range,
    severity: strictly(checking),
    code: "undeclared-read",
    message: `This step reads \`state.${full}\`, which its \`needs_state\` does not list. Add \`${field}\` there.`,
  });
}

function reportUnknownField(
  checking: Checking,
  read: FoundReference,
  field: string,
  scope: Scope,
): void {
  checking.report({
    at: read.range,
    code: "unknown-field",
    message: `There is no state field \`${field}\`: neither \`initial_state\` nor any \`output_to\` or \`updates\` names it.`,
    expected: oneOf(scope.fields, "a field, but this has none"),
    suggestion: prefixed("state", closest(field, scope.fields)),
  });
}

function checkStep(checking: Checking, read: FoundReference, id: string, scope: Scope): void {
  const same = (known: string) => fold(known) === fold(id);
  if (scope.earlier.some(same)) return;
  const hidden = [...scope.all].some(same);
  checking.report({
    at: read.range,
    code: hidden ? "unreachable-result" : "unknown-step-name",
    message: hidden
      ? `The result of step \`${id}\` cannot be read here: it runs later, or inside another step.`
      : `There is no step \`${id}\`.`,
    expected: oneOf(scope.earlier, "an earlier step, but this is the first one"),
    suggestion: prefixed("steps", hidden ? undefined : closest(id, scope.earlier)),
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
      at: read.range,
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
  const meant =
    (scope.inputs.includes(name) && `inputs.${name}`) ||
    (scope.fields.has(name) && `state.${name}`) ||
    (scope.earlier.some((id) => fold(id) === name) && `steps.${name}`) ||
    closest(name, roots);
  checking.report({
    at: read.range,
    code: "unknown-name",
    message: `There is no name \`${name}\` here.`,
    expected: oneOf(roots, ""),
    suggestion: meant || undefined,
  });
}

/** Ids with `-` are also reached with `_`. */
function fold(id: string): string {
  return id.replaceAll("-", "_");
}

function prefixed(root: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : `${root}.${name}`;
}
