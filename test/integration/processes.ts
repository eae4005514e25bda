/** What processes there are, by the system's own word (/proc). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Numbers of the processes whose working folder is this one; none where the system does not tell. */
export function processesIn(folder: string): readonly number[] {
  return processes().filter((pid) => attempt(() => readlinkSync(`/proc/${pid}/cwd`)) === folder);
}

/** Numbers of a process's own children that live. */
export function childrenOf(parent: number): readonly number[] {
  return processes().filter((pid) => {
    const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
    const [state, owner] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state !== "Z" && Number(owner) === parent;
  });
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
