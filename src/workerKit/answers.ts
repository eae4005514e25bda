/**
 * What a worker has answered, by idempotency key and by operation: the same key gets the same answer, also over a restart.
 * Owns that memory; a failure is forgotten, so that it can be tried again.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { hashText } from "../util/hash.ts";
import type { Performed } from "./perform.ts";
import type { CheckedRequest } from "./request.ts";

export interface Answers {
  /** Does the work unless its key was answered before; `other`: the key belongs to another request. */
  once(
    request: CheckedRequest,
    work: () => Promise<Performed>,
  ): Promise<{ readonly performed: Performed; readonly replayed: boolean } | "other">;
  /** The answer of an operation by its id. */
  byId(id: string): Performed["answer"] | undefined;
}

interface Known {
  readonly print: string;
  readonly performed: Promise<Performed>;
}

/** Keys and answers kept at most. */
const MOST = 10_000;

/** Opens the memory; with a file it outlives the worker. `lost` is told why an answer could not be written there. */
export function createAnswers(file?: string, lost?: (why: string) => void): Answers {
  // One that cannot be written is found out now, not after the first work.
  if (file !== undefined) appendFileSync(file, "");
  const known = new Map<string, Known>();
  const byId = new Map<string, Performed["answer"]>();
  for (const { key, print, performed } of file === undefined ? [] : readKept(file)) {
    keep(known, key, { print, performed: Promise.resolve(performed) });
    keep(byId, performed.answer.operation_id, performed.answer);
  }

  async function work(request: CheckedRequest, print: string, run: () => Promise<Performed>) {
    const { key } = request;
    const performed = run();
    if (key !== undefined) keep(known, key, { print, performed });
    const done = await performed;
    keep(byId, done.answer.operation_id, done.answer);
    if (key === undefined) return done;
    if (done.status !== 200) known.delete(key);
    else if (file !== undefined) write(file, { key, print, performed: done });
    return done;
  }

  /** The work is done, and whoever asked is told so, whatever becomes of the file. */
  function write(to: string, kept: Kept): void {
    try {
      appendFileSync(to, `${JSON.stringify(kept)}\n`);
    } catch (error) {
      lost?.(error instanceof Error ? error.message : String(error));
    }
  }

  return {
    once: async (request, run) => {
      const print = printOf(request);
      const before = request.key === undefined ? undefined : known.get(request.key);
      if (before && before.print !== print) return "other";
      if (before) return { performed: await before.performed, replayed: true };
      return { performed: await work(request, print, run), replayed: false };
    },
    byId: (id) => byId.get(id),
  };
}

function printOf({ operation, parameters }: CheckedRequest): string {
  return hashText(JSON.stringify([operation, parameters]));
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.size > MOST ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}

interface Kept {
  readonly key: string;
  readonly print: string;
  readonly performed: Performed;
}

/** A line that was cut off by a crash is passed over: its answer reached nobody. */
function readKept(file: string): readonly Kept[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return lines.flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as Kept];
    } catch {
      return [];
    }
  });
}
