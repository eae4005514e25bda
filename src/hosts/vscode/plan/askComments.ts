/** Collects what should change in a plan: comments, each on a line. Owns the boxes; sends nothing. */
import * as vscode from "vscode";
import type { Comment } from "../../../run/ask/breakpoint.ts";
import { printableLine } from "../../../views/printable.ts";
import { askPick, askText } from "../ask/quickInput.ts";
import type { ShownPlan } from "./plans.ts";

/** The comments that the person wants sent; none: they closed a box. The first is on the line they stand on. */
export async function askComments(plan: ShownPlan): Promise<readonly Comment[]> {
  const comments: Comment[] = [];
  let line = lineOfSelection(plan);
  for (;;) {
    const text = await askComment(plan, line);
    if (text !== undefined) comments.push({ line, text });
    else if (comments.length === 0) return [];
    const next = await askWhatNext(plan, comments);
    if (next === "send") return comments;
    if (next === undefined) return [];
    line = next;
  }
}

async function askComment(plan: ShownPlan, line: number): Promise<string | undefined> {
  const said = await askText({
    title: vscode.l10n.t("Request Changes: line {0}", line),
    prompt: vscode.l10n.t("What should change? “{0}”", lineText(plan, line)),
    text: "",
    validate: (text) => (text.trim() === "" ? vscode.l10n.t("Say what should change.") : undefined),
  });
  return said.type === "said" ? said.value.trim() : undefined;
}

/** Send, or the line of the next comment; undefined: not now. */
async function askWhatNext(
  plan: ShownPlan,
  comments: readonly Comment[],
): Promise<"send" | number | undefined> {
  const send =
    comments.length === 1
      ? vscode.l10n.t("Send 1 Comment")
      : vscode.l10n.t("Send {0} Comments", comments.length);
  const lines = plan.form.plan
    .split("\n")
    .flatMap((text, index) => (text.trim() === "" ? [] : [index + 1]));
  const said = await askPick<"send" | number>({
    title: vscode.l10n.t("Request Changes"),
    placeholder: vscode.l10n.t("Send, or pick a line for another comment"),
    items: [
      {
        value: "send",
        label: `$(comment) ${send}`,
        detail: comments.map(({ line, text }) => `${line}: ${text}`).join("  "),
      },
      ...lines.map((line) => ({
        value: line,
        label: lineText(plan, line),
        description: vscode.l10n.t("line {0}", line),
      })),
    ],
  });
  return said.type === "said" ? said.value : undefined;
}

function lineOfSelection({ uri }: ShownPlan): number {
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  return (editor?.selection.active.line ?? 0) + 1;
}

function lineText({ form }: ShownPlan, line: number): string {
  const text = printableLine(form.plan.split("\n")[line - 1] ?? "");
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
