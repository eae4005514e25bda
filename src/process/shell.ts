/**
 * What a system needs beyond a list of words: a line of text needs its shell, and on Windows a batch file (npm, npx
 * and most command-line agents are some) needs cmd.exe. Owns these translations and starts nothing.
 */
import { quoteForCmd } from "../util/shellQuote.ts";
import { findCommand } from "./path.ts";

export interface AdaptedCommand {
  readonly command: readonly string[];
  /** The arguments are one finished command line, not to be quoted again. */
  readonly verbatim: boolean;
}

/** The command as Windows can start it; the same command on every other system. */
export async function adaptToWindows(given: {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly verbatim?: boolean;
}): Promise<AdaptedCommand> {
  const { command, env, verbatim = false } = given;
  if (process.platform !== "win32" || verbatim) return { command, verbatim };
  const [name = "", ...args] = command;
  const found = await findCommand(name, env.PATH ?? env.Path ?? "");
  if (found === undefined || !/\.(cmd|bat)$/i.test(found)) return { command, verbatim: false };
  const line = [found, ...args].map(quoteForCmd).join(" ");
  return { command: cmdCommand(line, env), verbatim: true };
}

/** A list as it is; a line of text through the system's shell: `/bin/sh`, or cmd.exe on Windows. */
export function shellCommand(
  command: string | readonly string[],
  env: Readonly<Record<string, string>>,
): AdaptedCommand {
  if (typeof command !== "string") return { command, verbatim: false };
  if (process.platform === "win32") return { command: cmdCommand(command, env), verbatim: true };
  return { command: ["/bin/sh", "-c", command], verbatim: false };
}

function cmdCommand(line: string, env: Readonly<Record<string, string>>): readonly string[] {
  return [env.ComSpec ?? "cmd.exe", "/d", "/s", "/c", `"${line}"`];
}
