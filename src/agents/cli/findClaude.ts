/**
 * Whether the claude program is here and is likely to be logged in, told cheaply: no process is started.
 * Owns the places to look. Reads no secret's value into anything that is kept.
 */
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { findCommand } from "../../process/path.ts";

export interface FoundClaude {
  /** Absolute path of the program; undefined when it is not on the PATH. */
  readonly program?: string;
  /** What shows that someone logged in: the name of a variable or a file, never its value. */
  readonly credentials?: string;
}

const VARIABLES = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
];

/** Looks on the PATH, in the environment, and in the files that a login leaves behind. */
export async function findClaude(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundClaude> {
  const program = await findCommand("claude", environment.PATH ?? "");
  if (program === undefined) return {};
  const credentials =
    VARIABLES.find((name) => (environment[name] ?? "") !== "") ?? (await loginFile(environment));
  return credentials === undefined ? { program } : { program, credentials };
}

async function loginFile(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const home = environment.HOME ?? environment.USERPROFILE;
  if (home === undefined || home === "") return undefined;
  const folder = environment.CLAUDE_CONFIG_DIR ?? join(home, ".claude");
  const credentials = join(folder, ".credentials.json");
  if (await exists(credentials)) return credentials;
  // Where the system keeps the secret itself, this file only names the account.
  const account = join(home, ".claude.json");
  return (await says(account, '"oauthAccount"')) ? account : undefined;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function says(file: string, word: string): Promise<boolean> {
  return readFile(file, "utf8").then(
    (text) => text.includes(word),
    () => false,
  );
}
