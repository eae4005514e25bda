/** Starts `host.ts` as a process over a scratch folder, and waits for its end, whatever that is. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import type { HostOrder } from "./host.ts";

export interface HostRun {
  readonly signal: string | null;
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * @param root holds the state and settings folders of the host
 * @param under the command that starts it; one thread does its disk's work then
 */
export function runHost(
  root: string,
  order: HostOrder,
  under: readonly string[] = [],
): Promise<HostRun> {
  const env = {
    ...process.env,
    ...(under.length > 0 ? { UV_THREADPOOL_SIZE: "1" } : {}),
    XDG_STATE_HOME: join(root, "state"),
    XDG_CONFIG_HOME: join(root, "config"),
    // Half of a host's time is the stripping of types, unless its outcome is kept.
    NODE_COMPILE_CACHE: join(import.meta.dirname, "../../.cache/compiled"),
  };
  const host = [process.execPath, join(import.meta.dirname, "host.ts"), JSON.stringify(order)];
  const [program = "", ...words] = [...under, ...host];
  return new Promise((resolve) => {
    execFile(program, words, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ signal: error?.signal ?? null, code: error?.code ?? 0, stdout, stderr });
    });
  });
}
