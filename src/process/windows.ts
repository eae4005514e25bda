/**
 * What Windows needs to run a program by its name: batch files (npm, npx and most command-line agents are some) are
 * only run by cmd.exe. Owns that one translation; elsewhere a command stays as it is.
 */
import { quoteForCmd } from "../util/shellQuote.ts";
import { findCommand } from "./path.ts";

export interface AdaptedCommand {
  readonly command: readonly string[];
  /** The arguments are one finished command line, not to be quoted again. */
  readonly verbatim: boolean;
}

/** The command as Windows can start it; the same command on every other system. */
export async function adaptToWindows(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<AdaptedCommand> {
  const [name = "", ...args] = command;
  if (process.platform !== "win32") return { command, verbatim: false };
  const found = await findCommand(name, env.PATH ?? env.Path ?? "");
  if (found === undefined || !/\.(cmd|bat)$/i.test(found)) return { command, verbatim: false };
  const line = [found, ...args].map(quoteForCmd).join(" ");
  return { command: cmdCommand(line, env), verbatim: true };
}

/** Runs a line of cmd.exe; to be started verbatim. */
export function cmdCommand(line: string, env: Readonly<Record<string, string>>): readonly string[] {
  return [env.ComSpec ?? "cmd.exe", "/d", "/s", "/c", `"${line}"`];
}
