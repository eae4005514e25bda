/** Asks for the inputs that a workflow needs and nobody gave, one at a time, each checked as it is typed. */
import { readFile } from "node:fs/promises";
import type { Json, JsonObject } from "../../../util/json.ts";
import type { InputDefinition } from "../../../workflow/definition/inputDefinition.ts";
import { parseWorkflow } from "../../../workflow/parse.ts";
import { Problem } from "../problem.ts";
import type { Terminal } from "../screen/terminal.ts";
import { askField, fieldTitle } from "./askFields.ts";
import { openKeyboard } from "./typing/keyboard.ts";

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
  const ports = { keyboard, signal: new AbortController().signal };
  try {
    for (const [at, [name, definition]] of missing.entries()) {
      const count = missing.length > 1 ? ` (${at + 1} of ${missing.length})` : "";
      const title = fieldTitle(name, count, definition.description, terminal);
      const value = await askField(title, definition, ports);
      if (value === undefined) throw new Problem(`Without ${name} nothing runs.`);
      values[name] = value;
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
