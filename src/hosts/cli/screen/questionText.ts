/**
 * An open breakpoint as text: the whole question or plan, what an answer looks like, and the commands that give it.
 * Owns that layout for `show` and for runs without a terminal; prompts have their own.
 */
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import { answerCommands, type FormView, formView } from "../../../views/breakpointForm.ts";
import type { Paint } from "../../../views/plain/paint.ts";
import { printable, printableLine } from "../../../views/printable.ts";
import type { CallWords } from "../session/programName.ts";

/** Lines for one open breakpoint of a run. */
export function questionText(
  open: Breakpoint,
  run: string,
  call: CallWords,
  paint: Paint,
): readonly string[] {
  const view = formView(open);
  const commands = answerCommands(open, { run, ...call });
  const widest = Math.max(...commands.map(({ says }) => says.length));
  return [
    questionLine(open, paint),
    ...bodyLines(view.kind === "plan", view.body, view.title, paint),
    `  ${view.expected}`,
    ...fieldLines(view, paint),
    ...commands.map(({ says, command }) => `    ${printableLine(says).padEnd(widest)}  ${command}`),
  ];
}

/** One line for it: what it asks, and where. */
export function questionLine(open: Breakpoint, paint: Paint): string {
  const { title, path } = formView(open);
  return `${paint("yellow", "?")} ${paint("bold", printableLine(title))}  ${paint("dim", path)}`;
}

/** A plan with the numbers of its lines, which comments name. */
export function numberedLines(plan: string, paint: Paint): readonly string[] {
  const lines = printable(plan).split("\n");
  const width = String(lines.length).length;
  return lines.map(
    (line, index) => `  ${paint("dim", `${String(index + 1).padStart(width)} │`)} ${line}`,
  );
}

function fieldLines({ fields }: FormView, paint: Paint): readonly string[] {
  const width = Math.max(0, ...fields.map(({ name }) => name.length));
  return fields.map(({ name, label, takes, field }) => {
    const about = field.description === undefined ? label : `${label}: ${field.description}`;
    const title = paint("bold", name.padEnd(width));
    return `    ${title}  ${printableLine(about)} ${paint("dim", printableLine(`(${takes})`))}`;
  });
}

function bodyLines(isPlan: boolean, body: string, title: string, paint: Paint): readonly string[] {
  if (isPlan) return ["", ...numberedLines(body, paint), ""];
  if (body.trim() === title) return [];
  return [
    "",
    ...printable(body.trim())
      .split("\n")
      .map((line) => `  ${line}`),
    "",
  ];
}
