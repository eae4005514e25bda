/** Asks which workflow to run. */
import type { TemplateInfo } from "../../../app/app.ts";
import { pick } from "./pick.ts";
import { openKeyboard } from "./typing/keyboard.ts";

/** The chosen template's name; undefined when the person closed the list. */
export async function pickTemplate(
  templates: readonly TemplateInfo[],
): Promise<string | undefined> {
  const keyboard = openKeyboard(process.stdin, process.stdout);
  try {
    const choices = templates.map(({ name, description }) => ({
      value: name,
      label: name,
      hint: description,
    }));
    return await pick("Which workflow?", choices, {
      keyboard,
      signal: new AbortController().signal,
    });
  } finally {
    keyboard.close();
  }
}
