/** One operation of an HTTP worker, sent once as its contract says (docs/workers.md). Never retries; judges no answer. */
import type { OperationRequest } from "../run/worker/contract.ts";
import { type Exchanged, exchange } from "./exchange.ts";

export interface PostedOperation {
  /** The worker's address, without a slash at its end. */
  readonly base: string;
  readonly operation: OperationRequest;
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** They hold secrets. */
  readonly secret: boolean;
  /** The same for every attempt, so that a worker can tell a repetition. */
  readonly key: string;
  /** The `traceparent` header of W3C Trace Context. */
  readonly trace?: string;
  readonly signal: AbortSignal;
}

/** Sends the operation and waits for all of the answer. */
export function postOperation(posted: PostedOperation): Promise<Exchanged> {
  const { base, operation, headers, secret, key, trace, signal } = posted;
  return exchange({
    method: "POST",
    url: `${base}/operations`,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      ...headers,
      "idempotency-key": key,
      ...(trace === undefined ? {} : { traceparent: trace }),
    },
    body: JSON.stringify({ ...operation, operation_type: operation.operation }),
    signal,
    secret,
    stay: true,
  });
}
