/** An escalation in the editor: what to do, then what that needs. Closing any box leaves it open. */
import * as vscode from "vscode";
import type { EscalationForm } from "../../../run/ask/escalation.ts";
import type { Json } from "../../../util/json.ts";
import type { FormView } from "../../../views/breakpointForm.ts";
import { printableLine } from "../../../views/printable.ts";
import { askPick, askText, type Surround } from "./quickInput.ts";
import type { Writings } from "./writeInEditor.ts";

/** The person's decision as `readAnswer` takes it; undefined: not now. */
export async function askEscalation(
  form: EscalationForm,
  view: FormView,
  surround: Surround,
  writings: Writings,
): Promise<Json | undefined> {
  const chosen = await askPick<string>({
    ...surround,
    placeholder: view.expected,
    items: view.choices.map(({ value, label, hint }) => ({
      value,
      label: printableLine(label),
      ...(hint === undefined ? {} : { description: printableLine(hint) }),
    })),
    // The first is to approve: that takes more than Enter.
    active: () => false,
  });
  if (chosen.type !== "said") return undefined;
  const decision = chosen.value;
  switch (decision) {
    case "edit": {
      const name = printableLine(view.title);
      const done = vscode.l10n.t("Use This Result");
      const check = (text: string) =>
        text.trim() === "" ? vscode.l10n.t("The result is empty.") : undefined;
      const response = await writings.write({ name, text: form.response, done, check });
      return response === undefined ? undefined : { decision, response };
    }
    case "retry":
      return withLine(
        decision,
        "guidance",
        vscode.l10n.t("What should it do differently?"),
        surround,
      );
    case "reroute": {
      const items = form.agents.map((agent) => ({ value: agent, label: agent }));
      const placeholder = vscode.l10n.t("Which agent?");
      const agent = await askPick<string>({ ...surround, placeholder, items });
      return agent.type === "said" ? { decision, agent: agent.value } : undefined;
    }
    case "fail":
      return withLine(decision, "reason", vscode.l10n.t("Why?"), surround);
    default:
      return { decision };
  }
}

async function withLine(
  decision: string,
  name: string,
  placeholder: string,
  surround: Surround,
): Promise<Json | undefined> {
  const said = await askText({ ...surround, placeholder, text: "", validate: () => undefined });
  return said.type === "said" ? { decision, [name]: said.value } : undefined;
}
