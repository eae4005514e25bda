/**
 * What can go wrong between us and a model's server, as failures with the next move.
 * Owns telling a refused connection, a time-out, a refusal and a broken answer apart. Knows no vendor.
 */

import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome, Usage } from "../../run/request.ts";
import { isObject, type Json, parsedJson } from "../../util/json.ts";
import { formatDuration } from "../../workflow/duration.ts";
import { failed, stopped } from "../answer.ts";

/** The server's words for an answer that is not 2xx. */
export class RefusedByServer extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What a server says in the body of a refusal: `{"error": "..."}`, `{"error": {"message": "..."}}`, or plain text. */
export function refusalIn(body: string): string {
  const said = parsedJson(body);
  const error = isObject(said) ? said.error : undefined;
  const message = isObject(error) ? error.message : (error ?? (isObject(said) ? said.message : ""));
  const text = typeof message === "string" && message !== "" ? message : body;
  const short = text.replace(/\s+/g, " ").trim().slice(0, LONGEST_REFUSAL);
  if (short === "") return "it gave no reason.";
  return /[.!?]$/.test(short) ? short : `${short}.`;
}

const LONGEST_REFUSAL = 400;

export interface ServerWords {
  /** How people call the server: `Ollama`. */
  readonly title: string;
  readonly url: string;
  /** What to do when nobody listens there: the rest of a sentence after `title is not running at URL: `. */
  readonly start: string;
}

/** The time that one answer may take, together with the attempt's own end. */
export interface Patience {
  readonly signal: AbortSignal;
  /** True once the time is up. */
  readonly over: () => boolean;
  readonly limit: number | undefined;
}

export function patienceFor(limit: number | undefined, attempt: AbortSignal): Patience {
  if (limit === undefined || limit === 0)
    return { signal: attempt, over: () => false, limit: undefined };
  const timer = AbortSignal.timeout(limit);
  return { signal: AbortSignal.any([attempt, timer]), over: () => timer.aborted, limit };
}

/** An answer without a word in it. */
export function emptyAnswer(model: string, usage?: Usage, detail?: Json): ActivityOutcome {
  return failed(failure("agent_error", `${model} gave an empty answer.`, detail), usage);
}

/** An answer that reached its longest length; `raise`: the settings that make it longer, in Markdown. */
export function cutAnswer(
  model: string,
  usage: Usage,
  raise: string,
  detail?: Json,
): ActivityOutcome {
  const message = `The answer of ${model} was cut off after ${usage.output_tokens} tokens. Raise ${raise} in the agent's settings, or ask for less.`;
  return failed(failure("limit_exceeded", message, detail), usage);
}

/** The outcome of a request that threw. What is not the server's is thrown on: it is our own fault. */
export function failedRequest(
  error: unknown,
  words: ServerWords,
  attempt: AbortSignal,
  patience: Patience,
): ActivityOutcome {
  if (attempt.aborted) return stopped(words.title, "repeatable");
  if (patience.over() && patience.limit !== undefined) {
    const message = `${words.title} at ${words.url} did not finish its answer within ${formatDuration(patience.limit)}. Raise \`timeout\` in the agent's settings, or ask for less.`;
    return failed(failure("timeout", message));
  }
  if (error instanceof RefusedByServer) return failed(refused(error, words));
  const reason = connectionFailure(error, words);
  if (reason === undefined) throw error;
  return failed(reason);
}

/** What a failed connection means; undefined when the error is no such thing. */
export function connectionFailure(
  error: unknown,
  { title, url, start }: ServerWords,
): Failure | undefined {
  const code = codeOf(error);
  switch (code) {
    case undefined:
      return undefined;
    case "ECONNREFUSED":
      return failure("agent_unavailable", `${title} is not running at ${url}: ${start}`, { code });
    case "ENOTFOUND":
    case "EAI_AGAIN": {
      const message = `The name in ${url} leads to no machine. Correct \`api_url\` in the agent's settings, or look at the network.`;
      return failure("agent_unavailable", message, { code });
    }
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT": {
      const message = `${title} at ${url} was silent for five minutes. Use a smaller model or a shorter prompt, or look at its log.`;
      return failure("timeout", message, { code });
    }
    default: {
      if (!CONNECTION.test(code)) return undefined;
      const message = `The connection to ${title} at ${url} broke off (${code}). Look whether it still runs, then try again.`;
      return failure("network", message, { code });
    }
  }
}

/** Codes of sockets, TLS and HTTP parsing; others are faults of ours. */
const CONNECTION =
  /^(E[A-Z]+|UND_ERR_\w+|HPE_\w+|CERT_\w+|ERR_(TLS|SSL)_\w+|\w*(SELF_SIGNED|VERIFY)\w*)$/;

/** A gateway without its server, or a server that is too busy. */
const PASSING: ReadonlySet<number> = new Set([502, 503, 504, 529]);

function refused({ status, message: said }: RefusedByServer, { title, url }: ServerWords): Failure {
  const detail = { status, said };
  if (status === 401 || status === 403) {
    const message = `${title} at ${url} does not accept the key (${status}): ${said} Correct the secret that \`api_key\` names in the agent's settings.`;
    return failure("agent_unavailable", message, detail);
  }
  if (status === 429) {
    const message = `${title} at ${url} has no room for the request now (429): ${said} Try again later, or use another model.`;
    return failure("network", message, detail);
  }
  const message = `${title} at ${url} refused the request (${status}): ${said}`;
  // What passes by itself has one code, whatever stands behind an agent: a step may retry on it.
  return failure(PASSING.has(status) ? "network" : "agent_error", message, detail);
}

/** The code of a connection's end, wherever the client hid it. */
function codeOf(error: unknown): string | undefined {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ("code" in each && typeof each.code === "string") return each.code;
    if (each instanceof AggregateError) return codeOf(each.errors[0]);
    if (each.message === "terminated" || each.message.includes("done or success response"))
      return "ECONNRESET";
  }
  return undefined;
}
