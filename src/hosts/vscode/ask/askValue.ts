/**
 * Asks for one value by its definition: picked where there are choices, typed otherwise, long text in an editor.
 * Owns how a definition becomes a question; the rules are the language's.
 */
import * as vscode from "vscode";
import type { Json } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import type { InputDefinition } from "../../../workflow/definition/inputDefinition.ts";
import { asTyped, choicesOf, typedProblem, typedValue } from "../../../workflow/inputs.ts";
import {
  askPick,
  askText,
  type Button,
  type PickItem,
  type Said,
  type Surround,
} from "./quickInput.ts";
import type { Writings } from "./writeInEditor.ts";

/** Null: left empty. Buttons are those of `surround`, by their ids. */
export async function askValue(
  writings: Writings,
  definition: InputDefinition,
  before: Json | undefined,
  surround: Surround,
): Promise<Said<Json>> {
  const preset = before ?? definition.default ?? null;
  const choices = choicesOf(definition);
  const said = choices
    ? await askPick<Json>(choiceQuestion(definition, choices, preset, surround))
    : await askTyped(definition, preset, surround);
  if (said.type !== "button" || said.id !== writeButton().id) return said;
  const text = await writings.write({
    name: surround.title,
    text: said.text,
    done: vscode.l10n.t("Use This Text"),
    check: (written) => typedProblem(definition, written),
  });
  return text === undefined ? { type: "closed" } : { type: "said", value: text };
}

/** Leads from the one-line box to an editor tab. */
export function writeButton(): Button {
  return { id: "write", icon: "go-to-file", tooltip: vscode.l10n.t("Write it in an editor") };
}

function choiceQuestion(
  definition: InputDefinition,
  choices: readonly Json[],
  preset: Json,
  surround: Surround,
) {
  const items: PickItem<Json>[] = choices.map((value) => ({
    value,
    label: labelOf(value),
    ...(value === definition.default ? { description: vscode.l10n.t("preset") } : {}),
  }));
  if (definition.required !== true && definition.default === undefined)
    items.push({ value: null, label: vscode.l10n.t("Leave it empty") });
  return { ...surround, items, active: (item: PickItem<Json>) => item.value === preset };
}

async function askTyped(
  definition: InputDefinition,
  preset: Json,
  surround: Surround,
): Promise<Said<Json>> {
  const write = definition.type === "string" ? [writeButton()] : [];
  const said = await askText({
    ...surround,
    buttons: [...(surround.buttons ?? []), ...write],
    text: asTyped(definition, preset),
    placeholder: placeholderOf(definition),
    validate: (text) => typedProblem(definition, text),
  });
  return said.type === "said" ? { type: "said", value: typedValue(definition, said.value) } : said;
}

function placeholderOf(definition: InputDefinition): string {
  if (definition.type === "array") return vscode.l10n.t("one, two, three, or a JSON list");
  return definition.type === "object" ? vscode.l10n.t('JSON: {"key": "value"}') : "";
}

function labelOf(value: Json): string {
  if (value === true) return vscode.l10n.t("Yes");
  if (value === false) return vscode.l10n.t("No");
  return printableLine(typeof value === "string" ? value : JSON.stringify(value));
}
