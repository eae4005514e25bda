/**
 * Calls to HTTP workers, whoever makes them: health, circuit, one POST, and the answer read as the contract says.
 * Owns how each address has fared in this process, and the failures of a call. Never retries; knows no settings.
 */
import { type Failure, type FailureCode, failure } from "../run/failure.ts";
import {
  type OperationRequest,
  readOperationAnswer,
  type WorkerResult,
} from "../run/worker/contract.ts";
import { isObject, type Json, parsedJson } from "../util/json.ts";
import { type Circuits, createCircuits } from "./circuit.ts";
import type { Answered } from "./exchange.ts";
import { postOperation } from "./postOperation.ts";
import { createHealthAsker, type Health, type WorkerAddress } from "./workerHealth.ts";

export interface WorkerCall {
  readonly address: WorkerAddress;
  readonly operation: OperationRequest;
  /** Of the operation alone, beside those of the address. */
  readonly headers: Readonly<Record<string, string>>;
  /** They hold secrets. */
  readonly secret: boolean;
  readonly key: string;
  readonly trace: string;
  readonly signal: AbortSignal;
  readonly words: WorkerWords;
}

/** How failures call a worker, and what it means where it is not there or fails at its work. */
export interface WorkerWords {
  /** The name by which people know it. */
  readonly worker: string;
  /** Where its address is: the rest of "Start it, or correct". */
  readonly place: string;
  readonly unwell: FailureCode;
  readonly failed: FailureCode;
}

/** What a call came to: as an activity's outcome, but for the answer, which is read. */
export type Called =
  | { readonly type: "answered"; readonly result: WorkerResult }
  | { readonly type: "failed" | "unknown"; readonly failure: Failure };

export interface WorkerCalls {
  call(call: WorkerCall): Promise<Called>;
  /**
   * What became of an earlier call with the same key, where the worker says that it keeps them: asked again, it answers
   * without doing the work twice. Undefined: it cannot be told.
   */
  recall(call: WorkerCall): Promise<Called | undefined>;
  health(address: WorkerAddress, signal: AbortSignal): Promise<Health>;
  readonly circuits: Circuits;
}

export interface WorkerCallsPorts {
  /** A clock that only goes forward, in ms. */
  readonly now: () => number;
  readonly circuits?: Circuits;
}

/** The calls of a process: one health answer and one circuit for each address. */
export function createWorkerCalls({ now, ...ports }: WorkerCallsPorts): WorkerCalls {
  const circuits = ports.circuits ?? createCircuits({ now });
  const health = createHealthAsker(now);

  async function call(asked: WorkerCall): Promise<Called> {
    const { address, words } = asked;
    const passage = circuits.enter(address.base);
    if (!passage.open) return failed(resting(words, passage.retryAfter));
    const well = await health.ask(address, asked.signal);
    if (well.is !== "well") {
      passage.end(well.is === "stopped" ? undefined : false);
      return failed(whyUnwell(words, well));
    }
    const { called, fared } = await post(asked);
    passage.end(fared);
    return called;
  }

  async function recall(asked: WorkerCall): Promise<Called | undefined> {
    const well = await health.ask(asked.address, asked.signal);
    if (well.is !== "well" || well.body.idempotent !== true) return undefined;
    const { called } = await post(asked);
    return called.type === "unknown" ? undefined : called;
  }

  return { call, recall, health: health.ask, circuits };
}

/** Why nothing is given to a worker that is not well. */
export function whyUnwell(
  { worker, place, unwell }: Pick<WorkerWords, "worker" | "place" | "unwell">,
  health: Exclude<Health, { is: "well" }>,
): Failure {
  if (health.is === "stopped")
    return failure("cancelled", `The call to ${worker} was stopped before it was made.`);
  const message = `The worker ${worker} is not well, so nothing was given to it: ${health.why} Start it, or correct ${place}.`;
  return failure(unwell, message, health.detail);
}

type Posted = { readonly called: Called; readonly fared: boolean | undefined };

async function post(asked: WorkerCall): Promise<Posted> {
  const { address, headers, words, operation } = asked;
  const sent = { ...address.headers, ...headers };
  const answer = await postOperation({ ...asked, base: address.base, headers: sent });
  if (answer.type !== "answered")
    return { called: answer, fared: answer.failure.code === "cancelled" ? undefined : false };
  const called = judge(words, operation.operation, answer);
  // A worker that refuses what is wrong fares well.
  const refused = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
  return { called, fared: called.type === "answered" || refused };
}

function judge(words: WorkerWords, operation: string, { status, text }: Answered): Called {
  const value = parsedJson(text);
  const name = `${operation} of ${words.worker}`;
  if (status < 200 || status > 299)
    return failed(refusal(words, name, status, value ?? clip(text)));
  const read =
    value === undefined
      ? { ok: false as const, problem: "it is no JSON" }
      : readOperationAnswer(value);
  if (!read.ok) {
    const message = `The answer to ${name} cannot be used: ${read.problem}. The worker must answer as docs/workers.md says.`;
    return failed(failure("invalid_output", message, { kind: "malformed", body: clip(text) }));
  }
  const { result, error } = read;
  if (result.status !== "failed") return { type: "answered", result };
  const message = `${name} failed: ${error ?? "the worker does not say why"}.`;
  return failed(failure(words.failed, message, { kind: "operation_failed", ...result }));
}

/** What is wrong with the request stays wrong, however often it is made. */
const WRONG_REQUEST = new Set([400, 404, 405, 413, 415, 422]);

function refusal(words: WorkerWords, name: string, status: number, body: Json): Failure {
  const told = isObject(body) ? body : {};
  const said = [told.error, told.message, told.detail].find((one) => typeof one === "string");
  const why = typeof said === "string" ? `: ${said.replace(/\.$/, "")}` : "";
  const late = status === 408 || status === 504;
  const code = late ? "timeout" : WRONG_REQUEST.has(status) ? "invalid_input" : words.failed;
  const message = `The worker answered ${name} with HTTP ${status}${why}.`;
  return failure(code, message, { kind: "http_status", status, body });
}

function resting({ worker }: WorkerWords, retryAfter: number): Failure {
  const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
  const message = `The worker ${worker} failed too often, so it is left alone for another ${seconds} s. Look at its log, then retry.`;
  return failure("network", message, { kind: "circuit_open", retry_after_ms: retryAfter });
}

function failed(why: Failure): Called {
  return { type: "failed", failure: why };
}

function clip(text: string): string {
  return text.length <= 2000 ? text : `${text.slice(0, 2000)}…`;
}
