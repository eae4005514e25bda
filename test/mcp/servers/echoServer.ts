/**
 * A fake MCP server over stdio that says KEY of its environment wherever a server says anything: in descriptions, answers,
 * errors, logs and last words. It speaks the real lines by hand.
 */
import { createInterface } from "node:readline";
import { printed } from "../../integration/harness/canary.ts";

const said = printed(process.env.KEY ?? "");

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly name?: string };
}

const line = (message: object) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const schema = {
  type: "object",
  description: said,
  properties: { n: { type: "number", description: said } },
};
const TOOLS = ["say", "give", "fail", "refuse", "die"].map((name) => ({
  name,
  description: said,
  inputSchema: schema,
}));

process.stderr.write(`${said}\n`);
createInterface({ input: process.stdin }).on("line", (text) => {
  const { id, method, params }: Message = JSON.parse(text);
  if (id === undefined) return;
  if (method === "initialize") {
    const serverInfo = { name: said, version: said };
    const capabilities = { tools: {}, logging: {} };
    return void line({
      id,
      result: { protocolVersion: "2025-06-18", capabilities, serverInfo, instructions: said },
    });
  }
  if (method === "tools/list") return void line({ id, result: { tools: TOOLS } });
  if (method !== "tools/call") return void line({ id, error: { code: -32601, message: said } });
  line({ method: "notifications/message", params: { level: "error", data: said } });
  const content = [{ type: "text", text: said }];
  if (params?.name === "say") return void line({ id, result: { content } });
  if (params?.name === "give")
    return void line({ id, result: { content, structuredContent: { [said]: [said] } } });
  if (params?.name === "fail") return void line({ id, result: { content, isError: true } });
  if (params?.name === "refuse") return void line({ id, error: { code: -32000, message: said } });
  process.stderr.write(`${said}\n`, () => process.exit(7));
});
