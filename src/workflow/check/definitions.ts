/**
 * Definitions of inputs that contradict themselves: defaults against types and rules, ranges without a value,
 * rules that say nothing about the type.
 */

import type {
  InputDefinition,
  InputRules,
  Inputs,
  InputType,
} from "../definition/inputDefinition.ts";
import type { DocumentPath } from "../diagnostic.ts";
import { removeKey } from "../mend/fixes.ts";
import { checkDefinition, TYPE_NAMES } from "../rules.ts";
import type { Checking } from "./checking.ts";

const RULES_OF: Readonly<Record<InputType, readonly (keyof InputRules)[]>> = {
  string: ["pattern", "min_length", "max_length", "enum"],
  number: ["min", "max", "enum"],
  boolean: ["enum"],
  array: ["min_items", "max_items", "item_type", "enum"],
  object: ["required_keys", "properties", "enum"],
};

const PAIRS = [
  ["min", "max"],
  ["min_length", "max_length"],
  ["min_items", "max_items"],
] as const;

/**
 * Checks the inputs of a body, the properties of one of its objects, or the fields of a form, whose defaults may be
 * templates: those are known only when they are asked.
 */
export function checkDefinitions(
  checking: Checking,
  inputs: Inputs,
  path: DocumentPath,
  options: { readonly templates?: boolean } = {},
): void {
  for (const [name, definition] of Object.entries(inputs)) {
    const unknown =
      options.templates === true && JSON.stringify(definition.default ?? null).includes("{{");
    checkOne(checking, name, definition, [...path, name], unknown);
  }
}

/** Ranges and patterns of rules that stand alone, as in a prompt. */
export function checkRanges(checking: Checking, rules: InputRules, path: DocumentPath): void {
  for (const [least, most] of PAIRS) {
    const [low, high] = [rules[least], rules[most]];
    if (low === undefined || high === undefined || low <= high) continue;
    const message = `\`${least}\` (${low}) is greater than \`${most}\` (${high}): nothing fits.`;
    checking.report({ at: [...path, least], code: "empty-range", message });
  }
}

function checkOne(
  checking: Checking,
  name: string,
  definition: InputDefinition,
  path: DocumentPath,
  unknown: boolean,
): void {
  const { type, validation, default: fallback, required } = definition;
  if (fallback !== undefined && fallback !== null && !unknown) {
    for (const broken of checkDefinition(definition, fallback)) {
      const { message, expected, suggestion } = broken;
      const at = [...path, "default"];
      checking.report({
        at,
        code: "bad-default",
        message: `The default of \`${name}\`: ${message}`,
        expected,
        suggestion,
      });
    }
    if (required) {
      const message = `\`${name}\` has a default, so \`required\` says nothing.`;
      checking.report({
        at: [...path, "required"],
        part: "key",
        severity: "hint",
        code: "no-effect",
        message,
        fix: removeKey(checking.source, [...path, "required"]),
      });
    }
  }
  if (!validation) return;
  checkRanges(checking, validation, [...path, "validation"]);
  for (const rule of Object.keys(validation)) {
    if (RULES_OF[type].some((known) => known === rule)) continue;
    const message = `\`${rule}\` says nothing about ${TYPE_NAMES[type]}.`;
    const at = [...path, "validation", rule];
    const fix = removeKey(checking.source, at);
    checking.report({ at, part: "key", severity: "warning", code: "no-effect", message, fix });
  }
  // The reader has checked that every property is defined like an input.
  const properties = (validation.properties ?? {}) as unknown as Inputs;
  checkDefinitions(checking, properties, [...path, "validation", "properties"]);
}
