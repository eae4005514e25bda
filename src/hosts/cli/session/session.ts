/**
 * One command's hold on the product: the app over a folder, who is asking, and the terminal.
 * Owns opening and letting go; loads the app only when a command needs it, so that help starts at once.
 */

import { existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import type { App } from "../../../app/app.ts";
import { isObject, type JsonObject } from "../../../util/json.ts";
import { EXIT, type ExitCode } from "../exitCode.ts";
import { Problem } from "../problem.ts";
import type { Terminal } from "../screen/terminal.ts";
import { openTerminal } from "../screen/terminal.ts";
import { createLastWords } from "./lastWords.ts";
import { type CallWords, callWords } from "./programName.ts";

/** Options that every command takes. */
export interface CommonOptions {
  readonly workspace?: string;
  readonly trust?: boolean;
  readonly json?: boolean;
}

export interface Session {
  readonly app: App;
  readonly terminal: Terminal;
  /** The name under which this person's answers are recorded. */
  readonly me: string;
  readonly call: CallWords;
  readonly env: NodeJS.ProcessEnv;
}

/** Opens the app over the workspace, does the work, and lets go of everything whatever happens. */
export async function withSession(
  options: CommonOptions,
  work: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { env } = process;
  const workspace = workspaceOf(options.workspace);
  const { composeApp } = await import("../../../app/compose.ts");
  const words = createLastWords();
  const app = await composeApp({
    workspace,
    env,
    redacting: words.redacting,
    log: (message, cause) => faultLine(message, cause, env),
    ...settingsIn(env),
    ...(options.trust === true ? { trusted: true } : {}),
  });
  const here = workspace === process.cwd();
  const call: CallWords = {
    ...callWords(env, here ? {} : { workspace }),
    // Where nobody's yes is recorded, whatever drives a run has to bring it along.
    get trusting() {
      return options.trust === true || !app.isTrusted();
    },
  };
  try {
    return await work({
      app,
      env,
      terminal: openTerminal(env, options),
      me: personName(env),
      call,
    });
  } catch (error) {
    throw words.clean(error);
  } finally {
    await app.dispose();
    words.dispose();
  }
}

/** Our own faults, for whoever asks for them; everything that concerns the person comes another way. */
function faultLine(message: string, cause: unknown, env: NodeJS.ProcessEnv): void {
  if (env.FERMATA_DEBUG !== "1") return;
  const detail =
    cause instanceof Error
      ? (cause.stack ?? cause.message)
      : cause === undefined
        ? ""
        : String(cause);
  process.stderr.write(`fermata debug: ${message} ${detail}\n`);
}

/** What the host that started this process says of its own settings, as JSON in FERMATA_SETTINGS. */
function settingsIn({ FERMATA_SETTINGS: text }: NodeJS.ProcessEnv): {
  readonly settings?: JsonObject;
} {
  if (text === undefined || text === "") return {};
  const settings = parsed(text);
  if (isObject(settings)) return { settings };
  throw new Problem("FERMATA_SETTINGS is no JSON object. Mend it, or unset it.", EXIT.invalid);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function workspaceOf(given: string | undefined): string {
  if (given === "") throw new Problem("--workspace is empty. Name a folder, or leave it out.");
  const folder = resolve(given ?? ".");
  if (!existsSync(folder))
    throw new Problem(`There is no folder ${folder}. Name one that exists: --workspace DIR.`);
  if (!statSync(folder).isDirectory())
    throw new Problem(`${folder} is a file, not a folder.`, EXIT.invalid);
  return folder;
}

function personName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? env.USERNAME ?? "someone";
  }
}
