/**
 * Asks for a workflow's inputs, one at a time, each checked by the workflow's own rules.
 * Owns how an input becomes a question; the rules are the language's.
 */
import * as vscode from "vscode";
import type { TemplateInfo } from "../../../app/app.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { isObject } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import { coerceText } from "../../../workflow/inputs.ts";
import { checkDefinition, TYPE_NAMES } from "../../../workflow/rules.ts";
import type { InputDefinition } from "../../../workflow/workflow.ts";
import { askInTurn, type Turn } from "./inTurn.ts";
import {
  askPick,
  askText,
  type Button,
  type PickItem,
  type Said,
  type Surround,
} from "./quickInput.ts";
import type { Writings } from "./writeInEditor.ts";

export type AskedInputs =
  | Exclude<Turn<never>, { type: "all" }>
  | { readonly type: "all"; readonly inputs: JsonObject };

interface Named {
  readonly name: string;
  readonly definition: InputDefinition;
}

/** Asks for everything that a template wants. `canGoBack`: there is a question before these. */
export async function askInputs(
  writings: Writings,
  template: TemplateInfo,
  canGoBack: boolean,
): Promise<AskedInputs> {
  const wanted = Object.entries(template.inputs).map(([name, definition]) => ({
    name,
    definition,
  }));
  const given = new Map<string, Json>();
  const turn = await askInTurn<Json>(wanted.length, async (index) => {
    const input = wanted[index];
    if (!input) return { type: "rest" };
    const rest = wanted.slice(index);
    const surround = surroundOf(template, input, {
      step: index + 1,
      totalSteps: wanted.length,
      canGoBack: canGoBack || index > 0,
      buttons: rest.every(isOptional) ? [startButton()] : [],
    });
    const said = await askInput(writings, input, given.get(input.name), surround);
    if (said.type === "said") given.set(input.name, said.value);
    return said;
  });
  if (turn.type !== "all") return turn;
  const answered = wanted
    .slice(0, turn.answers.length)
    .map(({ name }, index) => [name, turn.answers[index] ?? null]);
  return {
    type: "all",
    inputs: Object.fromEntries(answered.filter(([, value]) => value !== null)),
  };
}

function startButton(): Button {
  return {
    id: "rest",
    icon: "run-all",
    tooltip: vscode.l10n.t("Start with what is preset for the rest"),
  };
}

/** Leads from the one-line box to an editor tab. */
export function writeButton(): Button {
  return { id: "write", icon: "go-to-file", tooltip: vscode.l10n.t("Write it in an editor") };
}

function isOptional({ definition }: Named): boolean {
  return definition.required !== true || definition.default !== undefined;
}

function surroundOf(
  template: TemplateInfo,
  { name, definition }: Named,
  more: Pick<Surround, "step" | "totalSteps" | "canGoBack" | "buttons">,
): Surround {
  const optional = definition.required === true ? "" : vscode.l10n.t(" (optional)");
  return {
    ...more,
    title: printableLine(`${template.name}: ${name.replaceAll("_", " ")}${optional}`),
    prompt: printableLine(
      definition.description ?? vscode.l10n.t("{0}: {1}", name, TYPE_NAMES[definition.type]),
    ),
  };
}

type Answered = Exclude<Said<Json>, { type: "button" }> | { readonly type: "rest" };

async function askInput(
  writings: Writings,
  input: Named,
  before: Json | undefined,
  surround: Surround,
): Promise<Answered> {
  const { definition } = input;
  const preset = before ?? definition.default ?? null;
  const choices =
    definition.validation?.enum ?? (definition.type === "boolean" ? [true, false] : undefined);
  const said = choices
    ? await askPick<Json>(choiceQuestion(input, choices, preset, surround))
    : await askTyped(input, preset, surround);
  if (said.type !== "button") return said;
  if (said.id === startButton().id) return { type: "rest" };
  const text = await writings.write({
    name: surround.title,
    text: said.text,
    done: vscode.l10n.t("Use This Text"),
    check: (written) => problemOf(definition, written),
  });
  return text === undefined ? { type: "closed" } : { type: "said", value: text };
}

function choiceQuestion(
  { definition }: Named,
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
  { definition }: Named,
  preset: Json,
  surround: Surround,
): Promise<Said<Json>> {
  const write = definition.type === "string" ? [writeButton()] : [];
  const said = await askText({
    ...surround,
    buttons: [...(surround.buttons ?? []), ...write],
    text: preset === null ? "" : asText(preset, definition),
    placeholder: placeholderOf(definition),
    validate: (text) => problemOf(definition, text),
  });
  return said.type === "said" ? { type: "said", value: meantValue(definition, said.value) } : said;
}

function placeholderOf(definition: InputDefinition): string {
  if (definition.type === "array") return vscode.l10n.t("one, two, three, or a JSON list");
  return definition.type === "object" ? vscode.l10n.t('JSON: {"key": "value"}') : "";
}

/** What is typed as the value that is meant; nothing typed is nothing given. */
function meantValue(definition: InputDefinition, text: string): Json {
  return text === "" ? null : coerceText(text, definition);
}

function problemOf(definition: InputDefinition, text: string): string | undefined {
  const value = meantValue(definition, text);
  if (value === null)
    return definition.required === true ? vscode.l10n.t("It is required.") : undefined;
  const [broken] = checkDefinition(definition, value);
  return (
    broken &&
    vscode.l10n.t("{0} Expected {1}.", `${broken.path} ${broken.message}`.trim(), broken.expected)
  );
}

function asText(value: Json, definition: InputDefinition): string {
  if (typeof value === "string") return value;
  const plain =
    definition.type === "array" &&
    Array.isArray(value) &&
    !value.some((item) => isObject(item) || Array.isArray(item));
  return plain && Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
}

function labelOf(value: Json): string {
  if (value === true) return vscode.l10n.t("Yes");
  if (value === false) return vscode.l10n.t("No");
  return printableLine(typeof value === "string" ? value : JSON.stringify(value));
}
