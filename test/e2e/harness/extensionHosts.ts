/** The extension hosts of a running editor, by the system's own table of processes. */
import { readFileSync } from "node:fs";
import { createProcessTable } from "../../../src/process/tree/processTable.ts";

/** Numbers of the extension hosts below a server's process, the oldest first. */
export function extensionHosts(server: number): readonly number[] {
  const all = createProcessTable()?.list() ?? [];
  const isBelow = (pid: number): boolean => {
    const parent = all.find((each) => each.pid === pid)?.parent;
    return parent !== undefined && (parent === server || isBelow(parent));
  };
  return all
    .filter(({ pid }) => isBelow(pid) && commandOf(pid).includes("--type=extensionHost"))
    .sort((a, b) => a.start - b.start)
    .map(({ pid }) => pid);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
