/**
 * Whether a worker is well, asked before it is given anything, and remembered for a second at most.
 * Owns `GET /health` and its words; what a sick worker means for a call is the call's.
 */
import { exchange } from "../../http/exchange.ts";
import { type Failure, failure } from "../../run/failure.ts";
import { isObject, type JsonObject } from "../../util/json.ts";

/** How long an answer counts, in ms. */
export const HEALTH_COUNTS = 1000;
/** How long a worker may take to say that it is well, in ms. */
const PATIENCE = 5000;
const MAX_BYTES = 256 * 1024;

export type Health =
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly failure: Failure; readonly stopped: boolean };

export interface HealthAsker {
  /** `base` without a slash at its end. */
  ask(worker: string, base: string, signal: AbortSignal): Promise<Health>;
}

/** Asks each worker once a second at most; calls at the same time share one question. */
export function createHealthAsker(now: () => number): HealthAsker {
  const known = new Map<string, { readonly at: number; readonly health: Promise<Health> }>();
  return {
    ask: async (worker, base, signal) => {
      const last = known.get(base);
      const fresh = last !== undefined && now() - last.at < HEALTH_COUNTS ? last : undefined;
      const health = fresh?.health ?? askNow(worker, base);
      if (!fresh) known.set(base, { at: now(), health });
      const found = await Promise.race([health, stopped(worker, signal)]);
      // Who is found sick may be well again at once.
      if (!found.ok && known.get(base)?.health === health) known.delete(base);
      return found;
    },
  };
}

async function askNow(worker: string, base: string): Promise<Health> {
  const answer = await exchange({
    method: "GET",
    url: `${base}/health`,
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE),
    maxBytes: MAX_BYTES,
  });
  if (answer.type !== "answered") {
    const { detail, message, code } = answer.failure;
    if (code !== "cancelled") return sick(worker, message, detail);
    return sick(worker, `it said nothing within ${PATIENCE / 1000} s.`, { kind: "timeout" });
  }
  const body = parse(answer.text);
  const { status } = answer;
  if (status < 200 || status > 299)
    return sick(worker, `it answers HTTP ${status}.`, { kind: "http_status", status });
  if (!body) return sick(worker, "its answer is no JSON object.", { kind: "malformed", status });
  if (body.status === "healthy" || body.status === "degraded") return { ok: true, body };
  return sick(worker, `it says that it is \`${String(body.status)}\`.`, { kind: "unhealthy" });
}

function sick(worker: string, why: string, detail: Failure["detail"]): Health {
  const message = `The worker ${worker} is not well, so nothing was given to it: ${why} Start it, or correct its address under \`workers\`.`;
  return { ok: false, failure: failure("network", message, detail ?? null), stopped: false };
}

function stopped(worker: string, signal: AbortSignal): Promise<Health> {
  const told = failure("cancelled", `The call to ${worker} was stopped before it was made.`);
  return new Promise((resolve) => {
    const stop = () => resolve({ ok: false, failure: told, stopped: true });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
