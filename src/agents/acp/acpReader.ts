/**
 * Follows one turn of an agent: transcript and progress while it works, its answer and what it changed at the end.
 * Owns the meaning of the protocol's updates. Sends nothing.
 */
import type {
  ContentBlock,
  Diff,
  PlanEntry,
  SessionUpdate,
  ToolCallContent,
  ToolCallUpdate,
} from "@agentclientprotocol/sdk";
import type { ActivityContext } from "../../engine/activity.ts";
import type { Usage } from "../../run/request.ts";
import type { JsonObject } from "../../util/json.ts";
import { unifiedDiff } from "../../util/unifiedDiff.ts";
import { inWorkspace } from "../program/inWorkspace.ts";
import { clip, oneLine } from "../program/words.ts";

export interface AcpReader {
  /** Takes one update; nothing is read before `begin`, as when an old session is replayed, nor of another session. */
  readonly take: (from: string, update: SessionUpdate) => void;
  /** What a call wants to do, in full, with what was said of it before: a request may say only what is new. */
  readonly asked: (call: ToolCallUpdate) => string;
  /** What a response says of tokens; the last one counts. */
  readonly count: (result: JsonObject) => void;
  /** The prompt is being sent in this session: from now on the agent may act on the world. */
  readonly begin: (session: string) => void;
  readonly began: () => boolean;
  /** True once it has done anything besides talking. */
  readonly acted: () => boolean;
  /** Hands on unfinished lines. */
  readonly end: () => void;
  /** What it said after the last thing that it did, or all that it said. */
  readonly answer: () => string;
  /** Relative to the workspace, in order of first change. */
  readonly changed: () => readonly string[];
  readonly usage: () => Usage | undefined;
}

/** Characters of an answer that are kept: more is no answer. */
const LONGEST_ANSWER = 4 * 1024 * 1024;
/** Characters of an unfinished line that is handed on all the same. */
const LONGEST_LINE = 4_000;
/** Tool calls of one turn that are remembered at once. */
const MOST_CALLS = 1_000;
const CHANGES: ReadonlySet<string> = new Set(["edit", "delete", "move"]);

/** What was said of a call that a person may be asked about. */
type Asked = Pick<ToolCallUpdate, "title" | "kind" | "content" | "rawInput" | "locations">;

interface Call {
  readonly title: string;
  readonly kind: string;
  readonly paths: readonly string[];
  readonly closed: boolean;
  readonly asked: Asked;
}

/** A reader for one turn in a workspace. */
export function createAcpReader(context: ActivityContext): AcpReader {
  const calls = new Map<string, Call>();
  const changed = new Set<string>();
  const said = createLines((text) => context.output({ kind: "text", text }));
  const thought = createLines((text) => context.output({ kind: "thought", text }));
  let current: string | undefined;
  let acted = false;
  let answer = "";
  let before = "";
  let cost: number | undefined;
  let counted: { readonly input: number; readonly output: number } | undefined;

  const follow = (update: ToolCallUpdate): void => {
    acted = true;
    said.end();
    thought.end();
    const call = callOf(calls.get(update.toolCallId), update);
    const known = calls.has(update.toolCallId);
    if (!known && calls.size >= MOST_CALLS) return;
    calls.set(update.toolCallId, call);
    if (!known) {
      if (answer.trim() !== "") before = answer;
      answer = "";
      context.output({ kind: "tool_call", text: clip(callLine(call, update)) });
      context.progress(oneLine(call.title));
    }
    if (!call.closed) return;
    calls.delete(update.toolCallId);
    context.output({ kind: "tool_result", text: clip(resultText(update)) });
    context.progress("waiting for the model");
    if (update.status !== "completed") return;
    if (CHANGES.has(call.kind) || hasDiff(update.content))
      for (const path of call.paths) changed.add(inWorkspace(path, context.workspace));
  };

  return {
    take: (from, update) => {
      if (from !== current) return;
      switch (update.sessionUpdate) {
        case "agent_message_chunk": {
          const text = textIn(update.content);
          if (answer.length < LONGEST_ANSWER) answer += text.slice(0, LONGEST_ANSWER);
          return said.add(text);
        }
        case "agent_thought_chunk":
          return thought.add(textIn(update.content));
        case "tool_call":
        case "tool_call_update":
          return follow(update);
        case "plan":
          return context.output({ kind: "note", text: planText(update.entries) });
        case "usage_update":
          if (update.cost?.currency === "USD") cost = update.cost.amount;
          return;
        default:
          return;
      }
    },
    asked: (call) => callText(askedOf(calls.get(call.toolCallId), call)),
    count: ({ usage }) => {
      const found = tokensIn(usage);
      if (found) counted = found;
    },
    begin: (session) => {
      current = session;
    },
    began: () => current !== undefined,
    acted: () => acted,
    end: () => {
      said.end();
      thought.end();
    },
    answer: () => (answer.trim() === "" ? before : answer).trim(),
    changed: () => [...changed],
    usage: () => {
      if (!counted && cost === undefined) return undefined;
      return {
        input_tokens: counted?.input ?? 0,
        output_tokens: counted?.output ?? 0,
        ...(cost === undefined ? {} : { cost_usd: cost }),
      };
    },
  };
}

/** What a tool call wants to do, in full, for whoever is asked about it. */
function callText(update: Asked): string {
  const diffs = (update.content ?? []).flatMap((content) =>
    content.type === "diff" ? [diffText(content)] : [],
  );
  const said = contentText(update.content);
  const input = update.rawInput === undefined ? "" : JSON.stringify(update.rawInput, null, 1);
  const places = (update.locations ?? []).map(({ path }) => path).join("\n");
  const body = diffs.length > 0 ? diffs.join("\n") : input !== "" ? input : said || places;
  return [update.title ?? update.kind ?? "a tool", body].filter((part) => part !== "").join("\n");
}

function callOf(known: Call | undefined, update: ToolCallUpdate): Call {
  const diffs = (update.content ?? []).flatMap((content) =>
    content.type === "diff" ? [content.path] : [],
  );
  const places = (update.locations ?? []).map(({ path }) => path);
  return {
    title: update.title ?? known?.title ?? "a tool",
    kind: update.kind ?? known?.kind ?? "other",
    paths: [...new Set([...(known?.paths ?? []), ...diffs, ...places])].slice(0, MOST_CALLS),
    closed: update.status === "completed" || update.status === "failed",
    asked: askedOf(known, update),
  };
}

function askedOf(known: Call | undefined, update: ToolCallUpdate): Asked {
  const before = known?.asked ?? {};
  return {
    title: update.title ?? before.title ?? null,
    kind: update.kind ?? before.kind ?? null,
    content: update.content ?? before.content ?? null,
    locations: update.locations ?? before.locations ?? null,
    rawInput: update.rawInput ?? before.rawInput,
  };
}

function callLine({ title, kind }: Call, { rawInput }: ToolCallUpdate): string {
  const input = rawInput === undefined ? "" : ` ${JSON.stringify(rawInput)}`;
  return `${title} (${kind})${input}`;
}

function resultText({ content, rawOutput, status }: ToolCallUpdate): string {
  const diffs = (content ?? []).flatMap((part) => (part.type === "diff" ? [diffText(part)] : []));
  const text = [contentText(content), ...diffs].filter((part) => part !== "").join("\n");
  if (text !== "") return text;
  if (rawOutput === undefined) return status ?? "";
  return typeof rawOutput === "string" ? rawOutput : JSON.stringify(rawOutput);
}

function contentText(content: readonly ToolCallContent[] | null | undefined): string {
  return (content ?? [])
    .flatMap((part) => (part.type === "content" ? [textIn(part.content)] : []))
    .join("\n");
}

function hasDiff(content: readonly ToolCallContent[] | null | undefined): boolean {
  return (content ?? []).some(({ type }) => type === "diff");
}

/** Agents give the old and the new text, whole files often: what differs is what a person looks for. */
function diffText({ path, oldText, newText }: Diff): string {
  if (oldText === undefined || oldText === null)
    return [path, ...newText.split("\n").map((line) => `+${line}`)].join("\n");
  return unifiedDiff(path, oldText, newText).trimEnd() || `${path}: nothing differs`;
}

function textIn(content: ContentBlock): string {
  switch (content.type) {
    case "text":
      return content.text;
    case "resource_link":
      return content.uri;
    case "resource":
      return "text" in content.resource ? content.resource.text : content.resource.uri;
    default:
      return `(${content.type})`;
  }
}

function planText(entries: readonly PlanEntry[]): string {
  const mark = { completed: "x", in_progress: ">", pending: " " } as const;
  const lines = entries.map(({ content, status }) => `[${mark[status]}] ${oneLine(content)}`);
  return clip(["plan", ...lines].join("\n"));
}

/** As agents of today say it: `usage: {inputTokens, outputTokens, cachedReadTokens, cachedWriteTokens}`. */
function tokensIn(usage: unknown) {
  if (typeof usage !== "object" || usage === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...usage };
  const number = (name: string): number => {
    const value = fields[name];
    return typeof value === "number" && value >= 0 ? value : 0;
  };
  if (typeof fields.inputTokens !== "number" && typeof fields.outputTokens !== "number")
    return undefined;
  const cached = number("cachedReadTokens") + number("cachedWriteTokens");
  return { input: number("inputTokens") + cached, output: number("outputTokens") };
}

/** Text that comes in pieces, handed on line by line. */
function createLines(take: (line: string) => void): { add(text: string): void; end(): void } {
  let rest = "";
  return {
    add: (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") take(clip(line));
      for (; rest.length > LONGEST_LINE; rest = rest.slice(LONGEST_LINE))
        take(rest.slice(0, LONGEST_LINE));
    },
    end: () => {
      if (rest.trim() !== "") take(rest);
      rest = "";
    },
  };
}
