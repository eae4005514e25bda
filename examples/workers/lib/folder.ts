/**
 * Where the workers keep what they share: what was downloaded, what was made of it, and the store that stands in for a
 * database. Owns names and reading and writing whole files; a file is always written beside itself and renamed.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Json } from "../../../src/util/json.ts";

export interface Folder {
  /** What all of it is kept under. */
  readonly work: string;
  /** The sample records: the far side that is downloaded from. */
  readonly source: (name: string) => string;
  readonly raw: (name: string) => string;
  readonly processed: (name: string) => string;
  readonly store: (name: string) => string;
  readonly log: (worker: string) => string;
}

/** The folders under `work`; the sample records come with the example. */
export function openFolder(work: string): Folder {
  const at = (kind: string) => (name: string) => {
    const file = join(work, kind, name);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  };
  return {
    work,
    source: (name) => join(import.meta.dirname, "..", "data", name),
    raw: at("raw"),
    processed: at("processed"),
    store: at("store"),
    log: at("logs"),
  };
}

/** The value of a JSON file; `none` where there is no file. */
export function readJson<T>(file: string, none: T): T {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : none;
}

export function writeJson(file: string, value: unknown): void {
  writeWhole(file, `${JSON.stringify(value, null, 1)}\n`);
}

export function writeWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}

export function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

export function sizeOf(file: string): number {
  return statSync(file).size;
}

/** Data of our own making as what may go over the wire. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
