/**
 * The file behind the scripted agent: rules, matched in order, that say what to answer, fail, delay or hang.
 * Owns reading and matching; performs nothing.
 */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import type { OutputLine } from "../../engine/activity.ts";
import { type Failure, type FailureCode, failure } from "../../run/failure.ts";
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";

/** One rule. Every condition given must hold; a rule without conditions always matches. */
export interface ScriptRule {
  /** Agent name, e.g. `@task`. */
  readonly agent?: string;
  /** Task path; `*` stands for any text. */
  readonly path?: string;
  /** Text that the instructions contain, letter case aside. */
  readonly instructions?: string;
  /** The attempt's number, from 1. */
  readonly attempt?: number;
  /** Transcript lines to write, before the delay: a text, or `{tool_call: text}` and the like for another kind. */
  readonly lines?: readonly OutputLine[];
  /** Milliseconds to wait before answering. */
  readonly delay?: number;
  readonly hang?: boolean;
  /** Asks a person's permission for this first, and fails when it is not given. */
  readonly ask?: string;
  readonly fail?: { readonly code: FailureCode; readonly message: string };
  /** The outcome is unknown, as after a lost connection. */
  readonly unknown?: string;
  readonly response?: string;
  readonly data?: Json;
  readonly files_changed?: readonly string[];
  /** Files of the workspace that are really written before the answer; null deletes. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly usage?: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cost_usd?: number;
  };
}

export interface Script {
  /** Absolute path of the file that gets one JSON line a call, before anything else happens. */
  readonly log?: string;
  readonly rules: readonly ScriptRule[];
}

export interface ScriptedCall {
  readonly agent: string;
  readonly path: string;
  readonly attempt: number;
  readonly instructions: string;
}

const KEYS = new Set(
  "agent path instructions attempt lines delay hang ask fail unknown response data files_changed files usage".split(
    " ",
  ),
);

/** Reads a script (YAML or JSON). Fails with `agent_unavailable` when it is missing or says nothing we understand. */
export async function readScript(file: string): Promise<Script | Failure> {
  try {
    const content: unknown = parse(await readFile(file, "utf8"));
    return parseScript(content, dirname(file));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return failure(
      "agent_unavailable",
      `The scripted agent's file ${file} cannot be used: ${reason}`,
    );
  }
}

/** The first rule that matches a call, or undefined. */
export function matchRule(script: Script, call: ScriptedCall): ScriptRule | undefined {
  return script.rules.find(
    (rule) =>
      (rule.agent === undefined || rule.agent === call.agent) &&
      (rule.path === undefined || matchesPath(rule.path, call.path)) &&
      (rule.attempt === undefined || rule.attempt === call.attempt) &&
      (rule.instructions === undefined ||
        call.instructions.toLowerCase().includes(rule.instructions.toLowerCase())),
  );
}

/** Milliseconds of a duration as workflows write it: `50ms`, `2s`, `1m`, `1h`, or a number of seconds. */
export function milliseconds(duration: unknown): number {
  if (typeof duration === "number") return duration * 1000;
  const found = typeof duration === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration) : null;
  if (found === null)
    throw new Error(`${JSON.stringify(duration)} is no duration such as 50ms or 2s.`);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[found[2] ?? "ms"] ?? 1;
  return Number(found[1]) * unit;
}

function parseScript(content: unknown, folder: string): Script {
  const rules = isObject(content) ? content.rules : content;
  if (!Array.isArray(rules)) throw new Error("It needs a list of rules under rules:.");
  const log = isObject(content) && typeof content.log === "string" ? content.log : undefined;
  return {
    rules: rules.map(parseRule),
    ...(log === undefined ? {} : { log: resolve(folder, log) }),
  };
}

function parseRule(value: unknown, index: number): ScriptRule {
  if (!isObject(value)) throw new Error(`Rule ${index + 1} must have keys and values.`);
  const unknownKey = Object.keys(value).find((key) => !KEYS.has(key));
  if (unknownKey !== undefined) {
    throw new Error(
      `Rule ${index + 1} has the unknown key ${unknownKey}. Known: ${[...KEYS].join(", ")}.`,
    );
  }
  const { lines, files_changed: files, attempt, hang, data } = value;
  return {
    ...textFields(value),
    ...(typeof attempt === "number" ? { attempt } : {}),
    ...(value.delay === undefined ? {} : { delay: milliseconds(value.delay) }),
    ...(hang === true ? { hang: true } : {}),
    ...(data === undefined ? {} : { data }),
    ...(isList(lines) ? { lines: lines.map(lineOf) } : {}),
    ...filesField(value.files),
    ...(isList(files) ? { files_changed: files.map(String) } : {}),
    ...failField(value.fail),
    ...usageField(value.usage),
  };
}

function textFields(
  value: JsonObject,
): Pick<ScriptRule, "agent" | "path" | "instructions" | "response" | "unknown" | "ask"> {
  const names = ["agent", "path", "instructions", "response", "unknown", "ask"] as const;
  return Object.fromEntries(
    names.flatMap((name) => (value[name] === undefined ? [] : [[name, String(value[name])]])),
  );
}

function lineOf(value: Json): OutputLine {
  const [first] = isObject(value) ? Object.entries(value) : [];
  const kind = LINE_KINDS.find((known) => known === first?.[0]);
  return kind === undefined
    ? { kind: "text", text: String(value) }
    : { kind, text: String(first?.[1] ?? "") };
}

const LINE_KINDS = ["text", "stdout", "stderr", "tool_call", "tool_result", "thought"] as const;

function filesField(value: Json | undefined): Pick<ScriptRule, "files"> {
  if (!isObject(value)) return {};
  const files = Object.entries(value).map(([path, text]) => [
    path,
    text === null ? null : String(text),
  ]);
  return { files: Object.fromEntries(files) };
}

function failField(value: Json | undefined): Pick<ScriptRule, "fail"> {
  if (value === undefined) return {};
  if (typeof value === "string") return { fail: { code: "agent_error", message: value } };
  if (!isObject(value)) throw new Error("fail: needs a message, or {code, message}.");
  const message =
    typeof value.message === "string" ? value.message : "The script says that this call fails.";
  return { fail: { code: codeOf(value.code), message } };
}

function codeOf(value: Json | undefined): FailureCode {
  const codes: readonly FailureCode[] = [
    "timeout",
    "agent_error",
    "agent_unavailable",
    "tool_error",
    "tool_unavailable",
    "invalid_output",
    "network",
    "limit_exceeded",
    "internal",
  ];
  if (value === undefined) return "agent_error";
  const found = codes.find((code) => code === value);
  if (found === undefined)
    throw new Error(`${JSON.stringify(value)} is no failure code of an agent.`);
  return found;
}

function usageField(value: Json | undefined): Pick<ScriptRule, "usage"> {
  if (!isObject(value)) return {};
  const { input_tokens: input, output_tokens: output, cost_usd: cost } = value;
  return {
    usage: {
      input_tokens: typeof input === "number" ? input : 0,
      output_tokens: typeof output === "number" ? output : 0,
      ...(typeof cost === "number" ? { cost_usd: cost } : {}),
    },
  };
}

function matchesPath(pattern: string, path: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return pattern === path;
  if (!path.startsWith(first) || !path.endsWith(last) || path.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = path.indexOf(part, from);
    if (at < 0 || at + part.length > path.length - last.length) return false;
    from = at + part.length;
  }
  return true;
}
