/**
 * An escalation in the terminal: shown whole, then approve, edit, retry with guidance, reroute, fail, or later.
 * Approve stands under the very text that it approves.
 */
import type { EscalationForm } from "../../../run/ask/escalation.ts";
import type { FormView } from "../../../views/breakpointForm.ts";
import { printable } from "../../../views/printable.ts";
import { editInEditor } from "./editor.ts";
import { type Asked, type AskPorts, LATER, pick } from "./pick.ts";
import { askText } from "./typing/textPrompt.ts";

/** Asks until the person decides or leaves it for later. */
export async function askEscalation(
  form: EscalationForm,
  view: FormView,
  ports: AskPorts,
): Promise<Asked> {
  const { terminal } = ports;
  terminal.line();
  for (const line of printable(view.body).trim().split("\n")) terminal.line(`  ${line}`);
  terminal.line();
  while (!ports.signal.aborted) {
    const decision = await pick("What now?", view.choices, ports);
    if (decision === undefined) return LATER;
    const more = await detailsOf(decision, form, ports);
    if (more) return { said: true, answer: { decision, ...more } };
  }
  return LATER;
}

/** What a decision needs beside its word; undefined: the person thought better of it. */
async function detailsOf(
  decision: string,
  form: EscalationForm,
  ports: AskPorts,
): Promise<Record<string, string> | undefined> {
  switch (decision) {
    case "edit": {
      const edited = await ports.keyboard.lend(() => editInEditor(form.response, ports.env));
      if (edited.ok) return { response: edited.text };
      ports.terminal.line(edited.message);
      return undefined;
    }
    case "retry":
      return named("guidance", await askLine("What should it do differently?", ports));
    case "reroute": {
      const agents = form.agents.map((agent) => ({ value: agent, label: agent }));
      const agent = await pick("To which agent?", agents, ports);
      if (agent === undefined) return undefined;
      const guidance = await askLine("What should it know?", ports);
      return guidance === undefined ? undefined : { agent, guidance };
    }
    case "fail":
      return named("reason", await askLine("Why? One line of reason", ports));
    default:
      return {};
  }
}

function named(name: string, text: string | undefined): Record<string, string> | undefined {
  return text === undefined ? undefined : { [name]: text };
}

function askLine(title: string, { keyboard, signal }: AskPorts): Promise<string | undefined> {
  return keyboard.prompt("text", (input) =>
    askText({ title, input, signal, validate: () => undefined }),
  );
}
