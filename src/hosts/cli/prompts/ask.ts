/**
 * Asks in the terminal what a breakpoint asks. Closing a prompt means later, never a no.
 * Owns which prompt a form gets; how an answer is read and recorded is the run's matter.
 */
import { confirm, isCancel } from "@clack/prompts";
import type { Breakpoint, Form } from "../../../run/ask/breakpoint.ts";
import { readAnswer } from "../../../run/ask/readAnswer.ts";
import { type FormView, formView } from "../../../views/breakpointForm.ts";
import { printable, printableLine } from "../../../views/printable.ts";
import type { Terminal } from "../screen/terminal.ts";
import { askEscalation } from "./askEscalation.ts";
import { askFields } from "./askFields.ts";
import { askPlan } from "./askPlan.ts";
import { type Asked, type AskPorts, LATER, pick } from "./pick.ts";
import { askText } from "./typing/textPrompt.ts";

/** Asks once. An answer comes with what was on screen; whoever sends it adds the breakpoint's hash. */
export async function ask(open: Breakpoint, ports: AskPorts): Promise<Asked> {
  const view = formView(open);
  if (open.form.kind === "approval") return askPlan(open.form, view, ports);
  if (open.form.kind === "escalation") return askEscalation(open.form, view, ports);
  showBody(view, ports.terminal);
  switch (view.kind) {
    case "text":
      return askForText(open.form, view, ports);
    case "form":
      return askFields(view, ports);
    case "confirm":
      return askYesOrNo(open.form, view, ports);
    default:
      return askChoice(view, ports);
  }
}

/** Whatever stands above the prompt's own line; a form's prompts say their fields instead. */
function showBody(view: FormView, terminal: Terminal): void {
  const body = printable(view.body).trim();
  if (view.kind !== "form" && body === printableLine(view.title)) return;
  terminal.line();
  for (const line of body.split("\n")) terminal.line(`  ${line}`);
  terminal.line();
}

async function askForText(form: Form, view: FormView, ports: AskPorts): Promise<Asked> {
  const { signal } = ports;
  const preset =
    form.kind === "prompt" && typeof form.default === "string" ? { initial: form.default } : {};
  const text = await ports.keyboard.prompt("text", (input) =>
    askText({
      title: printableLine(view.title),
      input,
      signal,
      ...preset,
      validate: (given) => {
        const read = readAnswer(form, given);
        return read.ok ? undefined : read.message;
      },
    }),
  );
  return text === undefined ? LATER : { said: true, answer: text };
}

async function askYesOrNo(form: Form, view: FormView, ports: AskPorts): Promise<Asked> {
  const preset = form.kind === "prompt" && typeof form.default === "boolean" ? form.default : true;
  const { signal } = ports;
  const answer = await ports.keyboard.prompt("keys", (input) =>
    confirm({ message: printableLine(view.title), input, signal, initialValue: preset }),
  );
  return isCancel(answer) ? LATER : { said: true, answer };
}

async function askChoice(view: FormView, ports: AskPorts): Promise<Asked> {
  const chosen = await pick(view.title, view.choices, ports);
  return chosen === undefined ? LATER : { said: true, answer: chosen };
}
