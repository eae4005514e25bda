/**
 * The last line of `--json` where a command that would drive a run ends before it: a program waits for that line.
 * Owns its shape; the words for people still go to stderr.
 */
import { EXIT, type ExitCode } from "../exitCode.ts";
import { Problem } from "../problem.ts";
import type { CommonOptions } from "./session.ts";

/** Does the work; a `Problem` becomes the result line too before it is thrown on. */
export async function withResult(
  options: CommonOptions,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (options.json === true && error instanceof Problem)
      process.stdout.write(`${JSON.stringify(resultOf(error))}\n`);
    throw error;
  }
}

function resultOf({ message, exit }: Problem) {
  const untrusted = exit === EXIT.untrusted;
  return {
    type: "result",
    run: null,
    status: untrusted ? "untrusted" : "invalid",
    value: null,
    failure: { code: untrusted ? "untrusted" : "invalid_input", message },
    diagnostics: [],
  };
}
