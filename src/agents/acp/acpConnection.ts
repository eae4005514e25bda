/**
 * One process that speaks the Agent Client Protocol, and the connection over its input and output.
 * Owns the lines between the two: what is no message is not the protocol's matter. Protocol: agentclientprotocol.com, v1.
 */
import {
  type AnyMessage,
  type ClientContext,
  client,
  methods,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionNotification,
  type SessionUpdate,
} from "@agentclientprotocol/sdk";
import type { CommandResult, RunOptions } from "../../process/run.ts";
import { startCommand } from "../../process/run.ts";
import { isObject, type Json, type JsonObject } from "../../util/json.ts";

export interface AcpHandlers {
  readonly update: (session: string, update: SessionUpdate) => void;
  /** `signal` aborts when the agent takes its request back. */
  readonly permission: (
    request: RequestPermissionRequest,
    signal: AbortSignal,
  ) => Promise<RequestPermissionResponse>;
  /** A line that is no message: what programs print where they should not, and their standard error. */
  readonly noise: (stream: "stdout" | "stderr", line: string) => void;
  /** The fields of a response that this version of the protocol does not know, such as `usage`. */
  readonly result: (result: JsonObject) => void;
}

export interface AcpConnection {
  /** Requests to the agent; all of them reject once the process has ended. */
  readonly agent: ClientContext;
  readonly ended: Promise<CommandResult>;
  /** Closes the connection and stops the process, politely first. */
  readonly close: () => void;
}

export type AcpProcess = Pick<
  RunOptions,
  "command" | "cwd" | "env" | "guardRecord" | "guardScript"
>;

/** Characters of one message; a longer one comes in pieces and is then none. */
const LONGEST_MESSAGE = 8 * 1024 * 1024;
/** Only its last words are ever shown. */
const KEPT_OUTPUT = 64 * 1024;

/** Read here and not by the library, which refuses an update of a later version; whoever reads it takes what it knows. */
const UPDATE = methods.client.session.update;

/** Starts the process and connects to it. Rejects with a `SpawnError` when it cannot be started. */
export async function openAcpConnection(
  command: AcpProcess,
  handlers: AcpHandlers,
): Promise<AcpConnection> {
  const incoming = createIncoming();
  /** The requests that wait for a response. */
  const pending = new Set<unknown>();
  const updated = ({ method, params }: JsonObject): boolean => {
    const update = method === UPDATE ? notification(params) : undefined;
    if (!update) return false;
    try {
      handlers.update(update.sessionId, update.update);
      return true;
    } catch {
      return false;
    }
  };
  const conversation = await startCommand({
    ...command,
    maxOutputBytes: KEPT_OUTPUT,
    longestLine: LONGEST_MESSAGE,
    onLine: (stream, line) => {
      const message = stream === "stdout" ? messageIn(line) : undefined;
      // The library prints what it cannot place where a person looks: that never comes to it.
      const placed = message && (updated(message) || incoming.take(message, pending));
      if (!placed && line.trim() !== "") handlers.noise(stream, line);
      else if (isObject(message?.result)) handlers.result(message.result);
    },
  });
  const { input } = conversation;
  const writable = new WritableStream<AnyMessage>({
    write: (message) =>
      new Promise((resolve, reject) => {
        if ("method" in message && "id" in message) pending.add(message.id);
        input.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
      }),
  });
  const connection = client({ name: "fermata" })
    .onRequest(methods.client.session.requestPermission, ({ params, signal }) =>
      handlers.permission(params, signal),
    )
    .connect({ readable: incoming.readable, writable });
  const ended = conversation.ended.finally(() => {
    incoming.end();
    connection.close();
  });
  return {
    agent: connection.agent,
    ended,
    close: () => {
      connection.close();
      conversation.stop();
    },
  };
}

/** What an update is of, and the update itself, unchecked. */
function notification(params: unknown): SessionNotification | undefined {
  if (typeof params !== "object" || params === null) return undefined;
  const { sessionId, update } = { sessionId: undefined, update: undefined, ...params };
  const fits = typeof sessionId === "string" && typeof update === "object" && update !== null;
  return fits ? (params as SessionNotification) : undefined;
}

/** A line as a message of the protocol; undefined when it is none. */
function messageIn(line: string): JsonObject | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: Json = JSON.parse(line);
    return isObject(value) && value.jsonrpc === "2.0" ? value : undefined;
  } catch {
    return undefined;
  }
}

function createIncoming() {
  let controller: ReadableStreamDefaultController<AnyMessage> | undefined;
  let over = false;
  const readable = new ReadableStream<AnyMessage>({
    start: (made) => {
      controller = made;
    },
    cancel: () => {
      over = true;
    },
  });
  return {
    readable,
    // The edge where a line becomes a message: the library checks what is in it.
    take: (message: JsonObject, pending: Set<unknown>): boolean => {
      const asks = typeof message.method === "string" && message.method !== UPDATE;
      const answers = message.method === undefined && pending.delete(message.id);
      if (!asks && !answers) return false;
      if (!over) controller?.enqueue(message as unknown as AnyMessage);
      return true;
    },
    end: () => {
      if (!over) controller?.close();
      over = true;
    },
  };
}
