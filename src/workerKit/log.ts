/** The log of a worker: lines of JSON in a file of its own, in order. Owns the file; knows no operation. */
import { appendFileSync, createWriteStream } from "node:fs";
import type { JsonObject } from "../util/json.ts";

export interface WorkerLog {
  write(level: "info" | "warn" | "error", event: string, facts?: JsonObject): void;
  /** Resolves once every line is with the system. */
  close(): Promise<void>;
}

/** Opens the log; without a file nothing is kept. */
export function openLog(worker: string, file: string | undefined): WorkerLog {
  // One that cannot be written is found out now.
  if (file !== undefined) appendFileSync(file, "");
  const stream = file === undefined ? undefined : createWriteStream(file, { flags: "a" });
  // A full disk must not end the worker.
  stream?.on("error", () => undefined);
  return {
    write: (level, event, facts = {}) => {
      const line = { at: new Date().toISOString(), level, worker, event, ...facts };
      stream?.write(`${JSON.stringify(line)}\n`);
    },
    close: () => new Promise((resolve) => (stream ? stream.end(() => resolve()) : resolve())),
  };
}
