/**
 * This engine as an MCP server over this process's own streams, for agents of both protocol eras.
 * Owns the way between the protocol and the engine's tools; what a tool does is the app's.
 */
import {
  type CallToolResult,
  fromJsonSchema,
  type JsonSchemaType,
  type JsonSchemaValidator,
  type jsonSchemaValidator,
  McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { type AgentTool, callTool, type ToolAnswer } from "../../app/agentTools/agentTool.ts";
import { agentTools } from "../../app/agentTools/agentTools.ts";
import type { App } from "../../app/app.ts";
import { isObject, type JsonObject } from "../../util/json.ts";
import { printableLine } from "../../views/printable.ts";

export interface ServePorts {
  readonly app: App;
  readonly version: string;
  /** Told what went wrong on the wire. */
  readonly fault: (error: Error) => void;
}

/** Serves until the client closes its end, or `end` is aborted. Writes nothing but the protocol to stdout. */
export async function serveMcp(ports: ServePorts, end: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport();
  const gone = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
    process.stdout.once("close", resolve);
    end.addEventListener("abort", () => resolve(), { once: true });
  });
  const handle = serveStdio(() => createServer(ports), { transport, onerror: ports.fault });
  await gone;
  await handle.close();
}

const INSTRUCTIONS =
  "Fermata runs workflows of agents, tools, shell commands and questions to people in one folder. " +
  "Start one with start_workflow, then wait_for_run until `over` is true. When a run asks something, tell the person: " +
  "you may answer only what is marked `answerable`, after you have read it.";

function createServer({ app, version }: ServePorts): McpServer {
  const server = new McpServer({ name: "fermata", version }, { instructions: INSTRUCTIONS });
  for (const tool of agentTools({ app: () => app, allowed: () => app.agentAnswers() })) {
    const { name, title, description, inputSchema, outputSchema, effect } = tool;
    server.registerTool(
      name,
      {
        ...{ title, description },
        inputSchema: schemaOf(inputSchema),
        outputSchema: schemaOf(outputSchema),
        annotations: {
          readOnlyHint: effect === "reads",
          destructiveHint: effect === "decides",
          openWorldHint: effect !== "reads",
        },
      },
      (input: unknown, context: ServerContext) => perform(tool, input, server, context),
    );
  }
  return server;
}

async function perform(
  tool: AgentTool,
  input: unknown,
  server: McpServer,
  { mcpReq }: ServerContext,
): Promise<CallToolResult> {
  const name = `${clientName(mcpReq.envelope) ?? server.server.getClientVersion()?.name ?? "a client"} over MCP`;
  const caller = { name: printableLine(name).slice(0, 100), signal: mcpReq.signal };
  return resultOf(await callTool(tool, isObject(input) ? input : {}, caller));
}

/** The 2026 protocol names the client with every request. */
function clientName(envelope: unknown): string | undefined {
  const info = isObject(envelope) ? envelope["io.modelcontextprotocol/clientInfo"] : undefined;
  return isObject(info) && typeof info.name === "string" ? info.name : undefined;
}

function resultOf(answer: ToolAnswer): CallToolResult {
  if (!answer.ok) return { content: [{ type: "text", text: answer.message }], isError: true };
  const content = [{ type: "text" as const, text: answer.text }];
  return { content, structuredContent: { ...answer.facts } };
}

/** The tools check what they take themselves, in their own words; the SDK's check would compile code. */
const ACCEPTING: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (input) => ({ valid: true, data: input as T, errorMessage: undefined });
  },
};

function schemaOf(schema: JsonObject) {
  return fromJsonSchema<unknown>(schema as JsonSchemaType, ACCEPTING);
}
