/** Asks in the terminal for a form's fields, one after another; leaving one leaves the whole form for later. */
import type { Json } from "../../../util/json.ts";
import type { FormView } from "../../../views/breakpointForm.ts";
import { printableLine } from "../../../views/printable.ts";
import type { InputDefinition } from "../../../workflow/definition/inputDefinition.ts";
import { asTyped, choicesOf, typedProblem, typedValue } from "../../../workflow/inputs.ts";
import type { Terminal } from "../screen/terminal.ts";
import { type Asked, type AskPorts, LATER, pick } from "./pick.ts";
import { askText } from "./typing/textPrompt.ts";

/** The fields as one answer. */
export async function askFields({ fields }: FormView, ports: AskPorts): Promise<Asked> {
  const values: Record<string, Json> = {};
  for (const [at, { name, label, field }] of fields.entries()) {
    const count = ` (${at + 1} of ${fields.length})`;
    const title = fieldTitle(label, count, field.description, ports.terminal);
    const value = await askField(title, field, ports);
    if (value === undefined) return LATER;
    values[name] = value;
  }
  return { said: true, answer: values };
}

/** What stands above the question for one value. */
export function fieldTitle(
  label: string,
  count: string,
  description: string | undefined,
  { paint }: Pick<Terminal, "paint">,
): string {
  const about = description === undefined ? "" : `: ${printableLine(description)}`;
  return `${paint("bold", printableLine(label))}${count}${about}`;
}

/** One value, picked or typed. Null where it was left empty; undefined: not now. */
export async function askField(
  title: string,
  field: InputDefinition,
  ports: Pick<AskPorts, "keyboard" | "signal">,
): Promise<Json | undefined> {
  const choices = choicesOf(field);
  if (choices) {
    const optional = field.required !== true && field.default === undefined;
    return pickValue(title, optional ? [...choices, null] : choices, field.default, ports);
  }
  const { signal } = ports;
  const text = await ports.keyboard.prompt("text", (input) =>
    askText({
      title,
      input,
      signal,
      ...(field.default === undefined ? {} : { initial: asTyped(field, field.default) }),
      validate: (typed) => typedProblem(field, typed),
    }),
  );
  return text === undefined ? undefined : typedValue(field, text);
}

/** The preset value comes first, so that Enter takes it. */
async function pickValue(
  title: string,
  values: readonly Json[],
  preset: Json | undefined,
  ports: Pick<AskPorts, "keyboard" | "signal">,
): Promise<Json | undefined> {
  const ordered = [...values].sort((a, b) => Number(b === preset) - Number(a === preset));
  const labelled = ordered.map((value, index) => ({
    value: String(index),
    label: labelOf(value),
    ...(value === preset && preset !== undefined ? { hint: "preset" } : {}),
  }));
  const chosen = await pick(title, labelled, ports);
  return chosen === undefined ? undefined : ordered[Number(chosen)];
}

function labelOf(value: Json): string {
  if (value === null) return "Leave it empty";
  if (value === true) return "Yes";
  if (value === false) return "No";
  return typeof value === "string" ? value : JSON.stringify(value);
}
