/**
 * What a connected server offers, in our words. Owns the reading of its hints: what it does not declare harmless to
 * repeat counts as `once`.
 */
import type { Client } from "@modelcontextprotocol/client";
import { type Failure, failure } from "../../run/failure.ts";
import type { Effects } from "../../run/request.ts";
import { isObject, type JsonObject } from "../../util/json.ts";
import type { ToolInfo } from "../toolServer.ts";

export interface Listed {
  readonly infos: readonly ToolInfo[];
  /** By tool; only of those that declare one. */
  readonly outputSchemas: ReadonlyMap<string, JsonObject>;
}

/** Every tool of the server, all pages. */
export async function listTools(name: string, client: Client): Promise<Listed | Failure> {
  try {
    const { tools } = await client.listTools(undefined, { cacheMode: "refresh" });
    const outputSchemas = new Map<string, JsonObject>();
    for (const tool of tools) {
      if (isObject(tool.outputSchema)) outputSchemas.set(tool.name, tool.outputSchema);
    }
    const infos = tools.map(
      (tool): ToolInfo => ({
        name: tool.name,
        description: tool.description ?? tool.title ?? "",
        inputSchema: isObject(tool.inputSchema) ? tool.inputSchema : { type: "object" },
        effects: effectsOf(tool.annotations),
      }),
    );
    return { infos, outputSchemas };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The tool server \`${name}\` does not list its tools: ${reason}. Look at its log, or ask its author.`;
    return failure("tool_unavailable", message);
  }
}

interface Hints {
  readonly readOnlyHint?: boolean | undefined;
  readonly idempotentHint?: boolean | undefined;
}

function effectsOf(hints: Hints | undefined): Effects {
  return hints?.readOnlyHint === true || hints?.idempotentHint === true ? "repeatable" : "once";
}
