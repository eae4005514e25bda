/**
 * `npm run types`: compiles every program of the repository without output.
 * The pure folders compile a second time with no ambient types at all, so that Node, a clock or a page cannot slip in.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { type CommandResult, runTool } from "./command.ts";

const PROGRAMS = ["tsconfig.json", "tsconfig.pure.json", "webview/tsconfig.json"];

/** Compiles each program that is there; the code is the first that is not 0, the output that of all. */
export async function checkTypes(): Promise<CommandResult> {
  let code = 0;
  let output = "";
  for (const program of PROGRAMS.filter((path) => existsSync(join(ROOT, path)))) {
    const result = await runTool("tsc", ["-p", program, "--noEmit", "--pretty", "false"]);
    code ||= result.code;
    output += result.code === 0 ? "" : `${program}:\n${result.output}`;
  }
  return { code, output };
}

if (import.meta.main) {
  const { code, output } = await checkTypes();
  process.stdout.write(output);
  process.exitCode = code;
}
