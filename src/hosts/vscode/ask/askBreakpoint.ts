/**
 * Asks natively what a breakpoint asks: text, yes or no, one of several, or only to be acknowledged.
 * Owns which box a form gets. Closing it leaves the question open; plans have a document of their own.
 */
import * as vscode from "vscode";
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import { readAnswer } from "../../../run/ask/readAnswer.ts";
import type { Json } from "../../../util/json.ts";
import { type FormView, formView } from "../../../views/breakpointForm.ts";
import { printable, printableLine } from "../../../views/printable.ts";
import { askEscalation } from "./askEscalation.ts";
import { askForm } from "./askForm.ts";
import { writeButton } from "./askValue.ts";
import { askPick, askText } from "./quickInput.ts";
import type { Writings } from "./writeInEditor.ts";

export interface Asking {
  readonly writings: Writings;
  /** Shown in the title bar: what the question belongs to. */
  readonly about: string;
  /** Aborted when the question is no longer asked. */
  readonly signal: AbortSignal;
}

/** The person's answer as `readAnswer` takes it; undefined: not now. */
export async function askBreakpoint(open: Breakpoint, asking: Asking): Promise<Json | undefined> {
  const view = formView(open);
  return BOXES[view.kind](open, view, asking);
}

type Box = (open: Breakpoint, view: FormView, asking: Asking) => Promise<Json | undefined>;

/** The box of each kind; a plan is only picked over here where its document is not in reach. */
const BOXES: Readonly<Record<FormView["kind"], Box>> = {
  text: askForText,
  form: (_, view, asking) => askForm(view, surroundOf(view, asking), asking.writings),
  escalation: async ({ form }, view, asking) =>
    form.kind === "escalation"
      ? askEscalation(form, view, surroundOf(view, asking), asking.writings)
      : undefined,
  info: askChoice,
  confirm: askChoice,
  choice: askChoice,
  plan: askChoice,
  stop: askChoice,
  outcome: askChoice,
  permission: askChoice,
};

/** One line in the box, or as much as the person wants in an editor's tab. */
async function askForText(
  open: Breakpoint,
  view: FormView,
  asking: Asking,
): Promise<Json | undefined> {
  const { form } = open;
  const preset = form.kind === "prompt" && typeof form.default === "string" ? form.default : "";
  const said = await askText({
    ...surroundOf(view, asking),
    buttons: [writeButton()],
    text: preset,
    placeholder: view.expected === "Text." ? vscode.l10n.t("Your answer") : view.expected,
    validate: (text) => problemOf(open, text),
  });
  if (said.type === "said") return said.value;
  if (said.type !== "button") return undefined;
  return asking.writings.write({
    name: printableLine(view.title),
    text: said.text,
    done: vscode.l10n.t("Send Answer"),
    check: (text) => problemOf(open, text),
  });
}

async function askChoice(
  open: Breakpoint,
  view: FormView,
  asking: Asking,
): Promise<Json | undefined> {
  const { form } = open;
  const preset = form.kind === "prompt" ? form.default : undefined;
  const word = preset === true ? "yes" : preset === false ? "no" : preset;
  const said = await askPick<Json>({
    ...surroundOf(view, asking),
    placeholder: view.expected,
    items: view.choices.map(({ value, label, hint }) => ({
      value,
      label: printableLine(label),
      ...(hint === undefined ? {} : { description: printableLine(hint) }),
    })),
    active: (item) => item.value === word,
  });
  return said.type === "said" ? said.value : undefined;
}

/** The question stands in full under the box. */
function surroundOf(view: FormView, { about, signal }: Asking) {
  const overdue = view.escalated ? vscode.l10n.t("overdue") : "";
  const title = [printableLine(about), overdue].filter((part) => part !== "").join(" · ");
  return { title, prompt: questionText(view.body), signal };
}

/** A question as one flowing text, for a box that knows no markdown. */
export function questionText(body: string): string {
  const lines = printable(body)
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^[-*+] /, "• ")
        .replace(/\*\*(.+?)\*\*/g, "$1"),
    );
  return lines.filter((line) => line !== "").join(" ");
}

function problemOf(open: Breakpoint, text: string): string | undefined {
  const read = readAnswer(open.form, text);
  return read.ok ? undefined : read.message;
}
