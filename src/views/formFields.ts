/**
 * The fields of a form in words: what each is called, what it takes, and how it is given on a command line.
 * Owns that wording; whether a value fits is for the workflow's rules.
 */
import type { Form } from "../run/ask/breakpoint.ts";
import type { FormField, InputRules } from "../workflow/definition/inputDefinition.ts";
import { asTyped } from "../workflow/inputs.ts";
import { counted, TYPE_NAMES } from "../workflow/rules.ts";

/** One field of a form. */
export interface FieldView {
  readonly name: string;
  /** What people read instead of the name. */
  readonly label: string;
  readonly field: FormField;
  /** What it takes, as a phrase: "a number, at least 1 (preset: 3)". */
  readonly takes: string;
}

/** What a form asks for, in order; nothing for every other breakpoint. */
export function fieldsOf(form: Form): readonly FieldView[] {
  const fields = form.kind === "prompt" ? (form.fields ?? {}) : {};
  return Object.entries(fields).map(([name, field]) => ({
    name,
    label: field.label ?? name.replaceAll("_", " "),
    field,
    takes: `${TYPE_NAMES[field.type]}${ruleWords(field.validation)}${standing(field)}`,
  }));
}

/** A field as a word of `fermata answer`: what is preset, or where the value goes. */
export function fieldWord({ name, field }: FieldView): string {
  const preset = field.default === undefined ? "VALUE" : asTyped(field, field.default);
  return `${name}=${preset}`;
}

/** Rules as they stand behind the type: ", at least 2 characters, one of a, b". */
export function ruleWords(rules: InputRules | undefined): string {
  const { min_length, max_length, pattern, min, max, min_items, max_items } = rules ?? {};
  const said: string[] = [];
  const say = <T>(value: T | undefined, words: (value: T) => string): void => {
    if (value !== undefined) said.push(words(value));
  };
  say(min_length, (least) => `at least ${counted(least, "character")}`);
  say(max_length, (most) => `at most ${counted(most, "character")}`);
  say(pattern, (regular) => `matching ${regular}`);
  say(min, (least) => `at least ${least}`);
  say(max, (most) => `at most ${most}`);
  say(min_items, (least) => `at least ${counted(least, "item")}`);
  say(max_items, (most) => `at most ${counted(most, "item")}`);
  if (rules?.enum) said.push(`one of ${rules.enum.map((value) => asTyped(ANY, value)).join(", ")}`);
  return said.length > 0 ? `, ${said.join(", ")}` : "";
}

const ANY = { type: "string" } as const;

function standing(field: FormField): string {
  if (field.default !== undefined) return ` (preset: ${asTyped(field, field.default)})`;
  return field.required === true ? "" : " (optional)";
}
