/**
 * The line to one outside server: opened when first needed, kept, opened anew after a loss, its tools remembered.
 * Owns that lifetime; must not know calls, transports, or whether the workspace may do this at all.
 */
import { type Failure, failure } from "../../run/failure.ts";
import type { ServerStatus } from "../toolServer.ts";
import type { Connection, OpenRequest } from "./connection.ts";
import { type Listed, listTools } from "./toolList.ts";

export type LinkOptions = Pick<
  OpenRequest,
  "config" | "spawn" | "workspace" | "environment" | "secrets" | "version"
> & {
  /** Milliseconds for the start of a server, the download of its package included. Default 60,000. */
  readonly startTimeoutMs?: number;
};

const START_TIMEOUT_MS = 60_000;
/** A quiet connection over the network is asked for a sign of life before a call is entrusted to it. */
const QUIET_MS = 60_000;
const PING_MS = 5_000;

export class Link {
  readonly #options: LinkOptions;
  readonly #ended = new AbortController();
  #status: ServerStatus = { status: "idle" };
  /** The effort under way or done; shared by all who ask, and gone with the connection. */
  #opening: Promise<Connection | Failure> | undefined;
  #listing: Promise<Listed | Failure> | undefined;
  #current: Connection | undefined;
  #heardAt = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** The connection, opened where there is none. The signal ends the waiting, not the effort. */
  async connected(signal?: AbortSignal): Promise<Connection | Failure> {
    if (this.#ended.signal.aborted) return failure("cancelled", "The tool servers are closed.");
    const known = this.#current;
    if (known !== undefined && this.#isDoubtful(known) && !(await isAlive(known))) this.drop(known);
    this.#opening ??= this.#open();
    const connection = await this.#unlessAborted(this.#opening, signal);
    if (!("code" in connection)) this.#heardAt = performance.now();
    return connection;
  }

  /** The server's tools, asked for once a connection and again when it says that they changed. */
  async listed(signal?: AbortSignal): Promise<Listed | Failure> {
    const connection = await this.connected(signal);
    if ("code" in connection) return connection;
    this.#listing ??= listTools(this.#options.config.name, connection.client);
    const asked = this.#listing;
    const listed = await this.#unlessAborted(asked, signal);
    if ("code" in listed && listed.code !== "cancelled" && this.#listing === asked) {
      this.#listing = undefined;
    }
    return listed;
  }

  /** Lets go of a connection that turned out to be useless. */
  drop(connection: Connection): void {
    if (this.#current !== connection) return;
    this.#forget();
    void connection.close().catch(() => undefined);
  }

  async dispose(): Promise<void> {
    this.#ended.abort(new Error("closed"));
    const connection = await this.#opening?.catch(() => undefined);
    if (connection !== undefined && !("code" in connection)) {
      await connection.close().catch(() => undefined);
    }
    this.#forget();
    this.#status = { status: "idle" };
  }

  async #open(): Promise<Connection | Failure> {
    this.#status = { status: "connecting" };
    // The protocol's library is large, and many windows never connect to a server.
    const { openConnection } = await import("./connection.ts");
    const opened = await openConnection({
      ...this.#options,
      startTimeoutMs: this.#options.startTimeoutMs ?? START_TIMEOUT_MS,
      signal: this.#ended.signal,
      onClose: () => this.#forget(),
      onDoubt: () => {
        this.#heardAt = Number.NEGATIVE_INFINITY;
      },
      onToolsChanged: () => {
        this.#listing = undefined;
      },
    });
    if (opened.type === "failed") {
      this.#opening = undefined;
      this.#status = { status: "failed", failure: opened.failure };
      return opened.failure;
    }
    const { connection } = opened;
    this.#current = connection;
    const version = connection.client.getServerVersion()?.version;
    this.#status = {
      status: "connected",
      ...(version !== undefined && { version }),
      ...(connection.pid !== undefined && { pid: connection.pid }),
    };
    return connection;
  }

  #forget(): void {
    const end = this.#current?.end() ?? "";
    this.#current = undefined;
    this.#opening = undefined;
    this.#listing = undefined;
    const message = `The connection to the tool server \`${this.#options.config.name}\` was lost. ${end}`;
    this.#status =
      end === ""
        ? { status: "idle" }
        : { status: "failed", failure: failure("tool_unavailable", message) };
  }

  /** Only a session over the network can be lost unnoticed; a process's end is seen at once. */
  #isDoubtful({ client, kind }: Connection): boolean {
    if (kind !== "http" || client.getProtocolEra() !== "legacy") return false;
    return performance.now() - this.#heardAt > QUIET_MS;
  }

  async #unlessAborted<T>(
    effort: Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T | Failure> {
    if (signal === undefined) return await effort;
    const { promise: aborted, resolve } = Promise.withResolvers<Failure>();
    const { name } = this.#options.config;
    const message = `Stopped while the tool server \`${name}\` was starting; no tool was called.`;
    const stop = () => resolve(failure("cancelled", message));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await Promise.race([effort, aborted]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

async function isAlive({ client }: Connection): Promise<boolean> {
  return await client.ping({ timeout: PING_MS }).then(
    () => true,
    () => false,
  );
}
