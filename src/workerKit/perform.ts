/** One operation performed, and its answer. Owns its id, its clock and how a failure is told. */
import { randomBytes } from "node:crypto";
import type { OperationAnswer } from "../run/worker/contract.ts";
import type { JsonObject } from "../util/json.ts";
import type { WorkerLog } from "./log.ts";
import type { OperationOutcome, WorkerOptions } from "./operation.ts";
import type { CheckedRequest } from "./request.ts";

/** What a worker has done so far, and does. */
export interface Tally {
  active: number;
  completed: number;
  failed: number;
  readonly running: Set<Promise<unknown>>;
}

export interface Performed {
  readonly status: 200 | 500 | 504;
  readonly answer: OperationAnswer;
}

/** Performs an operation once. Never rejects: what it throws is its answer. */
export async function performOperation(work: {
  readonly options: WorkerOptions;
  readonly request: CheckedRequest;
  readonly tally: Tally;
  readonly log: WorkerLog;
  readonly stopped: AbortSignal;
}): Promise<Performed> {
  const { tally } = work;
  tally.active += 1;
  const performing = perform(work);
  tally.running.add(performing);
  const performed = await performing;
  tally.running.delete(performing);
  tally.active -= 1;
  if (performed.status === 200) tally.completed += 1;
  else tally.failed += 1;
  return performed;
}

async function perform({
  options,
  request,
  log,
  stopped,
}: Parameters<typeof performOperation>[0]): Promise<Performed> {
  const { operation, parameters, priority, timeout, trace, key } = request;
  const operation_id = operationId(new Date());
  const facts: JsonObject = {
    ...{ operation_id, operation },
    ...(trace === undefined ? {} : { trace_id: trace }),
    ...(key === undefined ? {} : { key }),
  };
  const late = AbortSignal.timeout(timeout);
  const { guidance } = request.metadata;
  const began = performance.now();
  log.write("info", "began", facts);
  const run = async () =>
    options.operations[operation]?.run(parameters, {
      operation_id,
      signal: AbortSignal.any([late, stopped]),
      log: (event, more) => log.write("info", event, { ...facts, ...more }),
      priority,
      ...(typeof guidance === "string" ? { guidance } : {}),
    });
  try {
    const outcome = await Promise.race([run(), overdue(late, timeout)]);
    const wrong = problemOf(outcome);
    if (wrong !== undefined) throw new Error(`${operation} ${wrong}.`);
    const ms = elapsed(began);
    log.write("info", "completed", { ...facts, ms, confidence: outcome?.confidence ?? 1 });
    return {
      status: 200,
      answer: answerOf(operation_id, outcome, ms, told(options, facts, outcome)),
    };
  } catch (error) {
    const ms = elapsed(began);
    const message = error instanceof Error ? error.message : String(error);
    log.write("error", "failed", { ...facts, ms, error: message });
    const failed = answerOf(
      operation_id,
      { result: null, confidence: 0 },
      ms,
      told(options, facts),
    );
    const status = late.aborted ? 504 : 500;
    return { status, answer: { ...failed, status: "failed", error: message } };
  }
}

/** `op-YYYYMMDD-HHMMSS-` and 8 hex digits, in UTC. */
export function operationId(now: Date): string {
  const [day = "", time = ""] = now.toISOString().split("T");
  const digits = `${day.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}`;
  return `op-${digits}-${randomBytes(4).toString("hex")}`;
}

function answerOf(
  operation_id: string,
  outcome: OperationOutcome | undefined,
  execution_time_ms: number,
  metadata: JsonObject,
): OperationAnswer {
  return {
    operation_id,
    status: "completed",
    result: outcome?.result ?? null,
    confidence_score: outcome?.confidence ?? 1,
    requires_human: outcome?.requires_human ?? false,
    execution_time_ms,
    token_usage: outcome?.token_usage ?? 0,
    metadata,
  };
}

/** Why what an operation returned is no outcome, as the rest of a sentence. A guess in its place could pass for the truth. */
function problemOf(outcome: OperationOutcome | undefined): string | undefined {
  if (outcome?.result === undefined) return "returned no `result`; it must return {result}";
  const { confidence = 1 } = outcome;
  if (typeof confidence !== "number" || !(confidence >= 0 && confidence <= 1))
    return `returned the confidence ${String(confidence)}, which is no number from 0 to 1`;
  try {
    const written = JSON.stringify([outcome.result, outcome.metadata]);
    return written.startsWith("[null") && outcome.result !== null ? NO_JSON : undefined;
  } catch (error) {
    return `${NO_JSON}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
  }
}

const NO_JSON = "returned what cannot be written as JSON";

function told({ name }: WorkerOptions, facts: JsonObject, outcome?: OperationOutcome): JsonObject {
  const { operation_id: _, key: __, ...shown } = facts;
  return { worker: name, ...shown, ...outcome?.metadata };
}

function overdue(late: AbortSignal, timeout: number): Promise<never> {
  return new Promise((_, reject) => {
    const tell = () => reject(new Error(`It took longer than ${timeout / 1000} s.`));
    late.addEventListener("abort", tell, { once: true });
  });
}

function elapsed(began: number): number {
  return Math.round((performance.now() - began) * 100) / 100;
}
