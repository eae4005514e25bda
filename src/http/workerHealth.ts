/**
 * Whether a worker is well, asked before it is given anything, and remembered for a second at most.
 * Owns `GET /health` and what can be wrong with it; what a sick worker means for a call, and its words, are the call's.
 */
import { isObject, type Json, type JsonObject, parsedJson } from "../util/json.ts";
import { exchange } from "./exchange.ts";

/** How long an answer counts, in ms. */
export const HEALTH_COUNTS = 1000;
/** How long a worker may take to say that it is well, in ms. */
const PATIENCE = 5000;
const MAX_BYTES = 256 * 1024;

export type Health =
  | { readonly is: "well"; readonly body: JsonObject }
  /** `why`: a sentence; `detail.kind`: the same for programs. */
  | { readonly is: "sick"; readonly why: string; readonly detail: Json }
  /** Whoever asked did not wait for the answer. */
  | { readonly is: "stopped" };

/** Where a worker is, and what it wants to be shown before it says anything. */
export interface WorkerAddress {
  /** Without a slash at its end. */
  readonly base: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HealthAsker {
  ask(address: WorkerAddress, signal: AbortSignal): Promise<Health>;
}

/** Asks each worker once a second at most; calls at the same time share one question. */
export function createHealthAsker(now: () => number): HealthAsker {
  const known = new Map<string, { readonly at: number; readonly health: Promise<Health> }>();
  return {
    ask: async (address, signal) => {
      const key = JSON.stringify([address.base, address.headers ?? {}]);
      const last = known.get(key);
      const fresh = last !== undefined && now() - last.at < HEALTH_COUNTS ? last : undefined;
      const health = fresh?.health ?? askNow(address);
      if (!fresh) known.set(key, { at: now(), health });
      const found = await Promise.race([health, stopped(signal)]);
      // Who is found sick may be well again at once.
      if (found.is !== "well" && known.get(key)?.health === health) known.delete(key);
      return found;
    },
  };
}

async function askNow({ base, headers = {} }: WorkerAddress): Promise<Health> {
  const answer = await exchange({
    method: "GET",
    url: `${base}/health`,
    headers: { accept: "application/json", ...headers },
    signal: AbortSignal.timeout(PATIENCE),
    maxBytes: MAX_BYTES,
    stay: true,
    secret: Object.keys(headers).length > 0,
  });
  if (answer.type !== "answered") {
    const { detail, message, code } = answer.failure;
    if (code !== "cancelled") return sick(message, detail ?? null);
    return sick(`it said nothing within ${PATIENCE / 1000} s.`, { kind: "timeout" });
  }
  const body = parsedJson(answer.text);
  const { status } = answer;
  if (status < 200 || status > 299)
    return sick(`it answers HTTP ${status}.`, { kind: "http_status", status });
  if (!isObject(body)) return sick("its answer is no JSON object.", { kind: "malformed", status });
  if (body.status === "healthy" || body.status === "degraded") return { is: "well", body };
  return sick(`it says that it is \`${String(body.status)}\`.`, { kind: "unhealthy" });
}

function sick(why: string, detail: Json): Health {
  return { is: "sick", why, detail };
}

function stopped(signal: AbortSignal): Promise<Health> {
  return new Promise((resolve) => {
    const stop = () => resolve({ is: "stopped" });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
