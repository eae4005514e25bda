/** Programs of the system that tests need: where they lie, and got where they are missing and may be. Linux's Debian only. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Absolute path of a program, also of one that only root has in its PATH; undefined when it is not there. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** As `findProgram`; as root on a Debian it is got where it is missing. */
export function getProgram(name: string, inPackage: string = name): string | undefined {
  return findProgram(name) ?? (install(inPackage) ? findProgram(name) : undefined);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  const apt = (...words: string[]): boolean => {
    try {
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      const patient = ["-o", "DPkg::Lock::Timeout=120", ...words];
      execFileSync("apt-get", patient, { stdio: "ignore", timeout: 180_000, env });
      return true;
    } catch {
      return false;
    }
  };
  const get = () => apt("install", "-y", "--no-install-recommends", name);
  // Its lists may be missing, or older than what there is.
  return get() || (apt("update") && get());
}
