/**
 * The codex program's row in the table: its settings, how it is found, what may be wrong with it.
 * Owns the words about it. How it is run is codex.ts's.
 */
import { join } from "node:path";
import { findCommand } from "../../../process/path.ts";
import { type Adapter, type AdapterPlace, type AgentFinding, wordsOf } from "../../adapter.ts";
import type { AgentChoice } from "../../agent.ts";
import {
  detectedProgram,
  type FoundProgram,
  fileExists,
  fileSays,
  programSetting,
} from "../../program/login.ts";
import { codexEffects, createCodexAgent, SANDBOXES } from "./codex.ts";

/** What is said to the program wherever it runs. */
export const CODEX_SETTINGS = {
  config: {
    form: "texts",
    describes:
      'Values of the program\'s own configuration by their dotted keys, as its `-c` takes them: `{"model_reasoning_effort": "high"}`.',
  },
  sandbox: {
    form: "text",
    choices: SANDBOXES,
    describes:
      "What its commands may do: without it `workspace-write`, or `read-only` for an agent whose tools only read.",
  },
} as const satisfies Adapter["settings"];

export const codexAdapter: Adapter = {
  kind: "codex",
  describes: "the codex program, one process a prompt, in its own sandbox",
  settings: {
    command: programSetting("codex"),
    ...CODEX_SETTINGS,
  },
  does: "start a program",
  program: (record) => wordsOf(record, "command")[0] ?? "codex",
  install: (record) =>
    wordsOf(record, "command").length === 0
      ? "Install it with npm install -g @openai/codex, log in with codex login, and ask again."
      : undefined,
  usualEffects: codexEffects,
  detect: async ({ environment }) => detectedProgram("codex", await findCodex(environment)),
  open: createCodexAgent,
  examine,
};

/** Looks on the PATH, in the environment, and in the files that a login or a provider of one's own leaves behind. */
export async function findCodex(environment: AdapterPlace["environment"]): Promise<FoundProgram> {
  const program = await findCommand("codex", environment.PATH ?? "");
  if (program === undefined) return {};
  const credentials = await credentialsOf(environment);
  return credentials === undefined ? { program } : { program, credentials };
}

async function credentialsOf(
  environment: AdapterPlace["environment"],
): Promise<string | undefined> {
  if ((environment.CODEX_API_KEY ?? "") !== "") return "CODEX_API_KEY";
  const user = environment.HOME ?? environment.USERPROFILE ?? "";
  const home = environment.CODEX_HOME || (user === "" ? "" : join(user, ".codex"));
  if (home === "") return undefined;
  const login = join(home, "auth.json");
  if (await fileExists(login)) return login;
  const config = join(home, "config.toml");
  const own = /^\s*(?:model_provider|cli_auth_credentials_store)\s*=/m;
  return (await fileSays(config, own)) ? config : undefined;
}

async function examine(
  { environment }: AdapterPlace,
  uses: readonly AgentChoice[],
): Promise<readonly AgentFinding[]> {
  const setup = uses.length === 0;
  const { program, credentials } = await findCodex(environment);
  // Where nobody asks for it, that it is not there is no news.
  if (program === undefined) return [];
  if (credentials === undefined) {
    const message = `codex was found at ${program}, but nothing shows that it is logged in, so it is not used unless a setting names it.`;
    const fix = "Run codex login, or set CODEX_API_KEY.";
    return [{ severity: "warning", setup, message, fix }];
  }
  return [
    { severity: "ok", message: `codex was found at ${program}; logged in by ${credentials}.` },
  ];
}
