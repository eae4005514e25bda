/**
 * The lines of a journal file: one JSON object each, closed by a CRC-32 of everything before it.
 * Owns the format and its version; must not know order, owners or files.
 *
 *     {"type":"journal","format":1,"run":"run_...","fence":1,"at":ms,"crc":"0a1b2c3d"}
 *     {"seq":1,"fence":1,"at":ms,"event":{...},"crc":"..."}
 *     {"seq":3,"fence":1,"at":ms,"synced":1,"event":{...},"crc":"..."}
 *     {"type":"adopt","fence":2,"at":ms,"after":1234,"crc":"..."}
 *
 * `synced` is the last record that was durable when this one was written, left out when it is the one before. It
 * tells damage from a torn tail: a broken line that a later record saw durable is damage.
 */
import { crc32 } from "node:zlib";
import type { JournalEvent, JournalRecord, Typed } from "../engine/journal.ts";
import { isObject, type JsonObject } from "../util/json.ts";

/** The version of the format that this code writes, and the newest that it reads. */
export const FORMAT = 1;

export interface Header {
  readonly run: string;
  readonly fence: number;
  readonly at: number;
}

export interface Adoption {
  readonly fence: number;
  readonly at: number;
  /** Byte offset: what lies between it and this line is void. */
  readonly after: number;
}

export type Line =
  | { readonly kind: "header"; readonly header: Header }
  | { readonly kind: "adopt"; readonly adoption: Adoption }
  | { readonly kind: "record"; readonly record: JournalRecord; readonly synced: number }
  | { readonly kind: "newer"; readonly format: number }
  | { readonly kind: "broken" };

export function encodeHeader({ run, fence, at }: Header): string {
  return seal(
    `{"type":"journal","format":${FORMAT},"run":${JSON.stringify(run)},"fence":${fence},"at":${at}`,
  );
}

export function encodeAdoption({ fence, at, after }: Adoption): string {
  return seal(`{"type":"adopt","fence":${fence},"at":${at},"after":${after}`);
}

/** One record's line; `eventText` is the event as JSON. */
export function encodeRecord(
  { seq, fence, at }: Omit<JournalRecord<Typed>, "event">,
  eventText: string,
  synced: number,
): string {
  const seen = synced === seq - 1 ? "" : `"synced":${synced},`;
  return seal(`{"seq":${seq},"fence":${fence},"at":${at},${seen}"event":${eventText}`);
}

/** Parses the line at [start, end) of `bytes`, its newline not included. */
export function parseLine(bytes: Buffer, start: number, end: number): Line {
  const bodyEnd = end - SEAL_BYTES;
  if (bodyEnd <= start) return BROKEN;
  const whole = crc32(bytes.subarray(start, bodyEnd)) === readCrc(bytes, bodyEnd);
  // A newer format may seal its lines otherwise, but its first line still says what it is.
  if (!whole && !startsAsHeader(bytes, start)) return BROKEN;
  const value = parseObject(bytes.toString("utf8", start, end));
  if (!value) return BROKEN;
  if (value.type === "journal" && isCount(value.format) && value.format > FORMAT) {
    return { kind: "newer", format: value.format };
  }
  return whole ? toLine(value) : BROKEN;
}

const BROKEN: Line = { kind: "broken" };
const SEAL = ',"crc":"';
/** `,"crc":"0a1b2c3d"}` */
const SEAL_BYTES = SEAL.length + 8 + 2;
const SEAL_START = Buffer.from(SEAL);
const HEADER_START = Buffer.from('{"type":"journal"');

function seal(body: string): string {
  return `${body}${SEAL}${crc32(body).toString(16).padStart(8, "0")}"}\n`;
}

/** The seal's checksum; -1 when this is no seal. */
function readCrc(bytes: Buffer, bodyEnd: number): number {
  for (let at = 0; at < SEAL.length; at += 1) {
    if (bytes[bodyEnd + at] !== SEAL_START[at]) return -1;
  }
  let crc = 0;
  const from = bodyEnd + SEAL.length;
  for (let at = from; at < from + 8; at += 1) {
    const digit = hexDigit(bytes[at] ?? 0);
    if (digit < 0) return -1;
    crc = crc * 16 + digit;
  }
  return crc;
}

function hexDigit(char: number): number {
  if (char >= 48 && char <= 57) return char - 48;
  return char >= 97 && char <= 102 ? char - 87 : -1;
}

function startsAsHeader(bytes: Buffer, start: number): boolean {
  const end = Math.min(start + HEADER_START.length, bytes.length);
  return bytes.compare(HEADER_START, 0, HEADER_START.length, start, end) === 0;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function toLine(value: JsonObject): Line {
  const { type, seq, fence, at, event, run, after } = value;
  if (!isCount(fence) || typeof at !== "number") return BROKEN;
  if (type === "journal" && typeof run === "string") {
    return { kind: "header", header: { run, fence, at } };
  }
  if (type === "adopt" && isCount(after)) return { kind: "adopt", adoption: { fence, at, after } };
  if (!isCount(seq) || !isEvent(event)) return BROKEN;
  const synced = value.synced;
  const record: JournalRecord = { seq, fence, at, event };
  return { kind: "record", record, synced: isCount(synced) ? synced : seq - 1 };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isEvent(value: unknown): value is JournalEvent {
  return isObject(value) && typeof value.type === "string";
}
