/**
 * The entry of the program `fermata`: reads the command line, runs one command, ends with its number.
 * Does its work when it is loaded. The one place that turns faults into words.
 */
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { CommanderError } from "commander";
import type { App } from "../../app/app.ts";
import { printable } from "../../views/printable.ts";
import { EXIT, type ExitCode } from "./exitCode.ts";
import { welcome } from "./help.ts";
import { Problem } from "./problem.ts";
import { createProgram } from "./program.ts";
import { endWithStreams } from "./screen/terminal.ts";
import { isRefusal, whyNot } from "./session/inputs.ts";
import { callWords } from "./session/programName.ts";

// In the person's own folder: a shared one would let others plant code. Halves the start of every later call.
const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
if (isAbsolute(cache)) enableCompileCache(join(cache, "fermata", "node"));
endWithStreams();
const VERSION = "0.1.0";
const name = callWords(process.env, {}).program.join(" ");

try {
  if (process.argv.length < 3) process.stdout.write(`${welcome(name)}\n`);
  else await createProgram({ name, version: VERSION, end, serveMcp }).parseAsync(process.argv);
} catch (error) {
  end(codeOf(error));
}

async function serveMcp(app: App, end: AbortSignal): Promise<void> {
  const { serveMcp: serve } = await import("../mcp/serve.ts");
  const fault = (error: Error) => void process.stderr.write(`fermata mcp: ${error.message}\n`);
  await serve({ app, version: VERSION, fault }, end);
}

/** Ends once everything is written; what still holds on to the process is let go after a moment. */
function end(code: ExitCode): void {
  process.exitCode = code;
  setTimeout(() => process.exit(code), 3000).unref();
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.done : EXIT.invalid;
  }
  if (error instanceof Problem) {
    process.stderr.write(`${[`fermata: ${printable(error.message)}`, ...error.more].join("\n")}\n`);
    return error.exit;
  }
  if (error instanceof Error && error.name === "JournalFailure") {
    process.stderr.write(`fermata: ${error.message}\n`);
    return EXIT.failed;
  }
  if (isOfSystem(error) && error.syscall === "uv_cwd") {
    const why = "The folder that you are in is not there any more: it was deleted or moved.";
    process.stderr.write(`fermata: ${why} Change to one that exists (cd), then try again.\n`);
    return EXIT.invalid;
  }
  if (isOfSystem(error)) {
    const why = `Cannot use ${error.path ?? "a file"}: ${whyNot(error)}. Mend that, then try again.`;
    process.stderr.write(`fermata: ${printable(why)}\n`);
    return EXIT.failed;
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `fermata: this is a fault of fermata itself. Please report it with these lines:\n${what}\n`,
  );
  return EXIT.internal;
}

/** What the system refused, and in whose hands it is: a folder in the place of a file, a missing right, a full disk. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error && isRefusal(error.code);
}
