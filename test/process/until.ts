/** What the tests of processes share: waiting for a condition, and asking the system itself who lives. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createProcessTable } from "../../src/process/tree/processTable.ts";

/** The first defined value that `look` gives; fails, naming what was awaited, after `ms` milliseconds. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false,
  ms = 60_000,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`Waited ${ms} ms for ${what}`);
    await delay(10);
  }
}

/** True while a process of this number lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  return createProcessTable()?.find(pid) !== undefined;
}

/** Numbers that scripts write to a file, one a line; undefined until there are `count` of them. */
export function readPids(file: string, count: number): number[] | undefined {
  const text = readText(file);
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const pids = whole.split("\n").filter((line) => line !== "");
  return pids.length >= count ? pids.map(Number) : undefined;
}

/** A file's text, empty while there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A folder for one test, removed after it. */
export async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-process-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a command in a test. */
export const PLAIN_ENV = { PATH: process.env.PATH ?? "/usr/bin:/bin" };
