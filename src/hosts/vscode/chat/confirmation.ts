/**
 * What a person is asked before an agent of the editor starts a workflow or answers a question, with the very text.
 * Owns that wording; the editor asks. Pure.
 */
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import type { JsonObject } from "../../../util/json.ts";
import { formView } from "../../../views/breakpointForm.ts";
import { escaped, fenced } from "../plainText.ts";

export interface Confirmation {
  readonly title: string;
  /** Markdown. */
  readonly message: string;
}

type Translate = (text: string, ...values: readonly string[]) => string;

/** Before `start_workflow`. */
export function startConfirmation(t: Translate, { workflow, inputs }: JsonObject): Confirmation {
  const given = inputs === undefined ? "" : `\n\n${fenced(JSON.stringify(inputs, null, 2))}`;
  return {
    title: t("Start a workflow?"),
    message: `${t("Start {0} in this folder. It may run agents, tools and commands.", `**${escaped(String(workflow))}**`)}${given}`,
  };
}

/** Before `answer_question`: the whole question and the whole answer. */
export function answerConfirmation(
  t: Translate,
  open: Breakpoint,
  { answer }: JsonObject,
): Confirmation {
  const view = formView(open);
  const said = typeof answer === "string" ? answer : JSON.stringify(answer ?? null, null, 2);
  const asked = `**${t("The run asks:")}**\n\n${fenced(view.body)}`;
  return {
    title: t("Answer “{0}”?", escaped(view.title)),
    message: `${asked}\n\n**${t("The agent answers:")}**\n\n${fenced(said)}`,
  };
}
