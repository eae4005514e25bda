/**
 * Follows one turn of claude: transcript and progress while it runs, the outcome from its last message.
 * Owns the meaning of the vendor's failures. Starts nothing.
 */
import type { ActivityContext } from "../../../engine/activity.ts";
import type { PermissionAnswer } from "../../../run/ask/breakpoint.ts";
import { type Failure, failure } from "../../../run/failure.ts";
import type { ActivityOutcome, Usage } from "../../../run/request.ts";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import type { AgentPrompt } from "../../agent.ts";
import { answered, failed } from "../../answer.ts";
import { priced } from "../../prices/prices.ts";
import { inWorkspace } from "../../program/inWorkspace.ts";
import { keepSession } from "../../program/session.ts";
import { clip, oneLine } from "../../program/words.ts";
import type { Talk, TurnReader } from "../cliAgent.ts";
import {
  type ClaudeAsk,
  type ClaudeBlock,
  type ClaudeReply,
  type ClaudeResult,
  readClaudeMessage,
  replyLine,
  type ToolResult,
} from "./claudeMessages.ts";
import { claudeRequest } from "./claudeRequest.ts";

const EDITS: ReadonlySet<string> = new Set(["Edit", "MultiEdit", "Write", "NotebookEdit"]);

interface Turn {
  readonly context: ActivityContext;
  readonly edits: Map<string, string>;
  readonly changed: Set<string>;
  readonly talk: Talk;
  /** What it asks at present, by the name of the question. */
  readonly asking: Map<string, AbortController>;
  began: boolean;
  model: string;
  error?: string;
  result?: ClaudeResult;
}

/** A reader for one turn in a workspace. */
export function readClaudeTurn(
  context: ActivityContext,
  talk: Talk,
  prices?: () => JsonObject,
): TurnReader {
  const asking = new Map<string, AbortController>();
  const turn: Turn = {
    ...{ context, talk, asking, edits: new Map(), changed: new Set(), began: false, model: "" },
  };
  return {
    line: (text) => follow(turn, text),
    outcome: (prompt) => outcomeOf(turn, prompt, prices?.()),
    began: () => turn.began,
  };
}

function follow(turn: Turn, line: string): void {
  const { context } = turn;
  const message = readClaudeMessage(line);
  if (message === undefined) {
    if (line.trim() !== "") context.output({ kind: "stdout", text: clip(line) });
    return;
  }
  switch (message.type) {
    case "init":
      turn.model = message.model;
      context.output({ kind: "note", text: `session ${message.session}, model ${message.model}` });
      context.progress("waiting for the model");
      // Some versions go on under another name than they were given.
      void keepSession(context.memo, message.session).catch(() => undefined);
      return;
    case "retry":
      context.progress(`the model's API did not answer (${message.reason}); asking again`);
      return;
    case "assistant":
      turn.began = true;
      if (message.error !== undefined) turn.error = message.error;
      for (const block of message.blocks) followBlock(turn, block);
      return;
    case "results":
      for (const result of message.results) followResult(turn, result);
      return;
    case "result":
      turn.result = message;
      turn.talk.end();
      return;
    case "ask":
      void permit(turn, message);
      return;
    case "withdrawn":
      turn.asking.get(message.id)?.abort();
      return;
    case "other":
      return;
  }
}

/** Asks a person what the program asks, and tells the program. Where nobody can be asked the turn is given up. */
async function permit({ context, talk, asking }: Turn, asked: ClaudeAsk): Promise<void> {
  const { tool, input, reason, lasting, id } = asked;
  const withdraw = new AbortController();
  asking.set(id, withdraw);
  const why = reason === "" ? [] : [oneLine(reason)];
  const shown = claudeRequest(tool, input, (file) => inWorkspace(file, context.workspace));
  const body = clip(shown, LONGEST_REQUEST);
  const message = [`claude asks to use ${tool}:`, body, ...why].join("\n");
  const options =
    lasting.length > 0 ? OPTIONS : OPTIONS.filter((one) => one.kind !== "allow_always");
  const reply = await context.ask({ message, options }, withdraw.signal);
  asking.delete(id);
  if (withdraw.signal.aborted) return;
  if (reply.kind === "none") {
    if (context.signal.aborted) return;
    const said = `claude asked for permission, and nobody could be asked. ${reply.reason}`;
    return talk.giveUp(failure("agent_error", said));
  }
  talk.send(replyLine(asked, replyOf(reply, lasting)));
}

function replyOf(reply: PermissionAnswer, lasting: readonly JsonObject[]): ClaudeReply {
  switch (reply.decision) {
    case "allow_once":
      return { allow: true, lasting: [] };
    case "allow_always":
      return { allow: true, lasting };
    case "reject_once":
    case "reject_always":
      return { allow: false, why: "The user does not allow this.", stop: false };
    case "dismiss":
      return { allow: false, why: "The user dismissed the request.", stop: true };
  }
}

const OPTIONS = [
  { id: "allow", label: "Allow", kind: "allow_once" },
  { id: "session", label: "Allow for this session", kind: "allow_always" },
  { id: "reject", label: "Reject", kind: "reject_once" },
] as const;
/** Characters of a request that a person is shown. */
const LONGEST_REQUEST = 60_000;

function followBlock(turn: Turn, block: ClaudeBlock): void {
  const { context } = turn;
  switch (block.kind) {
    case "text":
      if (block.text.trim() !== "") context.output({ kind: "text", text: block.text });
      return;
    case "thought":
      if (block.text.trim() !== "") context.output({ kind: "thought", text: block.text });
      return;
    case "tool": {
      const path = pathOf(block.input);
      if (EDITS.has(block.name) && path !== undefined) turn.edits.set(block.id, path);
      context.output({
        kind: "tool_call",
        text: clip(`${block.name} ${JSON.stringify(block.input)}`),
      });
      context.progress(doing(block.name, block.input, context.workspace));
      return;
    }
  }
}

function followResult(turn: Turn, result: ToolResult): void {
  const { context, edits, changed } = turn;
  context.output({ kind: "tool_result", text: clip(result.text) });
  context.progress("waiting for the model");
  const path = edits.get(result.id);
  if (path !== undefined && !result.isError) changed.add(inWorkspace(path, context.workspace));
}

function outcomeOf(
  turn: Turn,
  prompt: AgentPrompt,
  prices: JsonObject | undefined,
): ActivityOutcome | undefined {
  const { result, context, model } = turn;
  if (result === undefined) return undefined;
  const usage = priced(usageOf(result), model, prices);
  if (result.isError) return failed(reasonOf(result, turn.error), usage);
  if (result.denied.length > 0) {
    const tools = result.denied.join(", ");
    const text = `claude was refused permission for ${tools}. To allow it, set the agent's permission_mode or the program's own permissions.`;
    context.output({ kind: "note", text });
  }
  return answered(prompt, {
    response: result.text,
    agentUsed: "claude",
    usage,
    filesChanged: [...turn.changed],
    ...(result.structured === undefined ? {} : { data: result.structured }),
  });
}

function usageOf(result: ClaudeResult): Usage {
  const cost = result.costUsd === undefined ? {} : { cost_usd: result.costUsd };
  return { input_tokens: result.inputTokens, output_tokens: result.outputTokens, ...cost };
}

/** Which of our failures the vendor's is: whether to log in, to try again later, or to change the request. */
function reasonOf(result: ClaudeResult, error: string | undefined): Failure {
  const said =
    [result.text, ...result.errors].filter((text) => text !== "").join(" ") || result.subtype;
  const detail: Json = {
    said: clip(said),
    subtype: result.subtype,
    ...(error === undefined ? {} : { error }),
    ...(result.apiStatus === undefined ? {} : { status: result.apiStatus }),
  };
  const status = result.apiStatus ?? 0;
  if (/not logged in|please run \/login/i.test(said)) {
    const message =
      "claude is not logged in. Run `claude` once and log in, or set ANTHROPIC_API_KEY, then retry.";
    return failure("agent_unavailable", message, detail);
  }
  if (status === 401 || status === 403 || error === "authentication_failed") {
    const message = `claude's key was refused: ${clip(said)} Check ANTHROPIC_API_KEY or log in anew, then retry.`;
    return failure("agent_unavailable", message, detail);
  }
  if (error === "billing_error" || status === 402) {
    return failure(
      "agent_unavailable",
      `claude's account cannot pay for the request: ${clip(said)}`,
      detail,
    );
  }
  const passing =
    status === 429 || status >= 500 || error === "rate_limit" || error === "server_error";
  if (passing || /unable to connect|connection error|timed out|overloaded/i.test(said)) {
    return failure("network", `claude's API did not answer: ${clip(said)}`, detail);
  }
  return failure("agent_error", `claude failed: ${clip(said)}`, detail);
}

function doing(tool: string, input: JsonObject, workspace: string): string {
  const path = pathOf(input);
  const file = path === undefined ? "a file" : inWorkspace(path, workspace);
  const words = (key: string) => (typeof input[key] === "string" ? oneLine(input[key]) : "");
  switch (tool) {
    case "Read":
      return `reading ${file}`;
    case "Edit":
    case "MultiEdit":
    case "NotebookEdit":
      return `editing ${file}`;
    case "Write":
      return `writing ${file}`;
    case "Grep":
    case "Glob":
      return `searching for ${words("pattern")}`;
    case "Bash":
      return `running ${words("command")}`;
    case "WebFetch":
      return `fetching ${words("url")}`;
    case "WebSearch":
      return `searching the web for ${words("query")}`;
    case "Task":
    case "Agent":
      return `asking a helper: ${words("description")}`;
    default:
      return `using ${tool}`;
  }
}

function pathOf(input: JsonObject): string | undefined {
  return [input.file_path, input.notebook_path, input.path].find(
    (path) => typeof path === "string",
  );
}

/** True for the message by which claude says that it has no such session. */
export function hasNoSession(outcome: ActivityOutcome): boolean {
  if (outcome.type !== "failed" || !isObject(outcome.failure.detail)) return false;
  return /no conversation found/i.test(String(outcome.failure.detail.said ?? ""));
}
