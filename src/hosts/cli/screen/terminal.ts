/**
 * The streams of this process and what they can show. Owns writing: nobody else touches stdout or stderr.
 * Foreign text is escaped by whoever prints it, with views/printable.
 */
import stringWidth from "string-width";
import { createPaint, type Paint } from "../../../views/plain/paint.ts";

export interface Terminal {
  /** A person sits at both ends: prompts and a live view make sense. */
  readonly interactive: boolean;
  readonly colour: boolean;
  readonly paint: Paint;
  /** A line on stdout. */
  line(text?: string): void;
  /** A line on stderr. */
  error(text: string): void;
  /** Columns and rows right now; what is no terminal has no right edge. */
  size(): { readonly columns: number; readonly rows: number };
}

const ENDLESS = 100_000;

/** Columns that a text takes on a terminal; colour codes take none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The terminal of this process. `json`: stdout belongs to a program. */
export function openTerminal(
  env: NodeJS.ProcessEnv,
  options: { readonly json?: boolean } = {},
): Terminal {
  const { stdin, stdout, stderr } = process;
  const both = stdin.isTTY === true && stdout.isTTY === true;
  const interactive = both && options.json !== true && env.TERM !== "dumb";
  const colour = wantsColour(env, stdout.isTTY === true && options.json !== true);
  return {
    interactive,
    colour,
    paint: createPaint(colour),
    line: (text = "") => stdout.write(`${text}\n`),
    error: (text) => stderr.write(`${text}\n`),
    size: () =>
      stdout.isTTY === true
        ? { columns: stdout.columns || 80, rows: stdout.rows || 24 }
        : { columns: ENDLESS, rows: ENDLESS },
  };
}

/** A reader that went away (`fermata runs | head`) ends the program quietly; what takes no more, with a word why. */
export function endWithStreams(): void {
  const end = (stream: NodeJS.WriteStream, error: NodeJS.ErrnoException): never => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    if (stream === process.stdout)
      process.stderr.write(`fermata: The output cannot be written: ${error.message}\n`);
    process.exit(1);
  };
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => end(stream, error));
}

function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0") return true;
  return isTerminal && env.TERM !== "dumb";
}
