/** Calls a built-in tool and hands back its answer, or its failure as a line. */
import type { ToolServer } from "../../../src/mcp/toolServer.ts";
import type { Json, JsonObject } from "../../../src/util/json.ts";

export async function callTool(
  server: ToolServer,
  tool: string,
  parameters: JsonObject,
  key = "run_1/step",
): Promise<Json> {
  const signal = new AbortController().signal;
  const outcome = await server.call({ tool, parameters, key, signal });
  if (outcome.type === "completed") return outcome.result;
  return `${outcome.type} ${outcome.failure.code}: ${outcome.failure.message}`;
}
