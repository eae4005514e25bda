/**
 * The workers that the settings name: what each name stands for, and one call to one of them.
 * Owns the names and the words about them. How a call goes is http/workerCalls.ts's.
 */
import type { Called, WorkerCall, WorkerCalls, WorkerWords } from "../../http/workerCalls.ts";
import { whyUnwell } from "../../http/workerCalls.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import { isObject, type JsonObject } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";

/** A call to a worker by a name of the settings, or by its address. */
export type NamedCall = Omit<WorkerCall, "address" | "words"> & { readonly worker: string };

export interface Workers {
  call(call: NamedCall): Promise<ActivityOutcome>;
  /** As `WorkerCalls.recall`. */
  recall(call: NamedCall): Promise<ActivityOutcome | undefined>;
  /** The workers of the settings; `asked`: and whether each is well, which connects to them. */
  list(how?: { readonly asked?: boolean }): Promise<readonly WorkerInfo[]>;
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
  readonly calls: WorkerCalls;
}

/** How long all may take to say how they are, in ms. */
const PATIENCE = 10_000;

/** The workers of a process. */
export function createWorkers({ workers, calls }: WorkerPorts): Workers {
  async function call({ worker, ...asked }: NamedCall): Promise<ActivityOutcome> {
    const base = addressOf(worker, workers());
    if (typeof base !== "string") return { type: "failed", failure: base };
    return outcomeOf(await calls.call({ ...asked, address: { base }, words: wordsFor(worker) }));
  }

  async function recall({ worker, ...asked }: NamedCall): Promise<ActivityOutcome | undefined> {
    const base = addressOf(worker, workers());
    if (typeof base !== "string") return undefined;
    const called = await calls.recall({ ...asked, address: { base }, words: wordsFor(worker) });
    return called && outcomeOf(called);
  }

  async function look(name: string, asked: boolean): Promise<WorkerInfo> {
    const base = addressOf(name, workers());
    if (typeof base !== "string") return { name, problem: base.message };
    const { origin, pathname } = new URL(base);
    const url = `${origin}${pathname.replace(/\/$/, "")}`;
    if (!asked) return { name, url };
    const health = await calls.health({ base }, AbortSignal.timeout(PATIENCE));
    return health.is === "well"
      ? { name, url, says: String(health.body.status) }
      : { name, url, problem: whyUnwell(wordsFor(name), health).message };
  }

  const list: Workers["list"] = ({ asked = false } = {}) =>
    Promise.all(Object.keys(workers()).map((name) => look(name, asked)));

  return { call, recall, list };
}

function wordsFor(worker: string): WorkerWords {
  const named = !isAddress(worker);
  const place = named ? "its address under `workers`" : "the address in the workflow";
  return { worker, place, unwell: "network", failed: "tool_error" };
}

function outcomeOf(called: Called): ActivityOutcome {
  if (called.type !== "answered") return called;
  const { result } = called;
  const usage = { input_tokens: result.tokens_used, output_tokens: 0 };
  return { type: "completed", result, ...(result.tokens_used > 0 ? { usage } : {}) };
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** The address behind a name, without a slash at its end, or why there is none. */
export function addressOf(worker: string, known: JsonObject): string | Failure {
  const set = Object.hasOwn(known, worker) ? known[worker] : undefined;
  const url = isObject(set) ? set.url : (set ?? worker);
  if (typeof url === "string" && isAddress(url)) return url.replace(/\/+$/, "");
  const names = Object.keys(known);
  const near = closest(worker, names);
  const hint = near
    ? `Did you mean ${near}?`
    : `Set its address under \`workers\` in the settings${names.length > 0 ? `; known are ${names.join(", ")}` : ""}.`;
  return failure("invalid_input", `There is no worker ${worker}. ${hint}`);
}
