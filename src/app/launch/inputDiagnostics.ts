/** What is wrong with a run's inputs, pointed at where the workflow asks for them. */
import type { FileDiagnostic } from "../../workflow/diagnostic.ts";
import type { InputProblem } from "../../workflow/inputs.ts";
import type { SourceMap } from "../../workflow/source.ts";

/** One diagnostic for each problem: at the input's own line, else at `inputs`, else at the workflow's name. */
export function inputDiagnostics(
  problems: readonly InputProblem[],
  source: SourceMap,
): readonly FileDiagnostic[] {
  return problems.map((problem) => diagnosticOf(problem, source));
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
