/** Asks for the inputs that a workflow needs and nobody gave, one at a time, each checked as it is typed. */
import { readFile } from "node:fs/promises";
import type { Json, JsonObject } from "../../../util/json.ts";
import { printableLine } from "../../../views/printable.ts";
import { checkInputs } from "../../../workflow/inputs.ts";
import { parseWorkflow } from "../../../workflow/parse.ts";
import type { InputDefinition } from "../../../workflow/workflow.ts";
import { Problem } from "../problem.ts";
import type { Terminal } from "../screen/terminal.ts";
import { openKeyboard } from "./keyboard.ts";
import { askText } from "./textPrompt.ts";

/** The inputs given, with those that were asked for. A closed prompt starts nothing. */
export async function askInputs(
  file: string,
  given: JsonObject,
  terminal: Terminal,
): Promise<JsonObject> {
  const { workflow } = parseWorkflow({ fileName: file, text: await readFile(file, "utf8") });
  const missing = Object.entries(workflow?.inputs ?? {}).filter(([name, definition]) =>
    isMissing(name, definition, given),
  );
  if (missing.length === 0) return given;
  const values: Record<string, Json> = { ...given };
  const keyboard = openKeyboard(process.stdin, process.stdout);
  try {
    for (const [at, [name, definition]] of missing.entries()) {
      const count = missing.length > 1 ? ` (${at + 1} of ${missing.length})` : "";
      const title = `${terminal.paint("bold", name)}${count}${describe(definition)}`;
      const text = await keyboard.prompt("text", (input) =>
        askText({
          title,
          input,
          signal: new AbortController().signal,
          validate: (typed) => problemWith(name, definition, typed),
        }),
      );
      if (text === undefined) throw new Problem(`Without ${name} nothing runs.`);
      values[name] = text;
    }
  } finally {
    keyboard.close();
  }
  return values;
}

function isMissing(name: string, definition: InputDefinition, given: JsonObject): boolean {
  return (
    definition.required === true && definition.default === undefined && !Object.hasOwn(given, name)
  );
}

function describe({ description }: InputDefinition): string {
  return description === undefined ? "" : `: ${printableLine(description)}`;
}

function problemWith(name: string, definition: InputDefinition, text: string): string | undefined {
  if (text.trim() === "") return "It is required: write something.";
  const checked = checkInputs({ [name]: definition }, { [name]: text }, { coerce: true });
  if (checked.ok) return undefined;
  return checked.problems
    .map(({ message, expected }) => `${message} Expected ${expected}.`)
    .join(" ");
}
