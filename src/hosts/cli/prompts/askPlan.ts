/**
 * A plan in the terminal: shown whole with the numbers of its lines, then approve, request changes, reject, edit or later.
 * Approve is offered only under the very text that it approves; an edited one is shown again first.
 */
import type { Form } from "../../../run/ask/breakpoint.ts";
import type { Json } from "../../../util/json.ts";
import type { Choice, FormView } from "../../../views/breakpointForm.ts";
import { printableLine } from "../../../views/printable.ts";
import { numberedLines } from "../screen/questionText.ts";
import { readComments } from "../session/comments.ts";
import { editInEditor } from "./editor.ts";
import { type Asked, type AskPorts, LATER, pick } from "./pick.ts";
import { askText } from "./typing/textPrompt.ts";

type Approval = Extract<Form, { kind: "approval" }>;

/** Asks until the person decides or leaves it for later. */
export async function askPlan(form: Approval, view: FormView, ports: AskPorts): Promise<Asked> {
  let plan = form.plan;
  showPlan(view.title, plan, ports);
  for (;;) {
    const edited = plan !== form.plan;
    const chosen = await pick(questionOf(form, edited), choicesOf(view, form, edited), ports);
    switch (chosen) {
      case "approve":
        return { said: true, answer: { approved: true, ...(edited ? { plan } : {}) } };
      case "change": {
        const comments = await askComments(ports);
        if (comments) return { said: true, answer: { request_changes: true, comments } };
        break;
      }
      case "reject": {
        const reason = await askLine("Why? One line of reason", ports);
        if (reason !== undefined) return { said: true, answer: { approved: false, reason } };
        break;
      }
      case "edit": {
        const result = await ports.keyboard.lend(() => editInEditor(plan, ports.env));
        if (!result.ok) ports.terminal.line(result.message);
        else if (result.text !== plan) {
          plan = result.text;
          showPlan(`${view.title}, as you edited it`, plan, ports);
        }
        break;
      }
      default:
        return LATER;
    }
    if (ports.signal.aborted) return LATER;
  }
}

function showPlan(title: string, plan: string, { terminal }: AskPorts): void {
  terminal.line();
  terminal.line(terminal.paint("bold", printableLine(title)));
  terminal.line();
  for (const line of numberedLines(plan, terminal.paint)) terminal.line(line);
  terminal.line();
}

function questionOf(form: Approval, edited: boolean): string {
  return edited
    ? `Version ${form.version} as you edited it: what now?`
    : `Version ${form.version} of the plan: what now?`;
}

function choicesOf(view: FormView, form: Approval, edited: boolean): readonly Choice[] {
  if (!edited) return view.choices;
  return view.choices.map((choice) =>
    choice.value === "approve"
      ? { ...choice, label: `Approve version ${form.version}, edited by you` }
      : choice,
  );
}

/** What to change: lines that begin with a number and a colon are about that line of the plan. */
async function askComments(ports: AskPorts): Promise<Json | undefined> {
  const text = await askLine(
    "What should change? Begin a line with NUMBER: to say it of that line",
    ports,
  );
  return text === undefined ? undefined : readComments(text).map((said) => ({ ...said }));
}

function askLine(title: string, { keyboard, signal }: AskPorts): Promise<string | undefined> {
  const validate = (text: string): string | undefined =>
    text.trim() === "" ? "Write something, or press Esc." : undefined;
  return keyboard.prompt("text", (input) => askText({ title, input, signal, validate }));
}
