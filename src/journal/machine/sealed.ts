/**
 * Small messages in files: sealed with a key that only the user's own processes read, whole or absent.
 * Owns the file's form (a MAC, then one line of JSON); must not know what is said or who answers.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import path from "node:path";
import { isObject, type Json, type JsonObject } from "../../util/json.ts";
import { type Disk, errorCode } from "../disk.ts";
import { runPaths } from "../runFolder.ts";

/** Larger files are not messages. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

export interface Mailbag {
  readonly disk: Disk;
  readonly key: string;
  /** The run's inbox. */
  readonly folder: string;
}

/** A file that is not one of our messages: dropped, never obeyed. */
export class RefusedMessage extends Error {
  override readonly name = "RefusedMessage";
}

/** A run's inbox with its key. Makes the key when a crash ate it. @param random that many random bytes */
export async function openMailbag(
  disk: Disk,
  folder: string,
  random: (count: number) => Uint8Array,
): Promise<Mailbag> {
  const { inbox, inboxKey } = runPaths(folder);
  const made = Buffer.from(random(32)).toString("hex");
  for (;;) {
    const key = await disk.read(inboxKey).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return undefined;
      throw error;
    });
    if (key !== undefined) return { disk, key: key.toString("utf8").trim(), folder: inbox };
    await disk.create(inboxKey, Buffer.from(`${made}\n`)).catch((error: unknown) => {
      if (errorCode(error) !== "EEXIST") throw error;
    });
  }
}

/** Puts a message under its name, replacing what was there. Rejects when it is too large, or the disk says so. */
export async function post(
  { disk, key, folder }: Mailbag,
  name: string,
  message: JsonObject,
): Promise<void> {
  const body = JSON.stringify(message);
  const bytes = Buffer.from(`${seal(key, name, body)}\n${body}\n`);
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new Error(
      `The message has ${bytes.length} bytes, more than the ${MAX_MESSAGE_BYTES} that one may have. ` +
        "Put the text into a file of the workspace and name that file instead.",
    );
  }
  const temporary = path.join(folder, `${name}.tmp`);
  await disk.unlink(temporary).catch(() => {});
  await disk.create(temporary, bytes);
  await disk.rename(temporary, path.join(folder, name));
}

/** The message of that name; undefined when there is none. @throws RefusedMessage when it is not one of ours */
export async function fetchMessage(
  { disk, key, folder }: Mailbag,
  name: string,
): Promise<JsonObject | undefined> {
  const file = path.join(folder, name);
  const info = await disk.stat(file);
  if (!info) return undefined;
  if (!info.isFile || info.size > MAX_MESSAGE_BYTES)
    throw new RefusedMessage("it is not a message");
  const bytes = await disk.read(file).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  const [mac = "", body = ""] = bytes.toString("utf8").split("\n");
  const right = Buffer.from(seal(key, name, body));
  const given = Buffer.from(mac);
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new RefusedMessage("it is not sealed with this run's key");
  }
  const message: Json = JSON.parse(body);
  if (!isObject(message)) throw new RefusedMessage("it is not a message");
  return message;
}

/** The name is sealed too: a message cannot be replayed as another one. */
function seal(key: string, name: string, body: string): string {
  return createHmac("sha256", Buffer.from(key, "hex")).update(`${name}\n${body}`).digest("hex");
}
