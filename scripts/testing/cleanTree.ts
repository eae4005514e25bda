/**
 * In CI, tests must leave the checkout as it was: a golden or a generated file that they rewrote was not committed.
 */
import { spawnSync } from "node:child_process";
import { ROOT } from "../bootstrap.mjs";
import type { CommandResult } from "../command.ts";

/** Remembers the state of the checkout; the answer compares. Always content outside CI and without git. */
export function watchTree(): () => Promise<CommandResult> {
  const before = status();
  return async () => {
    const after = status();
    const touched = after.filter((line) => !before.includes(line));
    return touched.length === 0
      ? { code: 0, output: "" }
      : { code: 1, output: `the tests changed files (npm run accept?):\n${touched.join("\n")}` };
  };
}

function status(): readonly string[] {
  if (!process.env.CI) {
    return [];
  }
  const git = spawnSync("git", ["status", "--porcelain"], { cwd: ROOT, encoding: "utf8" });
  return git.status === 0 ? git.stdout.split("\n").filter((line) => line !== "") : [];
}
