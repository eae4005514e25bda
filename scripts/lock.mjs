/**
 * One holder at a time across processes, by a file that names the holder's pid.
 * Used while something in a shared folder is installed. Runs on Node 20 with nothing installed; knows no installer.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A file without a pid in it this long after its creation belongs to a process that died while making it. */
const UNNAMED_MS = 5_000;
const POLL_MS = 150;

/**
 * Runs `work` while holding the lock file `path`; waits as long as another living process holds it.
 * A lock whose holder died is taken over. The file is removed afterwards, also when `work` throws.
 * @template T
 * @param {string} path absolute; its folder is made
 * @param {{ waiting?: (pid: number | undefined) => void, work: () => T | Promise<T> }} job `waiting` is called once
 *   when somebody else holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, { waiting, work }) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!tryCreate(path)) {
    if (!told) {
      told = true;
      waiting?.(holder(path));
    }
    if (isStale(path)) {
      removeStale(path);
    } else {
      await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function tryCreate(path) {
  try {
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/**
 * Only one process at a time may judge and remove, otherwise a late judge removes the lock of the next holder.
 * @param {string} path
 */
function removeStale(path) {
  const judge = `${path}.judge`;
  if (!tryCreate(judge)) {
    if (ageOf(judge) > UNNAMED_MS) {
      rmSync(judge, { force: true });
    }
    return;
  }
  try {
    if (isStale(path)) {
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(judge, { force: true });
  }
}

/** @param {string} path */
function isStale(path) {
  const pid = holder(path);
  return pid === undefined ? ageOf(path) > UNNAMED_MS : !isAlive(pid);
}

/**
 * @param {string} path
 * @returns {number | undefined}
 */
function holder(path) {
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Milliseconds since the file was written; 0 when it is gone.
 * @param {string} path
 */
function ageOf(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
