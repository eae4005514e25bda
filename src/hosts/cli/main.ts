/**
 * The entry of the program `fermata`: reads the command line, runs one command, ends with its number.
 * Does its work when it is loaded. The one place that turns faults into words.
 */
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import type { App } from "../../app/app.ts";
import { EXIT, type ExitCode } from "./exitCode.ts";
import { welcome } from "./help.ts";
import { Problem } from "./problem.ts";
import { createProgram } from "./program.ts";
import { ignoreClosedPipes } from "./screen/terminal.ts";
import { callWords } from "./session/programName.ts";

// In the person's own folder: a shared one would let others plant code. Halves the start of every later call.
enableCompileCache(
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "fermata", "node"),
);
ignoreClosedPipes();
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
    process.stderr.write(`${[`fermata: ${error.message}`, ...error.more].join("\n")}\n`);
    return error.exit;
  }
  if (error instanceof Error && error.name === "JournalFailure") {
    process.stderr.write(`fermata: ${error.message}\n`);
    return EXIT.failed;
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `fermata: this is a fault of fermata itself. Please report it with these lines:\n${what}\n`,
  );
  return EXIT.internal;
}
