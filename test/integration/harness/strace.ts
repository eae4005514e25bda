/**
 * Where strace is, for tests that look at system calls or let them fail; installed where it is missing and may be.
 */
import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export type Strace =
  | { readonly path: string; readonly missing?: undefined }
  /** `missing`: why there is none. */
  | { readonly path?: undefined; readonly missing: string };

/** Looks for strace in PATH; as root on a Debian, gets it. */
export function findStrace(): Strace {
  const found = inPath() ?? (install() ? inPath() : undefined);
  if (found === undefined) return { missing: "strace is not installed, and cannot be from here" };
  try {
    execFileSync(found, ["-o", "/dev/null", "true"], { stdio: "ignore" });
    return { path: found };
  } catch {
    return { missing: "this system does not let strace look at processes" };
  }
}

function inPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "strace")).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  try {
    const words = ["install", "-y", "--no-install-recommends", "strace"];
    execFileSync("apt-get", words, { stdio: "ignore", timeout: 120_000 });
    return true;
  } catch {
    return false;
  }
}
