/**
 * Large values of events, kept beside the journal under the SHA-256 of their JSON.
 * Owns what is large, how a reference looks and how user data that looks like one survives; must not know records.
 *
 * The rule, from the inside out: a text above 16 KiB, or a list or object whose JSON is above 17 KiB once what is
 * large inside it has been taken out, becomes `{"$blob": sha256, "bytes": n}`. The event itself never does.
 * A user's key `$blob` is written `$$blob`, `$$blob` as `$$$blob`, and so on.
 */
import { createHash } from "node:crypto";
import type { JournalEvent, Typed } from "../engine/journal.ts";
import { isList, isObject, type Json, type JsonObject } from "../util/json.ts";
import { createSynced, type Disk } from "./disk.ts";

/** A text of this many UTF-8 bytes still stands in the record. */
export const MAX_INLINE_BYTES = 16 * 1024;

/** Room for the names and punctuation around one text of the full size. */
const CONTAINER_BYTES = MAX_INLINE_BYTES + 1024;

/** An event as it stands in its record, and the values taken out of it, by hash. */
export interface Deflated {
  readonly text: string;
  readonly blobs: ReadonlyMap<string, Buffer>;
}

export interface BlobStore {
  /** Puts the values on disk; they are durable once this resolves. Those known to be there cost nothing. */
  store(blobs: ReadonlyMap<string, Buffer>): Promise<void>;
  /** @throws when the value is missing or is not what its hash says. */
  load(hash: string): Promise<Json>;
}

/** Takes the large values out of an event. Most events have none and cost one `JSON.stringify`. */
export function deflate(event: Typed): Deflated {
  const text = JSON.stringify(event);
  if (!text.includes(MARK) && isSmall(text)) return { text, blobs: NONE };
  const blobs = new Map<string, Buffer>();
  const plain: unknown = JSON.parse(text);
  if (!isObject(plain)) return { text, blobs: NONE };
  const fields = mapObject(plain, (value) => shrink(value, blobs).json);
  return { text: JSON.stringify(fields), blobs };
}

/** Puts the large values back. */
export async function inflate(event: JournalEvent, store: BlobStore): Promise<JournalEvent> {
  const fields: [string, Json][] = [];
  for (const [key, value] of Object.entries(event)) {
    fields.push([unescapeKey(key), await grow(value, store)]);
  }
  return { ...Object.fromEntries(fields), type: event.type };
}

/** Keeps blobs in a folder that exists. `tag` names this writer's temporary files: no other live writer has it. */
export function createBlobStore(disk: Disk, folder: string, tag: string): BlobStore {
  // What is known to be durable: written here, or named by a record that was read.
  const durable = new Set<string>();
  return {
    store: async (blobs) => {
      const missing = [...blobs].filter(([hash]) => !durable.has(hash));
      if (missing.length === 0) return;
      await Promise.all(missing.map(([hash, bytes]) => place(disk, folder, hash, bytes, tag)));
      await disk.syncFolder(folder);
      for (const [hash] of missing) durable.add(hash);
    },
    load: async (hash) => {
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`"${hash}" is not a hash`);
      const bytes = await disk.read(`${folder}/${hash}`);
      if (sha256(bytes) !== hash)
        throw new Error(`blob ${hash} has other bytes than its name says`);
      durable.add(hash);
      return JSON.parse(bytes.toString("utf8"));
    },
  };
}

const NONE: ReadonlyMap<string, Buffer> = new Map();
const MARK = '$blob"';
const REFERENCE = "$blob";
const ESCAPABLE = /^\$+blob$/;

function isSmall(text: string): boolean {
  if (text.length > MAX_INLINE_BYTES) return false;
  return text.length * 3 <= MAX_INLINE_BYTES || Buffer.byteLength(text) <= MAX_INLINE_BYTES;
}

/** A value without what is large in it, and about how many bytes of JSON are left of it. */
function shrink(value: Json, blobs: Map<string, Buffer>): { json: Json; bytes: number } {
  if (typeof value === "string") {
    const bytes = Buffer.byteLength(value);
    return bytes > MAX_INLINE_BYTES ? takeOut(value, blobs) : { json: value, bytes: bytes + 2 };
  }
  if (typeof value !== "object" || value === null) return { json: value, bytes: 8 };
  let bytes = 2;
  const inner = (child: Json): Json => {
    const small = shrink(child, blobs);
    bytes += small.bytes + 1;
    return small.json;
  };
  const json = isList(value) ? value.map(inner) : mapObject(value, inner);
  if (!isList(json) && isObject(json)) {
    for (const key of Object.keys(json)) bytes += Buffer.byteLength(key) + 3;
  }
  return bytes > CONTAINER_BYTES ? takeOut(json, blobs) : { json, bytes };
}

function takeOut(json: Json, blobs: Map<string, Buffer>): { json: Json; bytes: number } {
  const bytes = Buffer.from(JSON.stringify(json));
  const hash = sha256(bytes);
  blobs.set(hash, bytes);
  return { json: { [REFERENCE]: hash, bytes: bytes.length }, bytes: 100 };
}

async function grow(value: Json, store: BlobStore): Promise<Json> {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) {
    const items: Json[] = [];
    for (const item of value) items.push(await grow(item, store));
    return items;
  }
  const hash = Object.hasOwn(value, REFERENCE) ? value[REFERENCE] : undefined;
  if (typeof hash === "string") return grow(await store.load(hash), store);
  const fields: [string, Json][] = [];
  for (const [key, child] of Object.entries(value)) {
    fields.push([unescapeKey(key), await grow(child, store)]);
  }
  return Object.fromEntries(fields);
}

function mapObject(value: JsonObject, map: (child: Json) => Json): JsonObject {
  // Entries keep a key such as `__proto__` a plain key.
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      ESCAPABLE.test(key) ? `$${key}` : key,
      map(child),
    ]),
  );
}

function unescapeKey(key: string): string {
  return key.startsWith("$$") && ESCAPABLE.test(key) ? key.slice(1) : key;
}

async function place(
  disk: Disk,
  folder: string,
  hash: string,
  bytes: Buffer,
  tag: string,
): Promise<void> {
  const temporary = `${folder}/${hash}.${tag}.tmp`;
  try {
    await createSynced(disk, temporary, bytes);
  } catch (error) {
    await disk.unlink(temporary).catch(() => {});
    throw error;
  }
  await disk.rename(temporary, `${folder}/${hash}`);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
