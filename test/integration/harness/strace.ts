/**
 * Where strace is, for tests that look at system calls or let them fail; installed where it is missing and may be.
 */
import { execFileSync } from "node:child_process";
import { getProgram } from "../../../scripts/systemProgram.ts";

export type Strace =
  | { readonly path: string; readonly missing?: undefined }
  /** `missing`: why there is none. */
  | { readonly path?: undefined; readonly missing: string };

/** Looks for strace in PATH; as root on a Debian, gets it. */
export function findStrace(): Strace {
  const found = getProgram("strace");
  if (found === undefined) return { missing: "strace is not installed, and cannot be from here" };
  try {
    execFileSync(found, ["-o", "/dev/null", "true"], { stdio: "ignore" });
    return { path: found };
  } catch {
    return { missing: "this system does not let strace look at processes" };
  }
}
