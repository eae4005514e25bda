/**
 * The bytes of a plain file, and of nothing that only looks like one: a clone may hold a pipe that never answers, a
 * link to a device without end, or a file that is exchanged between a look and its reading. Owns that caution only.
 */
import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

export interface PlainFileOptions {
  /** Bytes; a larger file is refused. */
  readonly most: number;
  /** Refuses a path whose last part is a link. */
  readonly noLink?: boolean;
  /** Looks at the opened file before it is read; throws to refuse it. */
  readonly check?: (opened: Stats) => Promise<void>;
}

/** Rejects with the system's error (ENOENT, EACCES, ELOOP, ...), or with one that says what is wrong with the file. */
export async function readPlainFile(path: string, options: PlainFileOptions): Promise<Buffer> {
  // Without waiting: opening a pipe otherwise blocks until somebody writes into it.
  const flags = constants.O_RDONLY | WITHOUT_WAITING | (options.noLink === true ? NO_LINK : 0);
  const handle = await open(path, flags);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    if (!stats.isFile()) throw new Error("it is no plain file");
    await options.check?.(stats);
    return await readUpTo(handle, options.most, stats.size);
  } finally {
    await handle.close();
  }
}

/** Windows has neither. */
const WITHOUT_WAITING = constants.O_NONBLOCK ?? 0;
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/** The size that a file says it has is a hint: it may grow, and the system's own files say none. */
async function readUpTo(handle: FileHandle, most: number, expected: number): Promise<Buffer> {
  if (expected > most) throw tooLarge(most);
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const room = Math.min(Math.max(expected - total, 0) + 1024, most - total + 1);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(room), 0, room, null);
    if (bytesRead === 0) return Buffer.concat(parts, total);
    parts.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
    if (total > most) throw tooLarge(most);
  }
}

function tooLarge(most: number): Error {
  return new Error(`it is larger than ${most} bytes`);
}
