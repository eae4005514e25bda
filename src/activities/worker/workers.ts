/**
 * The workers that this process knows: what each name stands for, how each has fared, and one call to one of them.
 * Owns the protocol's way there (health, circuit, headers, one POST) and its failures. Never retries.
 */

import { type Circuits, createCircuits } from "../../http/circuit.ts";
import type { Answered } from "../../http/exchange.ts";
import { postOperation } from "../../http/postOperation.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import { type OperationRequest, readOperationAnswer } from "../../run/worker/contract.ts";
import { isObject, type Json, type JsonObject } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";
import { createHealthAsker, type Health } from "./workerHealth.ts";

export interface WorkerCall {
  /** A name of the settings, or an address. */
  readonly worker: string;
  readonly operation: OperationRequest;
  readonly headers: Readonly<Record<string, string>>;
  /** They hold secrets. */
  readonly secret: boolean;
  readonly key: string;
  readonly trace: string;
  readonly signal: AbortSignal;
}

export interface Workers {
  call(call: WorkerCall): Promise<ActivityOutcome>;
  /**
   * What became of an earlier call with the same key, where the worker says that it keeps them: asked again, it answers
   * without doing the work twice. Undefined: it cannot be told.
   */
  recall(call: WorkerCall): Promise<ActivityOutcome | undefined>;
  /** The workers of the settings; `asked`: and whether each is well, which connects to them. */
  list(how?: { readonly asked?: boolean }): Promise<readonly WorkerInfo[]>;
  readonly circuits: Circuits;
}

export interface WorkerInfo {
  readonly name: string;
  /** Without what may be a secret in it; absent when the settings give none. */
  readonly url?: string;
  /** What it says of itself, where it was asked and is well. */
  readonly says?: string;
  /** Why nothing could be given to it now. */
  readonly problem?: string;
}

export interface WorkerPorts {
  /** Settings by name: an address, or {url}. */
  readonly workers: () => JsonObject;
  /** A clock that only goes forward, in ms. */
  readonly now: () => number;
  readonly circuits?: Circuits;
}

/** How long all may take to say how they are, in ms. */
const PATIENCE = 10_000;

/** The workers of a process: one health answer and one circuit for each address. */
export function createWorkers({ workers, now, ...ports }: WorkerPorts): Workers {
  const circuits = ports.circuits ?? createCircuits({ now });
  const health = createHealthAsker(now);

  async function call(asked: WorkerCall): Promise<ActivityOutcome> {
    const base = addressOf(asked.worker, workers());
    if (typeof base !== "string") return { type: "failed", failure: base };
    const passage = circuits.enter(base);
    if (!passage.open)
      return { type: "failed", failure: resting(asked.worker, passage.retryAfter) };
    const well = await health.ask(asked.worker, base, asked.signal);
    if (!well.ok) {
      passage.end(well.stopped ? undefined : false);
      return { type: "failed", failure: well.failure };
    }
    const { outcome, fared } = await post(asked, base);
    passage.end(fared);
    return outcome;
  }

  async function recall(asked: WorkerCall): Promise<ActivityOutcome | undefined> {
    const base = addressOf(asked.worker, workers());
    if (typeof base !== "string") return undefined;
    const well: Health = await health.ask(asked.worker, base, asked.signal);
    if (!well.ok || well.body.idempotent !== true) return undefined;
    const { outcome } = await post(asked, base);
    return outcome.type === "unknown" ? undefined : outcome;
  }

  async function look(name: string, asked: boolean): Promise<WorkerInfo> {
    const base = addressOf(name, workers());
    if (typeof base !== "string") return { name, problem: base.message };
    const { origin, pathname } = new URL(base);
    const url = `${origin}${pathname.replace(/\/$/, "")}`;
    if (!asked) return { name, url };
    const well = await health.ask(name, base, AbortSignal.timeout(PATIENCE));
    return well.ok
      ? { name, url, says: String(well.body.status) }
      : { name, url, problem: well.failure.message };
  }

  const list: Workers["list"] = ({ asked = false } = {}) =>
    Promise.all(Object.keys(workers()).map((name) => look(name, asked)));

  return { call, recall, list, circuits };
}

/** The address behind a name, without a slash at its end, or why there is none. */
export function addressOf(worker: string, known: JsonObject): string | Failure {
  const set = Object.hasOwn(known, worker) ? known[worker] : undefined;
  const url = isObject(set) ? set.url : (set ?? worker);
  if (typeof url === "string" && /^https?:\/\//i.test(url) && URL.canParse(url))
    return url.replace(/\/+$/, "");
  const names = Object.keys(known);
  const near = closest(worker, names);
  const hint = near
    ? `Did you mean ${near}?`
    : `Set its address under \`workers\` in the settings${names.length > 0 ? `; known are ${names.join(", ")}` : ""}.`;
  return failure("invalid_input", `There is no worker ${worker}. ${hint}`);
}

type Posted = { readonly outcome: ActivityOutcome; readonly fared: boolean | undefined };

async function post(asked: WorkerCall, base: string): Promise<Posted> {
  const { worker, operation } = asked;
  const answer = await postOperation({ ...asked, base });
  if (answer.type !== "answered") {
    return { outcome: answer, fared: answer.failure.code === "cancelled" ? undefined : false };
  }
  const outcome = judge(worker, operation.operation, answer);
  // A worker that refuses what is wrong fares well.
  const refused = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
  return { outcome, fared: outcome.type === "completed" || refused };
}

function judge(worker: string, operation: string, answer: Answered): ActivityOutcome {
  const { status, text } = answer;
  const value = parse(text);
  const name = `${operation} of ${worker}`;
  if (status < 200 || status > 299) return failed(refusal(name, status, value, text));
  const read =
    value === undefined
      ? { ok: false as const, problem: "it is no JSON" }
      : readOperationAnswer(value);
  if (!read.ok) {
    const message = `The answer to ${name} cannot be used: ${read.problem}. The worker must answer as docs/workers.md says.`;
    return failed(failure("invalid_output", message, { kind: "malformed", body: clip(text) }));
  }
  const { result, error } = read;
  if (result.status === "failed") {
    const message = `${name} failed: ${error ?? "the worker does not say why"}.`;
    return failed(failure("tool_error", message, { kind: "operation_failed", ...result }));
  }
  const usage = { input_tokens: result.tokens_used, output_tokens: 0 };
  return { type: "completed", result, ...(result.tokens_used > 0 ? { usage } : {}) };
}

/** What is wrong with the request stays wrong, however often it is made. */
const WRONG_REQUEST = new Set([400, 404, 405, 413, 415, 422]);

function refusal(name: string, status: number, value: Json | undefined, text: string): Failure {
  const body = isObject(value) ? value : {};
  const said = [body.error, body.message, body.detail].find((one) => typeof one === "string");
  const why = typeof said === "string" ? `: ${said.replace(/\.$/, "")}` : "";
  const detail = { kind: "http_status", status, body: value ?? clip(text) };
  const late = status === 408 || status === 504;
  const code = late ? "timeout" : WRONG_REQUEST.has(status) ? "invalid_input" : "tool_error";
  return failure(code, `The worker answered ${name} with HTTP ${status}${why}.`, detail);
}

function resting(worker: string, retryAfter: number): Failure {
  const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
  const message = `The worker ${worker} failed too often, so it is left alone for another ${seconds} s. Look at its log, then retry.`;
  return failure("network", message, { kind: "circuit_open", retry_after_ms: retryAfter });
}

function failed(why: Failure): ActivityOutcome {
  return { type: "failed", failure: why };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function clip(text: string): string {
  return text.length <= 2000 ? text : `${text.slice(0, 2000)}…`;
}
