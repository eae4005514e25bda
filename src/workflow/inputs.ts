/**
 * What a run, a task or a prompt is given, checked against what it asks for.
 * Owns defaults, missing and unknown names, and reading values from the text of a command line.
 */
import { isList, isObject, type Json, type JsonObject, own } from "../util/json.ts";
import { closest } from "./closest.ts";
import type { InputDefinition, InputRules, Inputs } from "./definition/inputDefinition.ts";
import { type BrokenRule, checkDefinition, checkRules, TYPE_NAMES } from "./rules.ts";

/** What is wrong with one input. `message` is a sentence about the value that does not repeat the name. */
export interface InputProblem {
  /** The input's name, with the way into it: `tags[2]`, `address.city`. */
  readonly name: string;
  readonly message: string;
  readonly expected: string;
  readonly suggestion?: string;
}

export type CheckedInputs =
  /** Every declared input has a value; null where none was given and none is the default. */
  | { readonly ok: true; readonly values: JsonObject }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

/**
 * Fills in defaults and checks names, types and rules. Null counts as not given. With `coerce`, texts become the
 * type that is asked for (`5`, `true`, `a,b`, JSON), as a command line gives them. `noun` is what they are called.
 */
export function checkInputs(
  definitions: Inputs,
  given: JsonObject,
  options: { readonly coerce?: boolean; readonly noun?: "input" | "field" } = {},
): CheckedInputs {
  const problems: InputProblem[] = [];
  const values: Record<string, Json> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(definitions, name))
      problems.push(unknownInput(name, definitions, options.noun ?? "input"));
  }
  for (const [name, definition] of Object.entries(definitions)) {
    const raw = own(given, name) ?? null;
    const value = options.coerce && typeof raw === "string" ? coerceText(raw, definition) : raw;
    if (value === null) {
      values[name] = definition.default ?? null;
      if (definition.required && definition.default === undefined)
        problems.push(missing(name, definition));
    } else {
      values[name] = value;
      for (const rule of checkDefinition(definition, value)) problems.push(atInput(name, rule));
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

/** What a person's answer breaks, empty when nothing; each message here says what was expected, too. */
export function checkAnswer(rules: InputRules | undefined, value: Json): readonly BrokenRule[] {
  return checkRules(rules, value).map((rule) => {
    const where = rule.path === "" ? "" : `${rule.path}: `;
    return { ...rule, message: `${where}${rule.message} Expected ${rule.expected}.` };
  });
}

/** A text from a command line as the type that is asked for; the text itself where it does not read as one. */
export function coerceText(text: string, definition: InputDefinition): Json {
  const trimmed = text.trim();
  switch (definition.type) {
    case "string":
      return text;
    case "number":
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) ? Number(trimmed) : text;
    case "boolean":
      return (
        { true: true, yes: true, "1": true, false: false, no: false, "0": false }[
          trimmed.toLowerCase()
        ] ?? text
      );
    case "array": {
      const list = parseJson(trimmed);
      if (isList(list)) return list;
      return trimmed.startsWith("[") ? text : splitList(trimmed, definition);
    }
    case "object": {
      const object = parseJson(trimmed);
      return isObject(object) ? object : text;
    }
  }
}

/**
 * What a person typed for one value as the value that is meant. Nothing typed is nothing given (null), unless a text
 * that was offered has been cleared.
 */
export function typedValue(definition: InputDefinition, text: string): Json {
  const cleared = definition.type === "string" && definition.default !== undefined;
  return text === "" && !cleared ? null : coerceText(text, definition);
}

/** A text as the value that a person means where no type is known: JSON where it reads as JSON, the text otherwise. */
export function jsonOrText(text: string): Json {
  const value = parseJson(text);
  return value === undefined ? text : value;
}

/** What is wrong with what a person typed for one value, in a sentence; undefined when it is fine. */
export function typedProblem(definition: InputDefinition, text: string): string | undefined {
  const value = typedValue(definition, text);
  if (value === null) return definition.required === true ? "It is required." : undefined;
  const [broken] = checkDefinition(definition, value);
  return broken && `${`${broken.path} ${broken.message}`.trim()} Expected ${broken.expected}.`;
}

/** A value as a person would type it: `typedValue` reads it back. */
export function asTyped(definition: InputDefinition, value: Json): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  const plain =
    definition.type === "array" &&
    isList(value) &&
    !value.some((item) => isObject(item) || isList(item));
  return plain && isList(value) ? value.map(String).join(", ") : JSON.stringify(value);
}

/** What a value is picked from instead of typed, when its definition says so. */
export function choicesOf(definition: InputDefinition): readonly Json[] | undefined {
  return definition.validation?.enum ?? (definition.type === "boolean" ? [true, false] : undefined);
}

/** One sentence a problem: "`tags[2]`: Cannot be 5. Expected a text." */
export function formatInputProblem(problem: InputProblem): string {
  const suggestion =
    problem.suggestion === undefined ? "" : ` Did you mean \`${problem.suggestion}\`?`;
  return `\`${problem.name}\`: ${problem.message} Expected ${problem.expected}.${suggestion}`;
}

function splitList(text: string, definition: InputDefinition): Json {
  const type = definition.validation?.item_type ?? "string";
  if (text === "") return [];
  return text.split(",").map((item) => coerceText(item.trim(), { type }));
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unknownInput(name: string, definitions: Inputs, noun: string): InputProblem {
  const names = Object.keys(definitions);
  const suggestion = closest(name, names);
  const expected = names.length === 0 ? `no ${noun}s` : `one of ${names.join(", ")}`;
  const problem = { name, message: `There is no such ${noun}.`, expected };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

function missing(name: string, definition: InputDefinition): InputProblem {
  const about = definition.description ? ` (${definition.description})` : "";
  return {
    name,
    message: "Required, but not given.",
    expected: `${TYPE_NAMES[definition.type]}${about}`,
  };
}

function atInput(name: string, { path, message, expected, suggestion }: BrokenRule): InputProblem {
  const problem = { name: `${name}${path}`, message, expected };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}
