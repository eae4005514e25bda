/**
 * What a value in a workflow file may look like, as data: the vocabulary of the tables beside this file.
 * The reader, the validator, the JSON schema and the editor's help are all driven by these tables; nothing here
 * reads a file.
 */
import type { Json } from "../../util/json.ts";

/** A text that must match; `expected` says it to people, `example` is shown in the editor. */
export interface TextRule {
  readonly pattern: RegExp;
  readonly expected: string;
}

export type Shape =
  /** Text without templates; with `scalar`, numbers and words such as `true` are written without quotes. */
  | { readonly type: "text"; readonly rule?: TextRule; readonly scalar?: true }
  /** Text with templates; with `secrets`, it may hold references to secrets. */
  | { readonly type: "template"; readonly secrets?: true }
  /** An expression, bare or as `{{ }}`; always written as `{{ }}` after reading. */
  | { readonly type: "expression" }
  /** A regular expression of the linear-time engine. */
  | { readonly type: "pattern" }
  | { readonly type: "boolean" }
  | {
      readonly type: "number";
      readonly integer?: true;
      readonly min?: number;
      readonly max?: number;
      /** 0 to 100: a fraction is most likely meant of 1. */
      readonly score?: true;
    }
  /** Milliseconds after reading; with `template`, a text with a template stays as it is. */
  | { readonly type: "duration"; readonly template?: true }
  | { readonly type: "choice"; readonly values: readonly string[] }
  /** Anything; with `templates`, its texts may hold templates. */
  | { readonly type: "json"; readonly templates?: true }
  /** A mapping from free names to anything. */
  | {
      readonly type: "object";
      readonly templates?: true;
      readonly names?: TextRule;
      readonly schema?: true;
    }
  | { readonly type: "list"; readonly of: Shape; readonly min?: number }
  | { readonly type: "map"; readonly of: Shape; readonly names: TextRule }
  | { readonly type: "record"; readonly title: string; readonly fields: Fields }
  /** The definition of an input; named, because it contains itself through `validation.properties`. */
  | { readonly type: "input" }
  | { readonly type: "steps" }
  /** The name of a task or workflow; a `BodyRef` after reading. */
  | { readonly type: "body" }
  /** Told apart by the kind of YAML node. */
  | {
      readonly type: "either";
      readonly scalar?: Shape;
      readonly list?: Shape;
      readonly map?: Shape;
    };

export interface Field {
  readonly shape: Shape;
  /** One line of Markdown for hover, completion and the schema. */
  readonly doc: string;
  readonly required?: true;
  /** Filled in when the key is absent; already in the form after reading (milliseconds). */
  readonly default?: Json;
}

export type Fields = Readonly<Record<string, Field>>;

/** The field of a key; never something inherited. */
export function fieldOf(fields: Fields, key: string): Field | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

export const text: Shape = { type: "text" };
/** A text that says something. */
export const words: Shape = {
  type: "text",
  rule: { pattern: /\S/, expected: "a text that is not empty" },
};
export const template: Shape = { type: "template" };
export const expression: Shape = { type: "expression" };
export const boolean: Shape = { type: "boolean" };
export const duration: Shape = { type: "duration" };
export const steps: Shape = { type: "steps" };
export const anything: Shape = { type: "json" };
export const structure: Shape = { type: "json", templates: true };
export const count: Shape = { type: "number", integer: true, min: 0 };

/** A whole number of at least 1 and at most `max`. */
export function upTo(max: number): Shape {
  return { type: "number", integer: true, min: 1, max };
}

export const score: Shape = { type: "number", min: 0, max: 100, score: true };

export function choice(...values: string[]): Shape {
  return { type: "choice", values };
}

export const NAME: TextRule = {
  pattern: /^[A-Za-z_][A-Za-z0-9_-]*$/,
  expected: "a name of letters, digits, `_` and `-` that does not start with a digit",
};

export const STEP_ID: TextRule = {
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_-]*$/,
  expected: "an id of letters, digits, `_` and `-`",
};

export const AGENT: TextRule = {
  pattern: /^@[A-Za-z0-9][A-Za-z0-9._-]*$/,
  expected: "an agent's name with its `@`, such as `@task`",
};

export const agent: Shape = { type: "text", rule: AGENT };

/** One type of step: what it is for, what it gives, and the keys that only it has. */
export interface StepKindDefinition {
  readonly doc: string;
  /** What `steps.<id>` and `output_to` receive. */
  readonly result: string;
  readonly fields: Fields;
}
