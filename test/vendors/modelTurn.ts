/** What a model answers, whatever its vendor, and how a protocol writes it. Shapes only. */
import type { JsonObject } from "../../src/util/json.ts";

/** One answer of the model, in order of the requests. */
export type ModelTurn =
  | { readonly text: string }
  | { readonly tool: string; readonly input: JsonObject }
  /** The stream begins, says this much, and stays open until the client leaves or the server stops. */
  | { readonly hang: string }
  /** The stream begins and the connection is cut. */
  | { readonly cut: string }
  | { readonly status: number; readonly error: string; readonly message: string };

/** A turn that is streamed. */
export type StreamedTurn = Exclude<ModelTurn, { readonly status: number }>;

/** Writes the events of one protocol. The stream is left open by a hang; whoever calls ends the others. */
export type Protocol = (
  send: (event: string | undefined, data: JsonObject | "[DONE]") => void,
  turn: StreamedTurn,
  request: JsonObject,
) => void;

/** Input and output tokens that every answer reports. */
export const TOKENS = { input: 10, output: 20 } as const;
