/** What is wrong with a run's inputs, pointed at where the workflow asks for them. */
import { readFile } from "node:fs/promises";
import type { JsonObject } from "../../../util/json.ts";
import type { FileDiagnostic } from "../../../workflow/diagnostic.ts";
import { checkInputs, type InputProblem } from "../../../workflow/inputs.ts";
import { parseWorkflow } from "../../../workflow/parse.ts";
import type { SourceMap } from "../../../workflow/source.ts";

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
  return checked.ok ? [] : checked.problems.map((problem) => diagnosticOf(problem, source));
}

function diagnosticOf(problem: InputProblem, source: SourceMap): FileDiagnostic {
  const [name = problem.name] = problem.name.split(/[.[]/);
  const place = source.has(["inputs", name])
    ? ["inputs", name]
    : source.has(["inputs"])
      ? ["inputs"]
      : ["name"];
  return {
    severity: "error",
    code: "input",
    fileName: source.fileName,
    message: `The input \`${problem.name}\`: ${problem.message}`,
    range: source.key(place),
    expected: problem.expected,
    ...(problem.suggestion === undefined ? {} : { suggestion: problem.suggestion }),
  };
}
