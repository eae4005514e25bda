/** What processes there are, by the system's own word (/proc). */
import { readdirSync, readlinkSync } from "node:fs";

/** Numbers of the processes whose working folder is this one; none where the system does not tell. */
export function processesIn(folder: string): readonly number[] {
  return processes().filter((pid) => attempt(() => readlinkSync(`/proc/${pid}/cwd`)) === folder);
}

function processes(): readonly number[] {
  const names = attempt(() => readdirSync("/proc")) ?? [];
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
