/**
 * The claude program as an agent: its arguments, its environment, its sessions.
 * Owns what Fermata asks of the program. Its output is read elsewhere.
 */
import { createHash } from "node:crypto";
import type { ActivityContext, AttemptId } from "../../../engine/activity.ts";
import { runCommand } from "../../../process/run.ts";
import type { Effects } from "../../../run/request.ts";
import type { JsonObject } from "../../../util/json.ts";
import { numberOf, textOf, wordsOf } from "../../adapter.ts";
import type { Agent, AgentPrompt, AgentRecord } from "../../agent.ts";
import { onlyReads } from "../../program/readingTools.ts";
import { CONTINUE, keptSession } from "../../program/session.ts";
import { vendorEnvironment } from "../../program/vendorEnvironment.ts";
import { promptText } from "../../structuredOutput.ts";
import {
  type CliDependencies,
  type CliProfile,
  type CliStart,
  createCliAgent,
} from "../cliAgent.ts";
import { userMessage } from "./claudeMessages.ts";
import { hasNoSession, readClaudeTurn } from "./claudeReader.ts";

export interface ClaudeOptions extends CliDependencies {
  readonly definition: AgentRecord;
  readonly effects: Effects;
  /** The host's environment; the program sees an allowed part and the vendor's own variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly allowedVariables?: readonly string[];
  /** What models cost by the person's own word. */
  readonly prices?: () => JsonObject;
}

const VENDOR_VARIABLES = /^(?:ANTHROPIC_|CLAUDE_|AWS_|GOOGLE_|CLOUD_ML_|VERTEX_|DISABLE_)/i;

/** `once` unless the agent is kept to reading. */
export function claudeEffects(definition: AgentRecord): Effects {
  if (textOf(definition, "permission_mode") === "plan") return "repeatable";
  return onlyReads(definition) ? "repeatable" : "once";
}

/** An agent that runs `claude -p` once a prompt. */
export function createClaudeAgent(options: ClaudeOptions): Agent {
  return createCliAgent(claudeProfile(options), options);
}

/** How `claude -p` is run. `elsewhere`: not on this machine, so that nothing of it can be asked beforehand. */
export function claudeProfile(
  options: ClaudeOptions,
  where: { readonly elsewhere?: true } = {},
): CliProfile {
  const { effects } = options;
  const environment = claudeEnvironment(options);
  let known: Promise<boolean> | undefined;
  const takesSchema = (context: ActivityContext) => {
    known ??= helpNames("--json-schema", options, environment, context);
    return known;
  };
  return {
    kind: "claude",
    effects,
    title: "claude",
    install:
      "Install it (npm install -g @anthropic-ai/claude-code) and log in, or choose another agent.",
    start: async (prompt, context) => {
      const schema = prompt.outputSchema;
      const asFlag = schema !== undefined && !where.elsewhere && (await takesSchema(context));
      return claudeStart(options.definition, effects, environment, prompt, context.attempt, asFlag);
    },
    read: (context, talk) => readClaudeTurn(context, talk, options.prices),
    resume: async (prompt, context) => ({
      ...prompt,
      instructions: CONTINUE,
      session: (await keptSession(context.memo)) ?? sessionId(context.attempt),
    }),
    neverBegan: hasNoSession,
  };
}

/** The session of an attempt, the same whenever it is asked for, so that a recovery can find it. A UUID (version 8). */
export function sessionId({ run, path, attempt }: AttemptId): string {
  const hex = createHash("sha256").update(`${run}/${path}/${attempt}`).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function claudeStart(
  definition: AgentRecord,
  effects: Effects,
  env: Readonly<Record<string, string>>,
  prompt: AgentPrompt,
  attempt: AttemptId,
  schemaAsFlag: boolean,
): CliStart {
  const model = prompt.model ?? definition.model;
  const system = prompt.systemPrompt ?? definition.system_prompt ?? "";
  const { outputSchema: schema, session } = prompt;
  const budget = numberOf(definition, "max_budget_usd");
  const mode =
    textOf(definition, "permission_mode") ?? (effects === "once" ? "acceptEdits" : "default");
  const command = [
    ...programOf(definition),
    ...["-p", "--output-format", "stream-json", "--verbose", "--permission-mode", mode],
    // What it may not do by itself it asks on its output, and is answered on its input.
    ...["--input-format", "stream-json", "--permission-prompt-tool", "stdio"],
    ...(session === undefined ? ["--session-id", sessionId(attempt)] : ["--resume", session]),
    ...(model === undefined ? [] : ["--model", model]),
    ...(budget === undefined ? [] : ["--max-budget-usd", String(budget)]),
    ...(system === "" ? [] : ["--append-system-prompt", system]),
    ...(definition.tools === undefined || definition.tools.length === 0
      ? []
      : ["--tools", definition.tools.join(",")]),
    ...(schema !== undefined && schemaAsFlag ? ["--json-schema", JSON.stringify(schema)] : []),
  ];
  const { outputSchema: _native, ...plain } = prompt;
  const text = promptText(schema !== undefined && schemaAsFlag ? plain : prompt);
  return { command, env, input: userMessage(text), talks: true };
}

function programOf(definition: AgentRecord): readonly string[] {
  const command = wordsOf(definition, "command");
  return command.length > 0 ? command : ["claude"];
}

function claudeEnvironment(options: ClaudeOptions): Record<string, string> {
  // Only `decide` retries: a refusal of the API comes back at once instead of after the program's own ten tries.
  return { ...vendorEnvironment(options, VENDOR_VARIABLES), CLAUDE_CODE_MAX_RETRIES: "0" };
}

/** Milliseconds that a program has to list its flags: it may be a large one on a busy machine. */
const HELP_TIME = 60_000;

/** Whether this version of the program knows a flag. False when it cannot be asked: the prompt then asks in words. */
async function helpNames(
  flag: string,
  { definition, guardScript }: ClaudeOptions,
  env: Readonly<Record<string, string>>,
  { workspace, signal }: ActivityContext,
): Promise<boolean> {
  try {
    const help = await runCommand({
      command: [...programOf(definition), "--help"],
      env,
      cwd: workspace,
      signal: AbortSignal.any([signal, AbortSignal.timeout(HELP_TIME)]),
      ...(guardScript === undefined ? {} : { guardScript }),
    });
    return help.stdout.includes(`${flag} `);
  } catch {
    return false;
  }
}
