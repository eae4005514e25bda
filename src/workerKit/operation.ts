/** What an author of a worker writes: its operations, and where it listens. Owns the shapes only. */
import type { Json, JsonObject } from "../util/json.ts";

export interface OperationContext {
  readonly operation_id: string;
  /** Aborted when the operation's time is up or the worker stops for good. */
  readonly signal: AbortSignal;
  readonly log: (event: string, facts?: JsonObject) => void;
  /** What a person said to an earlier answer. */
  readonly guidance?: string;
  readonly priority: number;
}

export interface OperationOutcome {
  readonly result: Json;
  /** 0 to 1; 1 unless said. */
  readonly confidence?: number;
  readonly requires_human?: boolean;
  /** Tokens that models took for it; 0 unless said. */
  readonly token_usage?: number;
  readonly metadata?: JsonObject;
}

export interface Operation {
  readonly description: string;
  /** JSON schema (2020-12) of the parameters, an object at its top. */
  readonly parameters: JsonObject;
  /** One try. What it throws is the operation's failure, told with its message. */
  readonly run: (
    parameters: JsonObject,
    context: OperationContext,
  ) => OperationOutcome | Promise<OperationOutcome>;
}

export interface WorkerOptions {
  readonly name: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** 0, as without it: a free one. */
  readonly port?: number;
  /** 127.0.0.1 unless said: other machines do not reach it. */
  readonly host?: string;
  /** Lines of JSON, appended. */
  readonly logFile?: string;
  /** Answers by idempotency key, kept over restarts. */
  readonly answersFile?: string;
  /** Asked for as `Authorization: Bearer TOKEN`, except by `/health`. */
  readonly token?: string;
  /** More to say under `/health`; `status` may say `degraded`. */
  readonly health?: () => JsonObject;
}
