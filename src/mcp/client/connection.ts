/**
 * One open connection to an outside MCP server, over a process's streams or streamable HTTP.
 * Owns the handshake of both protocol eras; must not know calls, or when a connection is wanted again.
 */
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Client, type ClientOptions } from "@modelcontextprotocol/client";
import type { Vault } from "../../engine/secrets.ts";
import { type Failure, failure } from "../../run/failure.ts";
import type { HttpConfig, StdioConfig } from "../config.ts";
import { cannotReach, cannotStart, describeEnd, placeOf } from "./connectionFailure.ts";
import { HttpTransport, STREAM_ENDED } from "./httpTransport.ts";
import { fillVariables, inheritedEnvironment } from "./serverSettings.ts";
import { type SpawnServer, StdioTransport } from "./stdioTransport.ts";

export interface Connection {
  readonly client: Client;
  readonly kind: "stdio" | "http";
  readonly pid?: number;
  /** What is known of its end, as a sentence; empty when nothing is. */
  readonly end: () => string;
  readonly close: () => Promise<void>;
}

export type Opened =
  | { readonly type: "open"; readonly connection: Connection }
  | { readonly type: "failed"; readonly failure: Failure };

export interface OpenRequest {
  readonly config: StdioConfig | HttpConfig;
  readonly spawn: SpawnServer;
  /** Absolute path. */
  readonly workspace: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gives the values of secrets that settings name; absent: there are none. */
  readonly secrets?: Pick<Vault, "resolve"> | undefined;
  /** Our own version, told to the server. */
  readonly version: string;
  /** Milliseconds until a server has to have answered the handshake. */
  readonly startTimeoutMs: number;
  readonly signal: AbortSignal;
  /** The connection ended, whoever ended it. */
  readonly onClose: () => void;
  /** Something out of the ordinary happened on it; it may still work. */
  readonly onDoubt: () => void;
  /** The server offers other tools than before. */
  readonly onToolsChanged: () => void;
}

/** Connects to a server, trying today's protocol and the older handshake. Resolves also when it cannot. */
export async function openConnection(request: OpenRequest): Promise<Opened> {
  const filled = await fillVariables(request.config, request);
  if ("code" in filled) return { type: "failed", failure: filled };
  return filled.kind === "stdio"
    ? await openStdio(request, filled)
    : await openHttp(request, filled);
}

/** How long a server may stay silent on the newer handshake before the older one is tried. */
const PROBE_MS = 15_000;

async function openStdio(request: OpenRequest, config: StdioConfig): Promise<Opened> {
  const transport = stdioTransport(request, config);
  const first = await handshake(request, transport, "auto");
  if (first.client !== undefined) return opened(first.client, transport);
  if (transport.evidence.end === undefined || first.stopped) {
    return { type: "failed", failure: cannotStart(config, first, transport.evidence) };
  }
  // Servers on some old SDKs end at the newer handshake, so one that ended is asked once more in the older way.
  const again = stdioTransport(request, config);
  const second = await handshake(request, again, "legacy");
  if (second.client !== undefined) return opened(second.client, again);
  return { type: "failed", failure: cannotStart(config, second, again.evidence) };
}

async function openHttp(request: OpenRequest, config: HttpConfig): Promise<Opened> {
  let transport: HttpTransport;
  try {
    const requestInit = { headers: config.headers };
    transport = new HttpTransport(new URL(config.url), { requestInit });
  } catch {
    const message = `The tool server \`${config.name}\` has no valid url. Correct it in ${placeOf(config)}.`;
    return { type: "failed", failure: failure("tool_unavailable", message) };
  }
  const shaken = await handshake(request, transport, "auto");
  if (shaken.client !== undefined) return opened(shaken.client, transport);
  return { type: "failed", failure: cannotReach(config, shaken) };
}

type Handshake =
  | { readonly client: Client }
  | {
      readonly client?: undefined;
      readonly error: unknown;
      /** We gave up, rather than the server: `late` because of its time. */
      readonly stopped: boolean;
      readonly late: boolean;
    };

async function handshake(
  request: OpenRequest,
  transport: StdioTransport | HttpTransport,
  mode: "auto" | "legacy",
): Promise<Handshake> {
  const { signal, startTimeoutMs, onClose, onDoubt, onToolsChanged } = request;
  const client = new Client(
    { name: "fermata", title: "Fermata", version: request.version },
    {
      versionNegotiation: { mode, probe: { timeoutMs: Math.min(PROBE_MS, startTimeoutMs) } },
      jsonSchemaValidator: ACCEPT_ANYTHING,
      listChanged: { tools: { autoRefresh: false, onChanged: onToolsChanged } },
    },
  );
  let late = false;
  const giveUp = () => void transport.close().catch(() => undefined);
  const timer = setTimeout(() => {
    late = true;
    giveUp();
  }, startTimeoutMs);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect(transport, { timeout: startTimeoutMs });
    client.onclose = onClose;
    client.onerror = (error) => {
      if (!error.message.includes(String(STREAM_ENDED))) onDoubt();
    };
    return { client };
  } catch (error) {
    await transport.close().catch(() => undefined);
    return { error, stopped: late || signal.aborted, late };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

/** The SDK's own check compiles code and its error cannot be told from a refused call; `callOutcome` checks instead. */
const ACCEPT_ANYTHING: NonNullable<ClientOptions["jsonSchemaValidator"]> = {
  getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
};

function opened(client: Client, transport: StdioTransport | HttpTransport): Opened {
  if (transport instanceof HttpTransport) {
    const close = async () => {
      await Promise.race([transport.terminateSession().catch(() => undefined), wait(GOODBYE_MS)]);
      await client.close();
    };
    return { type: "open", connection: { client, kind: "http", end: () => "", close } };
  }
  const end = () => describeEnd(transport.evidence);
  const close = () => transport.close();
  const pid = transport.pid === null ? {} : { pid: transport.pid };
  return { type: "open", connection: { client, kind: "stdio", end, close, ...pid } };
}

const GOODBYE_MS = 500;

function stdioTransport(request: OpenRequest, config: StdioConfig): StdioTransport {
  const { command, cwd = request.workspace, env } = config;
  const whole = { ...inheritedEnvironment(request.environment), ...env };
  const folder = resolve(request.workspace, cwd);
  return new StdioTransport(() =>
    request.spawn({ command, cwd: folder, env: whole, stdin: "pipe" }),
  );
}
