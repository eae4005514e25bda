/**
 * The steps that call something over HTTP. Owns their shapes only; how a call is made is known by `activities`.
 */
import type { Json, JsonObject } from "../../util/json.ts";
import type { StepBase } from "../workflow.ts";
import type { Supervision } from "./supervision.ts";

export type HttpMethod = "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface HttpExpectation {
  /** Statuses as texts (`200`) and classes (`2xx`). */
  readonly status?: readonly string[];
  /** JSON schema of the body. */
  readonly schema?: JsonObject;
}

export interface HttpStep extends StepBase {
  readonly kind: "http";
  readonly url: string;
  readonly method: HttpMethod;
  /** Texts that may hold references to secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly expect?: Omit<HttpExpectation, "status"> & {
    readonly status?: string | readonly string[];
  };
}

/** What a worker may be given for an operation at most, in ms: its contract ends at an hour. */
export const LONGEST_OPERATION = 3_600_000;

export interface WorkerCallStep extends StepBase {
  readonly kind: "worker_call";
  /** A name of the settings' `workers`, or an address; a template. */
  readonly worker: string;
  readonly operation: string;
  readonly parameters: JsonObject;
  /** Texts that may hold references to secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** 1 to 10. */
  readonly priority?: number;
  readonly confidence?: {
    /** 0 to 100: below it, or when the worker says none, a person is asked, where the step is not supervised. */
    readonly threshold: number;
  };
  readonly supervise?: Supervision;
}
