/**
 * What attempts said while they ran: one file per task and attempt, for people. Not events: nothing decides by them.
 * Owns the files under a run's `output` folder, their names and their cap.
 */
import { createHash } from "node:crypto";
import { appendFile, copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { OutputLine, SaidLine } from "../activity.ts";

/** A stored line. */
export interface StoredLine extends SaidLine {
  readonly attempt: number;
}

export interface Transcript {
  write(line: OutputLine): void;
  /** Resolves once everything is handed to the file system. Never rejects: a transcript is not worth a failed task. */
  close(): Promise<void>;
}

export interface Transcripts {
  open(path: string, attempt: number): Transcript;
  /** Every line of every attempt of a task, oldest first; empty when it said nothing. */
  read(path: string): Promise<readonly StoredLine[]>;
  /** Every task path that said something, with its lines, for an export. */
  readAll(): Promise<readonly { readonly file: string; readonly lines: readonly StoredLine[] }[]>;
  /** Copies what these attempts said into another folder. Never rejects: what cannot be copied is left out. */
  copyTo(folder: string, attempts: readonly AttemptName[]): Promise<void>;
}

export interface AttemptName {
  readonly path: string;
  readonly attempt: number;
}

/** Bytes after which a transcript only says that it was cut. */
const CAP = 10 * 1024 * 1024;

/** The transcripts of one run. `folder` is made when the first line is written. */
export function openTranscripts(folder: string, now: () => number): Transcripts {
  return {
    open: (path, attempt) => openTranscript(folder, fileName(path, attempt), attempt, now),
    read: async (path) => {
      const names = (await list(folder))
        .filter((name) => name.startsWith(`${baseName(path)}.`))
        .sort(byAttempt);
      const files = await Promise.all(names.map((name) => readLines(join(folder, name))));
      return files.flat();
    },
    readAll: async () => {
      const names = (await list(folder)).sort();
      return Promise.all(
        names.map(async (file) => ({ file, lines: await readLines(join(folder, file)) })),
      );
    },
    copyTo: async (other, attempts) => {
      const there = new Set(await list(folder));
      await mkdir(other, { recursive: true, mode: 0o700 }).catch(() => undefined);
      for (const { path, attempt } of attempts) {
        const name = fileName(path, attempt);
        if (there.has(name))
          await copyFile(join(folder, name), join(other, name)).catch(() => undefined);
      }
    },
  };
}

function openTranscript(
  folder: string,
  name: string,
  attempt: number,
  now: () => number,
): Transcript {
  const file = join(folder, name);
  let buffer = "";
  let size = 0;
  let writing: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    while (buffer !== "") {
      const text = buffer;
      buffer = "";
      await appendFile(file, text, { mode: 0o600 });
    }
  };
  return {
    write: (line) => {
      if (size > CAP) return;
      const text = `${JSON.stringify({ at: now(), attempt, ...line })}\n`;
      size += Buffer.byteLength(text);
      buffer +=
        size > CAP
          ? `${JSON.stringify({ at: now(), attempt, kind: "note", text: "… cut: over 10 MiB" })}\n`
          : text;
      writing ??= flush()
        .catch(() => undefined)
        .finally(() => {
          writing = undefined;
        });
    },
    close: async () => {
      await writing;
      if (buffer !== "") await flush().catch(() => undefined);
    },
  };
}

async function list(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".jsonl"));
}

async function readLines(file: string): Promise<readonly StoredLine[]> {
  if ((await stat(file)).size > 2 * CAP) return [];
  const lines: StoredLine[] = [];
  for (const line of (await readFile(file, "utf8")).split("\n")) {
    if (line === "") continue;
    try {
      lines.push(JSON.parse(line));
    } catch {
      // A host died while it wrote this line; the next one is whole.
    }
  }
  return lines;
}

/** A task's path as a file name: readable, and short enough for any file system. */
export function baseName(path: string): string {
  const plain = path.replace(/[^A-Za-z0-9#_-]/g, (c) =>
    c === "/" ? "~" : `%${c.codePointAt(0)?.toString(16)}`,
  );
  if (plain.length <= 120) return plain;
  return `${plain.slice(0, 100)}-${createHash("sha256").update(path).digest("hex").slice(0, 16)}`;
}

function fileName(path: string, attempt: number): string {
  return `${baseName(path)}.${attempt}.jsonl`;
}

function byAttempt(a: string, b: string): number {
  return Number(a.split(".").at(-2)) - Number(b.split(".").at(-2));
}
