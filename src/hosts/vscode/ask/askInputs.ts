/**
 * Asks for a workflow's inputs, one at a time, each checked by the workflow's own rules.
 * Owns how an input becomes a question; the rules are the language's.
 */
import * as vscode from "vscode";
import type { TemplateInfo } from "../../../app/app.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import type { InputDefinition } from "../../../workflow/definition/inputDefinition.ts";
import { TYPE_NAMES } from "../../../workflow/rules.ts";
import { askValue } from "./askValue.ts";
import { askInTurn, type Turn } from "./inTurn.ts";
import type { Button, Surround } from "./quickInput.ts";
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
    const said = await askValue(writings, input.definition, given.get(input.name), surround);
    if (said.type === "said") given.set(input.name, said.value);
    return said.type === "button" ? { type: "rest" } : said;
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
