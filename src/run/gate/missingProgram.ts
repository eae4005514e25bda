/**
 * Which program a command could not be run for: nobody's work is at fault, and no other try helps. A file of the workspace
 * (`./check.sh`) is none: somebody may be at work on making it. Pure.
 */
import type { CommandOutcome } from "./commandOutcome.ts";

/** The name of the program that is not there; undefined where that is not what went wrong. */
export function missingProgram(
  command: string | readonly string[],
  { exit_code, stdout, stderr, missing }: CommandOutcome,
): string | undefined {
  if (typeof command !== "string") {
    const [program = ""] = command;
    return missing && isElsewhere(program) ? program : undefined;
  }
  const found = SAYS.map((pattern) => pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? "");
  const program = found.find((one) => one !== "") ?? "";
  const gone = NOT_FOUND.has(exit_code) && isElsewhere(program);
  // What a script of the command's own misses is the matter of whoever wrote the script.
  return gone && command.split(WORDS).includes(program) ? program : undefined;
}

/** Found by its name alone, or outside of every workspace. */
function isElsewhere(program: string): boolean {
  return program !== "" && (!/[/\\]/.test(program) || /^(?:\/|[A-Za-z]:)/.test(program));
}

/** As POSIX shells count it, and `cmd.exe`. */
const NOT_FOUND: ReadonlySet<number> = new Set([127, 9009]);

/** How sh, bash and dash, zsh and fish, and `cmd.exe` say it. */
const SAYS: readonly RegExp[] = [
  /sh: (?:line )?(?:\d+: )?([^\s:]+): (?:command )?not found/,
  /sh:(?:\d+:)? (?:[^\n]*: )?(?:command not found|Unknown command): ([^\s]+)/,
  /'([^'\n]+)' is not recognized/,
];

const WORDS = /[\s"';&|()]+/;
