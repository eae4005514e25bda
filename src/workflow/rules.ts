/**
 * Whether a value keeps its type and the rules of `validation`: for inputs, prompts' answers and defaults alike.
 * Owns the meaning of each rule; every broken one is one sentence about the value, without its name.
 */
import { RE2JS } from "re2js";
import { isList, isObject, type Json, own } from "../util/json.ts";
import { closest } from "./closest.ts";
import type { InputDefinition, InputRules, InputType } from "./definition/inputDefinition.ts";

/** What is wrong with a value. `path` leads into it: `[2]`, `.address.city`; empty for the value itself. */
export interface BrokenRule {
  readonly path: string;
  readonly message: string;
  readonly expected: string;
  readonly suggestion?: string;
}

/** Every rule that the value breaks, in the order of the rules. */
export function checkRules(rules: InputRules | undefined, value: Json, path = ""): BrokenRule[] {
  if (!rules) return [];
  return [
    ...checkEnum(rules, value, path),
    ...(typeof value === "string" ? checkText(rules, value, path) : []),
    ...(typeof value === "number" ? checkNumber(rules, value, path) : []),
    ...(isList(value) ? checkList(rules, value, path) : []),
    ...(isObject(value) ? checkKeys(rules, value, path) : []),
  ];
}

/** Type first; the rules only when it fits. */
export function checkDefinition(definition: InputDefinition, value: Json, path = ""): BrokenRule[] {
  if (typeOf(value) === definition.type) return checkRules(definition.validation, value, path);
  const message = `Cannot be ${show(value)}.`;
  return [{ path, message, expected: TYPE_NAMES[definition.type] }];
}

export const TYPE_NAMES: Readonly<Record<InputType, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

/** A value as people see it in a message, cut to a line. */
export function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function typeOf(value: Json): InputType | "null" {
  if (value === null) return "null";
  if (isList(value)) return "array";
  return typeof value as "string" | "number" | "boolean" | "object";
}

function broken(path: string, message: string, expected: string): BrokenRule[] {
  return [{ path, message, expected }];
}

function checkEnum(rules: InputRules, value: Json, path: string): BrokenRule[] {
  if (!rules.enum || rules.enum.some((allowed) => same(allowed, value))) return [];
  const names = rules.enum.filter((allowed) => typeof allowed === "string");
  const suggestion = typeof value === "string" ? closest(value, names) : undefined;
  const expected = `one of ${rules.enum.map((item) => (typeof item === "string" ? item : show(item))).join(", ")}`;
  return [
    {
      path,
      message: `Cannot be ${show(value)}.`,
      expected,
      ...(suggestion === undefined ? {} : { suggestion }),
    },
  ];
}

function same(a: Json, b: Json): boolean {
  return (
    a === b ||
    (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b))
  );
}

function checkText(rules: InputRules, value: string, path: string): BrokenRule[] {
  const length = [...value].length;
  const found: BrokenRule[] = [];
  const { min_length: least, max_length: most, pattern } = rules;
  if (least !== undefined && length < least) {
    found.push(
      ...broken(
        path,
        `Has ${counted(length, "character")}.`,
        `at least ${counted(least, "character")}`,
      ),
    );
  }
  if (most !== undefined && length > most) {
    found.push(
      ...broken(
        path,
        `Has ${counted(length, "character")}.`,
        `at most ${counted(most, "character")}`,
      ),
    );
  }
  if (pattern !== undefined && !RE2JS.compile(pattern).matcher(value).find()) {
    found.push(...broken(path, `${show(value)} does not match.`, `a text that matches ${pattern}`));
  }
  return found;
}

function checkNumber(rules: InputRules, value: number, path: string): BrokenRule[] {
  const found: BrokenRule[] = [];
  if (rules.min !== undefined && value < rules.min) {
    found.push(...broken(path, `${value} is too small.`, `at least ${rules.min}`));
  }
  if (rules.max !== undefined && value > rules.max) {
    found.push(...broken(path, `${value} is too large.`, `at most ${rules.max}`));
  }
  return found;
}

function checkList(rules: InputRules, value: readonly Json[], path: string): BrokenRule[] {
  const found: BrokenRule[] = [];
  const { min_items: least, max_items: most, item_type: type } = rules;
  if (least !== undefined && value.length < least) {
    found.push(
      ...broken(
        path,
        `Has ${counted(value.length, "item")}.`,
        `at least ${counted(least, "item")}`,
      ),
    );
  }
  if (most !== undefined && value.length > most) {
    found.push(
      ...broken(path, `Has ${counted(value.length, "item")}.`, `at most ${counted(most, "item")}`),
    );
  }
  if (type !== undefined) {
    for (const [index, item] of value.entries()) {
      found.push(...checkDefinition({ type }, item, `${path}[${index}]`));
    }
  }
  return found;
}

function checkKeys(rules: InputRules, value: Record<string, Json>, path: string): BrokenRule[] {
  const found: BrokenRule[] = [];
  for (const key of rules.required_keys ?? []) {
    if (own(value, key) === undefined) found.push(...missingKey(path, key));
  }
  for (const [key, definition] of Object.entries(rules.properties ?? {})) {
    const item = own(value, key);
    // The reader has checked that every property is defined like an input.
    const property = definition as unknown as InputDefinition;
    if (item !== undefined && item !== null)
      found.push(...checkDefinition(property, item, `${path}.${key}`));
    else if (property.required) found.push(...missingKey(path, key));
  }
  return found;
}

function missingKey(path: string, key: string): BrokenRule[] {
  return broken(path, `The key \`${key}\` is missing.`, `an object with \`${key}\``);
}

/** "1 item", "3 items". */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
