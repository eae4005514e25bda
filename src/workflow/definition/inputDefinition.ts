/**
 * What a file, a task or a prompt asks to be given: types, rules and fields of forms.
 * Owns the shapes only; what a given value breaks is found by `rules.ts`.
 */
import type { Json, JsonObject } from "../../util/json.ts";

export type InputType = "string" | "number" | "boolean" | "array" | "object";

export interface InputRules {
  readonly pattern?: string;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly enum?: readonly Json[];
  readonly min?: number;
  readonly max?: number;
  readonly min_items?: number;
  readonly max_items?: number;
  readonly item_type?: InputType;
  readonly required_keys?: readonly string[];
  readonly properties?: JsonObject;
}

export interface InputDefinition {
  readonly type: InputType;
  readonly required?: boolean;
  readonly default?: Json;
  readonly description?: string;
  readonly validation?: InputRules;
}

export type Inputs = Readonly<Record<string, InputDefinition>>;

export type PromptInput = "info" | "confirm" | "text" | "choice" | "form";

/** One field of a form; `default` may hold templates until it is asked. */
export interface FormField extends InputDefinition {
  readonly label?: string;
}

/** In the order in which they are asked. */
export type FormFields = Readonly<Record<string, FormField>>;
