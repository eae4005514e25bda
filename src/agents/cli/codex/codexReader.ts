/**
 * Follows one turn of codex: transcript and progress while it runs, the outcome from its last event.
 * Owns the meaning of the vendor's failures. Starts nothing.
 */
import type { ActivityContext } from "../../../engine/activity.ts";
import type { CommandResult } from "../../../process/run.ts";
import { type Failure, failure } from "../../../run/failure.ts";
import type { ActivityOutcome, Usage } from "../../../run/request.ts";
import { isObject, type JsonObject } from "../../../util/json.ts";
import type { AgentPrompt } from "../../agent.ts";
import { answered, failed } from "../../answer.ts";
import { priced } from "../../prices/prices.ts";
import { inWorkspace } from "../../program/inWorkspace.ts";
import { keepSession } from "../../program/session.ts";
import { clip, oneLine } from "../../program/words.ts";
import type { TurnReader } from "../cliAgent.ts";
import { type CodexEvent, type CodexItem, readCodexEvent } from "./codexMessages.ts";

interface Turn {
  readonly context: ActivityContext;
  readonly changed: Set<string>;
  began: boolean;
  answer: string;
  /** Its last word on what went wrong. */
  trouble?: string;
  end?: Extract<CodexEvent, { readonly type: "done" | "failed" }>;
}

/** A reader for one turn. `model`: the one that was asked for, by which tokens are priced. */
export function readCodexTurn(
  context: ActivityContext,
  model: string | undefined,
  prices?: () => JsonObject,
): TurnReader {
  const turn: Turn = { context, changed: new Set(), began: false, answer: "" };
  return {
    line: (text) => follow(turn, text),
    outcome: (prompt, result) => outcomeOf(turn, prompt, result, { model, prices: prices?.() }),
    began: () => turn.began,
  };
}

function follow(turn: Turn, line: string): void {
  const { context } = turn;
  const event = readCodexEvent(line);
  if (event === undefined) {
    if (line.trim() !== "") context.output({ kind: "stdout", text: clip(line) });
    return;
  }
  switch (event.type) {
    case "session":
      context.output({ kind: "note", text: `session ${event.session}` });
      void keepSession(context.memo, event.session).catch(() => undefined);
      return;
    case "asking":
      context.progress("waiting for the model");
      return;
    case "item":
      followItem(turn, event.item, event.completed);
      return;
    case "trouble":
      turn.trouble = event.message;
      context.progress(oneLine(event.message));
      return;
    case "done":
    case "failed":
      turn.end = event;
      return;
    case "other":
      return;
  }
}

function followItem(turn: Turn, item: CodexItem, completed: boolean): void {
  const { context } = turn;
  if (item.kind !== "note") turn.began = true;
  if (!completed) {
    const now = doing(item, context.workspace);
    if (now !== undefined) context.progress(now);
    return;
  }
  context.progress("waiting for the model");
  switch (item.kind) {
    case "message":
      turn.answer = item.text;
      return say(context, "text", item.text);
    case "thought":
      return say(context, "thought", item.text);
    case "note":
      return say(context, "note", item.text);
    case "plan":
      return say(context, "note", ["plan", ...item.lines].join("\n"));
    case "search":
      return say(context, "tool_call", `searches the web for ${item.query}`);
    case "command":
      say(context, "tool_call", item.command);
      return say(context, "tool_result", item.output);
    case "tool":
      say(context, "tool_call", `${item.name} ${JSON.stringify(item.input)}`);
      return say(context, "tool_result", JSON.stringify(item.result));
    case "change": {
      const paths = item.changes.map(({ path }) => inWorkspace(path, context.workspace));
      const lines = item.changes.map(({ how }, index) => `${how} ${paths[index]}`);
      say(context, "tool_call", lines.join("\n"));
      if (item.done) for (const path of paths) turn.changed.add(path);
      return;
    }
  }
}

function say(
  context: ActivityContext,
  kind: "text" | "thought" | "note" | "tool_call" | "tool_result",
  text: string,
): void {
  if (text.trim() === "") return;
  context.output({ kind, text: kind === "text" || kind === "thought" ? text : clip(text) });
}

function doing(item: CodexItem, workspace: string): string | undefined {
  switch (item.kind) {
    case "command":
      return `running ${oneLine(item.command)}`;
    case "change":
      return `editing ${item.changes.map(({ path }) => inWorkspace(path, workspace)).join(", ")}`;
    case "search":
      return `searching the web for ${oneLine(item.query)}`;
    case "tool":
      return `using ${oneLine(item.name)}`;
    default:
      return undefined;
  }
}

interface Priced {
  readonly model: string | undefined;
  readonly prices: JsonObject | undefined;
}

function outcomeOf(
  turn: Turn,
  prompt: AgentPrompt,
  result: CommandResult,
  { model, prices }: Priced,
): ActivityOutcome | undefined {
  const { end, trouble } = turn;
  if (end?.type !== "done") {
    const said = end?.message || trouble || wordsOfEnd(result);
    // A program that broke off without a word of its own is judged by its end.
    if (said === undefined || (end === undefined && turn.began)) return undefined;
    return failed(reasonOf(said));
  }
  const usage: Usage = { input_tokens: end.inputTokens, output_tokens: end.outputTokens };
  return answered(prompt, {
    response: turn.answer,
    agentUsed: "codex",
    usage: model === undefined ? usage : priced(usage, model, prices),
    filesChanged: [...turn.changed],
  });
}

/** Why it did not even begin: `Error: ...` on its standard error. */
function wordsOfEnd({ exitCode, stderr }: CommandResult): string | undefined {
  if (exitCode === 0) return undefined;
  return /^Error: (.+)$/m.exec(stderr)?.[1];
}

/** Which of our failures the vendor's is: whether to log in, to try again later, or to change the request. */
function reasonOf(said: string): Failure {
  const detail = { said: clip(said) };
  const words = withStop(clip(said));
  if (
    /\b40[13]\b|unauthorized|missing environment variable|not logged in|log(?:ged)? (?:in|out)|sign in|refresh token/i.test(
      said,
    )
  ) {
    const message = `codex is not logged in, or its key was refused: ${words} Run \`codex login\`, or set CODEX_API_KEY, then retry.`;
    return failure("agent_unavailable", message, detail);
  }
  if (/\b402\b|usage limit|insufficient_quota|quota|billing|out of credits/i.test(said)) {
    const message = `codex's account cannot pay for the request at present: ${words} Wait until its limit is reset, or choose another agent.`;
    return failure("agent_unavailable", message, detail);
  }
  if (
    /\b(?:429|5\d\d)\b|high demand|overloaded|rate limit|stream disconnected|error sending request|connection|timed out|timeout/i.test(
      said,
    )
  ) {
    return failure("network", `codex's API did not answer: ${words}`, detail);
  }
  return failure("agent_error", `codex failed: ${words}`, detail);
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** True for the words by which codex says that it has no such session. */
export function hasNoThread(outcome: ActivityOutcome): boolean {
  if (outcome.type !== "failed" || !isObject(outcome.failure.detail)) return false;
  return /no rollout found|thread not found/i.test(String(outcome.failure.detail.said ?? ""));
}
