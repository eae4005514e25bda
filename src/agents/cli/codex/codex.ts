/**
 * The codex program as an agent: its arguments, its sandbox, its sessions.
 * Owns what Fermata asks of the program. Its output is read elsewhere.
 */
import { writeFile } from "node:fs/promises";
import type { ActivityContext } from "../../../engine/activity.ts";
import type { Effects } from "../../../run/request.ts";
import { type Opening, textOf, textsOf, wordsOf } from "../../adapter.ts";
import type { Agent, AgentPrompt, AgentRecord } from "../../agent.ts";
import { isStrict } from "../../models/nativeSchema.ts";
import { onlyReads } from "../../program/readingTools.ts";
import { CONTINUE, keptSession } from "../../program/session.ts";
import { vendorEnvironment } from "../../program/vendorEnvironment.ts";
import { promptText } from "../../structuredOutput.ts";
import { type CliProfile, type CliStart, createCliAgent } from "../cliAgent.ts";
import { hasNoThread, readCodexTurn } from "./codexReader.ts";

export const SANDBOXES = ["read-only", "workspace-write", "danger-full-access"] as const;

/** What an opening must say for codex. */
export type CodexOptions = Pick<
  Opening,
  "definition" | "effects" | "environment" | "allowedVariables" | "guardScript" | "prices"
>;

const VENDOR_VARIABLES = /^(?:OPENAI_|CODEX_|AZURE_)/i;

/** `once` unless the agent is kept to reading. */
export function codexEffects(definition: AgentRecord): Effects {
  return (textOf(definition, "sandbox") ?? sandboxOf(definition, "once")) === "read-only"
    ? "repeatable"
    : "once";
}

/** An agent that runs `codex exec` once a prompt. */
export function createCodexAgent(options: CodexOptions): Agent {
  return createCliAgent(codexProfile(options), options);
}

/** How `codex exec` is run. `elsewhere`: not on this machine, so that it reads no file of ours. */
export function codexProfile(
  options: CodexOptions,
  where: { readonly elsewhere?: true } = {},
): CliProfile {
  const { definition, effects, prices } = options;
  // A backtrace would hide the last words of a program that fails.
  const env = { ...vendorEnvironment(options, VENDOR_VARIABLES), RUST_BACKTRACE: "0" };
  return {
    kind: "codex",
    effects,
    title: "codex",
    install:
      "Install it (npm install -g @openai/codex) and log in (codex login), or choose another agent.",
    start: (prompt, context) => codexStart(options, env, prompt, context, where.elsewhere === true),
    read: (context) => readCodexTurn(context, definition.model, prices),
    resume: async (prompt, context) => {
      const session = await keptSession(context.memo);
      return session === undefined ? undefined : { ...prompt, instructions: CONTINUE, session };
    },
    neverBegan: hasNoThread,
  };
}

async function codexStart(
  { definition, effects }: CodexOptions,
  env: Readonly<Record<string, string>>,
  prompt: AgentPrompt,
  context: ActivityContext,
  elsewhere: boolean,
): Promise<CliStart> {
  const { outputSchema: schema, session, ...plain } = prompt;
  const model = prompt.model ?? definition.model;
  const system = prompt.systemPrompt ?? definition.system_prompt ?? "";
  // The program holds every answer to the schema strictly, so one that leaves things open is asked for in words.
  const native = schema !== undefined && !elsewhere && isStrict(schema);
  const schemaFile = `${context.memo}.schema.json`;
  if (native) await writeFile(schemaFile, JSON.stringify(schema), { mode: 0o600 });
  const program = wordsOf(definition, "command");
  const command = [
    ...(program.length > 0 ? program : ["codex"]),
    // That the folder is trusted was decided before.
    ...["exec", "--json", "--color", "never", "--skip-git-repo-check"],
    ...["--sandbox", sandboxOf(definition, effects)],
    ...(model === undefined ? [] : ["--model", model]),
    ...(system === "" ? [] : ["--config", `developer_instructions=${JSON.stringify(system)}`]),
    ...Object.entries(textsOf(definition, "config")).flatMap(([key, value]) => [
      "--config",
      `${key}=${value}`,
    ]),
    ...(native ? ["--output-schema", schemaFile] : []),
    ...(session === undefined ? [] : ["resume", session]),
    "-",
  ];
  return { command, env, input: promptText(native ? plain : prompt) };
}

/** As set; otherwise it may write in the workspace when it is expected to change something. */
function sandboxOf(definition: AgentRecord, effects: Effects): string {
  const set = textOf(definition, "sandbox");
  if (set !== undefined) return set;
  return effects === "once" && !onlyReads(definition) ? "workspace-write" : "read-only";
}
