/**
 * `npm run lint [--write]`: Biome's rules, then the house rules. `--write` lets Biome mend what it safely can.
 */
import { ROOT } from "./bootstrap.mjs";
import { type CommandResult, runTool } from "./command.ts";
import { breaches } from "./houseRules.ts";
import { readSourceFiles } from "./sourceFiles.ts";

/** Checks style and house rules; format is a check of its own, so that one slip is reported once. */
export async function checkLint(): Promise<CommandResult> {
  const biome = await runTool("biome", [
    "check",
    "--formatter-enabled=false",
    "--error-on-warnings",
  ]);
  const found = breaches(readSourceFiles(ROOT));
  return {
    code: biome.code !== 0 || found.length > 0 ? 1 : 0,
    output: (biome.code === 0 ? "" : biome.output) + found.map((line) => `${line}\n`).join(""),
  };
}

/** Checks that every file is formatted. */
export function checkFormat(): Promise<CommandResult> {
  return runTool("biome", ["format"]);
}

if (import.meta.main) {
  if (process.argv.includes("--write")) {
    await runTool("biome", ["check", "--write"]);
  }
  const checks = [await checkFormat(), await checkLint()].filter(({ code }) => code !== 0);
  process.stdout.write(checks.map(({ output }) => output).join(""));
  process.exitCode = checks.length > 0 ? 1 : 0;
}
