/** What is wrong with the inputs that were given so far, before a run is asked for. */
import { readFile } from "node:fs/promises";
import { inputDiagnostics as pointedAt } from "../../../app/launch/inputDiagnostics.ts";
import type { JsonObject } from "../../../util/json.ts";
import type { FileDiagnostic } from "../../../workflow/diagnostic.ts";
import { checkInputs } from "../../../workflow/inputs.ts";
import { parseWorkflow } from "../../../workflow/parse.ts";

/** One diagnostic for each missing, wrong or unknown input; none when the file cannot be read as a workflow. */
export async function inputDiagnostics(
  file: string,
  given: JsonObject,
): Promise<readonly FileDiagnostic[]> {
  const { workflow, source } = parseWorkflow({
    fileName: file,
    text: await readFile(file, "utf8"),
  });
  if (!workflow) return [];
  const checked = checkInputs(workflow.inputs, given, { coerce: true });
  return checked.ok ? [] : pointedAt(checked.problems, source);
}
