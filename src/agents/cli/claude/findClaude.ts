/**
 * Whether the claude program is here and is likely to be logged in, told cheaply: no process is started.
 * Owns the places to look. Reads no secret's value into anything that is kept.
 */
import { join } from "node:path";
import { findCommand } from "../../../process/path.ts";
import { type FoundProgram, fileExists, fileSays } from "../../program/login.ts";

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
): Promise<FoundProgram> {
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
  if (await fileExists(credentials)) return credentials;
  // Where the system keeps the secret itself, this file only names the account.
  const account = join(home, ".claude.json");
  return (await fileSays(account, /"oauthAccount"/)) ? account : undefined;
}
