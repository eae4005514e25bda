/** A real MCP server of the 2026 protocol only, over stdio: `whoami` answers with the request's metadata. */
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

serveStdio(
  () => {
    const server = new McpServer({ name: "modern", version: "2.0.0" });
    const annotations = { idempotentHint: true };
    server.registerTool(
      "whoami",
      { description: "Echoes its metadata", annotations },
      (context) => ({
        content: [{ type: "text" as const, text: JSON.stringify(context.mcpReq._meta ?? null) }],
      }),
    );
    return server;
  },
  { legacy: "reject" },
);
