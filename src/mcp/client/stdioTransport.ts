/**
 * An MCP transport over the streams of a guarded process: one JSON-RPC message a line.
 * Owns the framing, the process's end, and what it said besides the protocol; must not know tools or workflows.
 */
import type { Readable, Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import {
  deserializeMessage,
  type JSONRPCMessage,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client";

export interface ServerCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: "pipe";
}

/** What a started server offers; `process/spawn.ts` gives more than this. */
export interface ServerProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly stop: () => Promise<unknown>;
}

/** Starts a server's process; rejects when it cannot be started. */
export type SpawnServer = (command: ServerCommand) => Promise<ServerProcess>;

/** What a process left behind for whoever has to find out why it does not serve. */
export interface ProcessEvidence {
  /** The last 20 lines of its stderr. */
  readonly stderr: readonly string[];
  /** The first lines of stdout that are not protocol. */
  readonly strays: readonly string[];
  readonly end?: { readonly code: number | null; readonly signal: string | null };
}

const STDERR_LINES = 20;
const STRAY_LINES = 3;
const LINE_SHOWN = 400;
/** How long output may be on the way after its process is gone, in ms. */
const LAST_WORDS = 500;
/** A message larger than this ends the connection rather than the host's memory. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** The SDK recognises a pipe, where silence means an old server, by the presence of `pid` and `stderr`. */
  pid: number | null = null;
  readonly stderr = null;
  readonly #spawn: () => Promise<ServerProcess>;
  readonly #stderr: string[] = [];
  readonly #strays: string[] = [];
  #process: ServerProcess | undefined;
  #end: ProcessEvidence["end"];
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #closed = false;

  constructor(spawn: () => Promise<ServerProcess>) {
    this.#spawn = spawn;
  }

  get evidence(): ProcessEvidence {
    const said = { stderr: [...this.#stderr], strays: [...this.#strays] };
    return this.#end === undefined ? said : { ...said, end: this.#end };
  }

  async start(): Promise<void> {
    const started = await this.#spawn();
    this.#process = started;
    this.pid = started.pid;
    const outputs = [started.stdout, started.stderr];
    const drained = Promise.all(
      outputs.map((stream) => new Promise<void>((resolve) => stream.once("close", resolve))),
    );
    started.stdout.on("data", (chunk: Buffer) => this.#receive(chunk));
    keepLastLines(started.stderr, this.#stderr);
    for (const stream of [started.stdin, started.stdout, started.stderr]) {
      stream.on("error", (error: Error) => this.onerror?.(error));
    }
    void started.exited.then(async ({ code, signal }) => {
      this.#end = { code, signal };
      // Its last words may still be on the way, unless a process that got away holds the pipe open for good.
      await Promise.race([drained, started.stop().then(() => wait(LAST_WORDS))]);
      this.#finish();
    });
    if (this.#closed) await started.stop();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#process?.stdin;
    if (stdin === undefined || this.#closed || !stdin.writable) {
      throw new Error("the server's process has ended");
    }
    await new Promise<void>((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    await this.#process?.stop();
    this.#finish();
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.();
  }

  #receive(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      this.#pending.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const line = Buffer.concat(this.#pending).toString("utf8").trimEnd();
      this.#pending = [];
      this.#pendingBytes = 0;
      if (line !== "") this.#deliver(line);
    }
    this.#pending.push(rest);
    this.#pendingBytes += rest.length;
    if (this.#pendingBytes <= MAX_MESSAGE_BYTES) return;
    this.#pending = [];
    this.onerror?.(new Error(`a message of more than ${MAX_MESSAGE_BYTES} bytes`));
    void this.close();
  }

  #deliver(line: string): void {
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      if (this.#strays.length < STRAY_LINES) this.#strays.push(line.slice(0, LINE_SHOWN));
      return;
    }
    this.onmessage?.(message);
  }
}

function keepLastLines(stream: Readable, kept: string[]): void {
  let open = "";
  stream.setEncoding("utf8");
  const keep = (line: string) => {
    if (line.trim() === "") return;
    kept.push(line.trimEnd().slice(0, LINE_SHOWN));
    if (kept.length > STDERR_LINES) kept.shift();
  };
  stream.on("data", (chunk: string) => {
    const lines = (open + chunk).split("\n");
    open = (lines.pop() ?? "").slice(-LINE_SHOWN);
    for (const line of lines) keep(line);
  });
  stream.on("end", () => keep(open));
}
