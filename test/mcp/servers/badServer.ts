/** A fake MCP server over stdio that misbehaves as its first argument says. It speaks the real lines by hand. */
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [mode = "", log = ""] = process.argv.slice(2);
if (log !== "") appendFileSync(log, `start ${process.pid}\n`);

if (mode === "exits") {
  for (let line = 1; line <= 30; line++) process.stderr.write(`reason ${line}\n`);
  process.exit(3);
}
if (mode === "garbage") process.stdout.write("Listening on port 3000\n{not json\n");

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly arguments?: { readonly n?: number } };
}

const answer = (id: number | undefined, result: unknown) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);

const TOOLS = [
  { name: "work", description: "", inputSchema: { type: "object" } },
  {
    name: "lies",
    inputSchema: { type: "object" },
    outputSchema: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
  },
];

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params }: Message = JSON.parse(line);
  if (mode === "hangs" || mode === "garbage") return;
  if (method === "initialize") {
    const serverInfo = { name: "bad", version: "1.0.0" };
    answer(id, { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo });
  } else if (method === "tools/list") answer(id, { tools: TOOLS });
  else if (method === "tools/call") call(id, params?.name ?? "");
  else if (id !== undefined) {
    // As servers on some old SDKs do with what comes before `initialize`.
    if (mode === "strict") process.exit(1);
    const error = { code: -32601, message: "Method not found" };
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, error })}\n`);
  }
});

function call(id: number | undefined, tool: string): void {
  if (log !== "") appendFileSync(log, `call ${tool}\n`);
  if (tool === "lies") return void answer(id, { content: [], structuredContent: { n: "one" } });
  if (mode === "dies") {
    process.stderr.write("out of cheese\n");
    process.exit(7);
  }
  if (mode === "silent") return;
  answer(id, { content: [{ type: "text", text: "done" }] });
}
