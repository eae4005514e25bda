/** Which workers run, as the file `.agent_pids` of the work folder says. Owns the file's form. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Running {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
}

export function pidFileOf(work: string): string {
  return join(work, ".agent_pids");
}

/** None where the file is not there. */
export function readRunning(work: string): readonly Running[] {
  const file = pidFileOf(work);
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  return lines.flatMap((line) => {
    const [pid, name, url] = line.split(" ");
    return name && url ? [{ pid: Number(pid), name, url }] : [];
  });
}

export function writeRunning(work: string, running: readonly Running[]): void {
  const lines = running.map(({ name, pid, url }) => `${pid} ${name} ${url}\n`);
  writeFileSync(pidFileOf(work), lines.join(""));
}
