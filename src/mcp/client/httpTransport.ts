/**
 * The SDK's streamable HTTP transport, made to say when a response can no longer come.
 * Owns that one repair: the SDK leaves a request of the 2025 protocol open when the stream of its answer ends early.
 */
import { type JSONRPCMessage, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

type SendOptions = Parameters<StreamableHTTPClientTransport["send"]>[1];

/** JSON-RPC error code (outside the reserved range) of the answer that stands for a stream that ended without one. */
export const STREAM_ENDED = -31999;

export class HttpTransport extends StreamableHTTPClientTransport {
  override async send(message: JSONRPCMessage, options?: SendOptions): Promise<void> {
    if (!("id" in message && "method" in message)) return await super.send(message, options);
    const { id } = message;
    return await super.send(message, {
      ...options,
      onRequestStreamEnd: () => {
        options?.onRequestStreamEnd?.();
        // After a normal answer nobody waits for this id any more, and it is dropped.
        const error = { code: STREAM_ENDED, message: "the stream ended before the answer" };
        this.onmessage?.({ jsonrpc: "2.0", id, error });
      },
    });
  }
}
