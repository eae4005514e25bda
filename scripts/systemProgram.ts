/** Programs of the system that builds and tests need: where they lie, and got where they are missing and may be, on a Debian. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Absolute path of a program, also of one that only root has in its PATH; undefined when it is not there. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** As `findProgram`; as root on a Debian it is got where it is missing. */
export function getProgram(name: string, inPackage: string = name): string | undefined {
  return (
    findProgram(name) ?? (installPackage(inPackage) === undefined ? findProgram(name) : undefined)
  );
}

/** True where packages can be installed without asking anybody: as root on a Debian. */
export function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/** Installs a package of the distribution; why it could not be, undefined once it is there. */
export function installPackage(name: string): string | undefined {
  if (!mayInstall()) return "only root installs packages here, with apt";
  const get = () => apt("install", "-y", "--no-install-recommends", name);
  // Its lists may be missing, or older than what there is.
  return get() && (apt("update") ?? get());
}

/** Runs apt with patience; what it said when it failed. */
function apt(...words: readonly string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr, error } = spawnSync(
    "apt-get",
    ["-o", "DPkg::Lock::Timeout=120", ...words],
    { env, encoding: "utf8", timeout: 300_000 },
  );
  if (status === 0) return undefined;
  const said = `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`;
  return `apt-get ${words.join(" ")} failed (exit ${status}):\n${said}`;
}

/** True for a file that may be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
