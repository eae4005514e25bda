/**
 * A `ToolServer` made of functions of our own: no process, no connection.
 * Owns what all built-in servers share (lookup, cancellation, the answer's shape); must not know any tool.
 */
import { type Failure, failure } from "../../run/failure.ts";
import type { ActivityOutcome, Effects } from "../../run/request.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import type { ToolCall, ToolServer } from "../toolServer.ts";

/** What a built-in tool came to. Data, as every failure of the domain. */
export type ToolAnswer =
  | { readonly type: "answer"; readonly value: Json }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "unknown"; readonly failure: Failure };

export interface BuiltInTool {
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly effects: Effects;
  /** Performs one call; its parameters fit the schema. Rejects only with the signal's reason or on our own faults. */
  readonly perform: (call: ToolCall) => Promise<ToolAnswer>;
}

/** Makes a server of tools by name. */
export function createBuiltInServer(
  name: string,
  tools: Readonly<Record<string, BuiltInTool>>,
): ToolServer {
  const infos = Object.entries(tools).map(([tool, { description, inputSchema, effects }]) => ({
    name: tool,
    description,
    inputSchema,
    effects,
  }));
  return {
    name,
    status: () => ({ status: "connected" }),
    tools: async () => ({ type: "tools", tools: infos }),
    call: (call) => callOnce(name, tools, call),
    dispose: async () => undefined,
  };
}

export function answer(value: Json): ToolAnswer {
  return { type: "answer", value };
}

export function refuse(
  code: "invalid_input" | "tool_error" | "network",
  message: string,
): ToolAnswer {
  return { type: "failed", failure: failure(code, message) };
}

/** A schema of an object that takes exactly these properties. */
export function parameters(properties: JsonObject, required: readonly string[]): JsonObject {
  return { type: "object", properties, required, additionalProperties: false };
}

async function callOnce(
  server: string,
  tools: Readonly<Record<string, BuiltInTool>>,
  call: ToolCall,
): Promise<ActivityOutcome> {
  const known = Object.hasOwn(tools, call.tool) ? tools[call.tool] : undefined;
  if (known === undefined) {
    const message = `The built-in server \`${server}\` has no tool \`${call.tool}\`.`;
    return { type: "failed", failure: failure("tool_unavailable", message) };
  }
  const { signal, timeoutMs } = call;
  const deadline = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
  const stop = AbortSignal.any([signal, ...deadline]);
  try {
    stop.throwIfAborted();
    const answered = await known.perform({ ...call, signal: stop });
    return answered.type === "answer" ? { type: "completed", result: answered.value } : answered;
  } catch (error) {
    if (!stop.aborted) throw error;
    const late = stop.reason instanceof Error && stop.reason.name === "TimeoutError";
    const message = `\`${server}.${call.tool}\` was ${late ? "not done in time" : "cancelled"}.`;
    // Tools that write settle before they look at the signal again, so that a stopped one has done nothing.
    return { type: "failed", failure: failure(late ? "timeout" : "cancelled", message) };
  }
}
