/**
 * Named pipes for a command's output, on Linux. Node's own pipes are sockets, which a script cannot open again by
 * name there: `echo warning > /dev/stderr`, right in any terminal, would fail. Owns their making and removal; where
 * they cannot be had the command gets the ordinary ones.
 */
import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

export interface Fifos {
  /** For the guard to open: where stdout and stderr are written. */
  readonly paths: readonly [string, string];
  /** The reading ends; only once somebody writes, as a pipe without a writer counts as ended. */
  readonly read: () => { readonly stdout: Readable; readonly stderr: Readable };
  /** Removes the names, and the reading ends too unless they were taken. */
  readonly dispose: () => Promise<void>;
}

/** Makes a pair of named pipes, or undefined where that is needless or impossible. */
export async function openFifos(): Promise<Fifos | undefined> {
  if (process.platform !== "linux") return undefined;
  let folder: string | undefined;
  const handles: number[] = [];
  const dispose = async () => {
    for (const handle of handles.splice(0)) closeSync(handle);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    folder = await mkdtemp(join(tmpdir(), "fermata-"));
    const paths = [join(folder, "stdout"), join(folder, "stderr")] as const;
    await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
    // Not blocking: there is no writer to wait for yet.
    for (const path of paths)
      handles.push(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    const read = () => {
      const [stdout, stderr] = handles.splice(0);
      return { stdout: readerOf(stdout), stderr: readerOf(stderr) };
    };
    return { paths, read, dispose };
  } catch {
    await dispose();
    return undefined;
  }
}

function readerOf(handle: number | undefined): Readable {
  if (handle === undefined) throw new Error("The reading ends of these pipes were taken already");
  return new Socket({ fd: handle, readable: true, writable: false });
}
