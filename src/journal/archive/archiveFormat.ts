/**
 * A run as one file: gzip over lines of JSON, each but the first and last followed by the bytes that it announces.
 * Owns the format and its checks; must not know what a run's files mean. `gzip -dc FILE` shows it as text.
 *
 *     {"type":"fermata-run","format":1,"run":"run_...","at":ms}
 *     {"type":"file","path":"journal.jsonl","bytes":1234,"sha256":"..."}
 *     ...1234 bytes, and a line feed...
 *     {"type":"end","files":1,"sha256":"..."}
 *
 * The last checksum is of everything before its line.
 */
import { createHash } from "node:crypto";
import { isObject, type JsonObject } from "../../util/json.ts";
import { isRunId } from "../runFolder.ts";
import { ArchiveRefused } from "./archiveRefused.ts";
import type { ByteReader } from "./byteReader.ts";

export const ARCHIVE_FORMAT = 1;

/** Larger files are in no archive that this product writes. */
const MAX_FILE_BYTES = 2 ** 30;
const MAX_LINE_BYTES = 4096;

export interface ArchivedFile {
  /** In the run's folder, with `/`. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** The parts of an archive, in order, before they are compressed. */
export async function* encodeArchive(
  about: { readonly run: string; readonly at: number },
  files: AsyncIterable<ArchivedFile>,
): AsyncGenerator<Buffer, void, undefined> {
  const whole = createHash("sha256");
  const parts = (text: string, bytes?: Buffer): Buffer[] => {
    const made = [Buffer.from(`${text}\n`), ...(bytes ? [bytes, Buffer.from("\n")] : [])];
    for (const part of made) whole.update(part);
    return made;
  };
  yield* parts(JSON.stringify({ type: "fermata-run", format: ARCHIVE_FORMAT, ...about }));
  let count = 0;
  for await (const { path, bytes } of files) {
    count += 1;
    const line = { type: "file", path, bytes: bytes.length, sha256: sha256(bytes) };
    yield* parts(JSON.stringify(line), bytes);
  }
  const end = { type: "end", files: count, sha256: whole.digest("hex") };
  yield Buffer.from(`${JSON.stringify(end)}\n`);
}

export interface DecodedArchive {
  readonly run: string;
  readonly at: number;
  /** Each file once its bytes are those of its checksum. Throws at the end when anything is missing. */
  readonly files: AsyncGenerator<ArchivedFile, void, undefined>;
}

/** Reads an archive's first line, then its files as they are asked for. @throws ArchiveRefused */
export async function decodeArchive(reader: ByteReader): Promise<DecodedArchive> {
  const whole = createHash("sha256");
  const head = await readLine(reader, whole);
  if (head?.type !== "fermata-run" || typeof head.format !== "number")
    throw new ArchiveRefused("it is not an archive of a run");
  if (head.format > ARCHIVE_FORMAT)
    throw new ArchiveRefused("it was written by a newer version of Fermata", true);
  const { run, at } = head;
  if (typeof run !== "string" || !isRunId(run) || typeof at !== "number")
    throw new ArchiveRefused("its first line is broken");
  return { run, at, files: decodeFiles(reader, whole) };
}

type Digest = ReturnType<typeof createHash>;

async function* decodeFiles(
  reader: ByteReader,
  whole: Digest,
): AsyncGenerator<ArchivedFile, void, undefined> {
  const seen = new Set<string>();
  for (;;) {
    const before = whole.copy().digest("hex");
    const line = await readLine(reader, whole);
    if (line?.type === "end") {
      if (line.sha256 !== before || line.files !== seen.size)
        throw new ArchiveRefused("its checksum does not fit");
      if ((await reader.rest()) > 0) throw new ArchiveRefused("something follows its end");
      return;
    }
    const { path, bytes: size } = line ?? {};
    if (line?.type !== "file" || typeof path !== "string" || !isSize(size))
      throw new ArchiveRefused("it is cut short or broken");
    if (!isArchivable(path) || seen.has(path))
      throw new ArchiveRefused(`it holds ${JSON.stringify(path)}, which no run has`);
    seen.add(path);
    const bytes = await reader.take(size);
    const feed = await reader.take(1);
    if (bytes === undefined || feed?.[0] !== 10) throw new ArchiveRefused("it is cut short");
    whole.update(bytes).update(feed);
    if (sha256(bytes) !== line.sha256)
      throw new ArchiveRefused(`the checksum of ${path} in it does not fit`);
    yield { path, bytes };
  }
}

/** The files of a run that an archive takes: its journal, the large values beside it, what its tasks said. */
export function isArchivable(path: string): boolean {
  return (
    path === "journal.jsonl" ||
    /^blobs\/[0-9a-f]{64}$/.test(path) ||
    /^output\/[\w#%~-][\w#%~.-]{0,199}\.jsonl$/.test(path)
  );
}

function isSize(value: unknown): value is number {
  return (
    typeof value === "number" &&
    Number.isSafeInteger(value) &&
    value >= 0 &&
    value <= MAX_FILE_BYTES
  );
}

async function readLine(reader: ByteReader, whole: Digest): Promise<JsonObject | undefined> {
  const line = await reader.line(MAX_LINE_BYTES);
  if (line === undefined) return undefined;
  whole.update(line);
  try {
    const value: unknown = JSON.parse(line.toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
