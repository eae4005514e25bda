/** What stops a command: a sentence for the person and the number to end with. Thrown in commands, caught once in main. */
import { EXIT, type ExitCode } from "./exitCode.ts";

export class Problem extends Error {
  readonly exit: ExitCode;
  /** Further lines: where to look, what to type next. */
  readonly more: readonly string[];

  constructor(message: string, exit: ExitCode = EXIT.invalid, more: readonly string[] = []) {
    super(message);
    this.name = "Problem";
    this.exit = exit;
    this.more = more;
  }
}
