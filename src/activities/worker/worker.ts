/** Performs a `worker_call`: one operation given to one worker. Never retries; owns no protocol. */
import type { Activity, ActivityContext } from "../../engine/activity.ts";
import type { Vault } from "../../engine/secrets.ts";
import { traceParent } from "../../http/trace.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome, WorkerRequest } from "../../run/request.ts";
import { keyOf } from "../../run/worker/anotherRound.ts";
import { withSecrets } from "../withSecrets.ts";
import type { NamedCall, Workers } from "./workers.ts";

export interface WorkerDependencies {
  readonly workers: Pick<Workers, "call" | "recall">;
  readonly secrets?: Pick<Vault, "resolve">;
}

/**
 * Completes with a `WorkerResult`. Fails with `network` (not well, not reached, or resting after failures), `tool_error`
 * (it answered so), `invalid_input` (no such worker, or it refused what it was given), `invalid_output` (malformed).
 */
export function createWorkerActivity(dependencies: WorkerDependencies): Activity<WorkerRequest> {
  return async (request, context) => {
    const call = await callOf(dependencies, request, context);
    if ("code" in call) return { type: "failed", failure: call };
    const { worker, operation } = request;
    context.progress(`asking ${worker} for ${operation}`);
    context.output({
      kind: "tool_call",
      text: `${worker} ${operation} ${json(request.parameters)}`,
    });
    const outcome = await dependencies.workers.call(call);
    const told = outcome.type === "completed" ? json(outcome.result) : outcome.failure.message;
    context.output({ kind: "tool_result", text: told });
    return outcome;
  };
}

/** Finds out what became of a call whose host died, where the worker keeps the answers by their keys. */
export function createWorkerReconcile(dependencies: WorkerDependencies): Activity<WorkerRequest> {
  return async (request, context) => {
    const call = await callOf(dependencies, request, context);
    if ("code" in call) return untold(call.message);
    context.progress(`asking ${request.worker} what became of the last attempt`);
    const found = await dependencies.workers.recall(call);
    return found ?? untold(`${request.worker} keeps no answers by their keys.`);
  };
}

function untold(message: string): ActivityOutcome {
  return { type: "unknown", failure: failure("outcome_unknown", message) };
}

async function callOf(
  { secrets }: WorkerDependencies,
  request: WorkerRequest,
  { attempt, signal }: ActivityContext,
): Promise<NamedCall | Failure> {
  const given = await withSecrets(request.headers ?? {}, secrets);
  if ("code" in given) return given;
  const { worker, operation, parameters, priority, timeout_seconds, guidance } = request;
  const { run, path } = attempt;
  return {
    worker,
    operation: {
      operation,
      parameters,
      ...(priority === undefined ? {} : { priority }),
      ...(timeout_seconds === undefined ? {} : { timeout_seconds }),
      metadata: { run, path, attempt: attempt.attempt, ...(guidance ? { guidance } : {}) },
    },
    headers: given.values,
    secret: Object.values(request.headers ?? {}).some((text) => typeof text !== "string"),
    key: keyOf(attempt.key, request),
    trace: traceParent(run, path, attempt.attempt),
    signal,
  };
}

function json(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= CLIPPED ? text : `${text.slice(0, CLIPPED)}…`;
}

const CLIPPED = 4000;
