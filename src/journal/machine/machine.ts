/**
 * Which process on which machine: how an owner names itself, and whether the one that is named still runs.
 * Owns the proof of death; must not know runs, heartbeats or files.
 */
import os from "node:os";
import { createProcessTable, readEpoch } from "../../process/tree/processTable.ts";

/** A process for good: a number comes back, a number with its start time in one boot does not. */
export interface ProcessName {
  readonly host: string;
  readonly pid: number;
  /** When it started, in the system's own units. Absent where the system does not tell. */
  readonly start?: number;
  /** The start of the machine and the space of process numbers. Absent where the system does not tell. */
  readonly boot?: string;
  readonly space?: string;
}

/**
 * - `running`, `gone`: proven
 * - `untold`: this host, but the system cannot say
 * - `elsewhere`: another host
 */
export type Sight = "running" | "gone" | "untold" | "elsewhere";

export interface Machine {
  readonly self: ProcessName;
  look(other: ProcessName): Sight;
}

/** This machine, seen from this process. Reads it once. */
export function createMachine(): Machine {
  const table = createProcessTable();
  const epoch = readEpoch();
  const start = table?.find(process.pid)?.start;
  const self: ProcessName = {
    host: os.hostname(),
    pid: process.pid,
    ...(start === undefined ? {} : { start }),
    ...epoch,
  };
  return {
    self,
    look: (other) => {
      if (other.host !== self.host) return "elsewhere";
      if (!table || !epoch) return exists(other.pid) ? "untold" : "gone";
      // Another boot, or a container with the same host name: its numbers mean nothing here.
      if (other.boot !== epoch.boot || other.space !== epoch.space) return "untold";
      const found = table.find(other.pid);
      return found && found.start === other.start ? "running" : "gone";
    },
  };
}

/** The process that a file of JSON names; undefined when it names none. */
export function parseProcessName(bytes: Buffer | undefined): ProcessName | undefined {
  try {
    const value: unknown = JSON.parse(bytes?.toString("utf8") ?? "");
    if (typeof value !== "object" || value === null) return undefined;
    const { host, pid, start, boot, space } = value as Record<string, unknown>;
    if (typeof host !== "string" || typeof pid !== "number") return undefined;
    return {
      host,
      pid,
      ...(typeof start === "number" ? { start } : {}),
      ...(typeof boot === "string" ? { boot } : {}),
      ...(typeof space === "string" ? { space } : {}),
    };
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
