/**
 * The MCP configuration of a workspace from its two files. Owns their places and which one wins; must not know
 * what an entry means. `.vscode/mcp.json` wins over `.mcp.json`: it is the one an editor's user sees and edits.
 */
import { join } from "node:path";
import { readPlainFile } from "../search/plainFile.ts";
import type { FileDiagnostic } from "../workflow/diagnostic.ts";
import { type McpConfig, parseMcpConfig, type ServerConfig } from "./config.ts";

/** In falling order of precedence, relative to the workspace. */
const FILES = [".vscode/mcp.json", ".mcp.json"] as const;

const MAX_FILE_BYTES = 1024 * 1024;

/** Reads both files; one that is not there is no problem, one that cannot be read is a diagnostic. */
export async function readMcpConfig(workspace: string): Promise<McpConfig> {
  const servers = new Map<string, ServerConfig>();
  const diagnostics: FileDiagnostic[] = [];
  for (const fileName of FILES) {
    const parsed = await readOne(workspace, fileName);
    diagnostics.push(...parsed.diagnostics);
    for (const server of parsed.servers) {
      const winner = servers.get(server.name);
      if (winner === undefined) servers.set(server.name, server);
      else diagnostics.push(shadowed(server, winner));
    }
  }
  return { servers: [...servers.values()], diagnostics };
}

async function readOne(workspace: string, fileName: string): Promise<McpConfig> {
  try {
    const bytes = await readPlainFile(join(workspace, fileName), { most: MAX_FILE_BYTES });
    return parseMcpConfig(bytes.toString("utf8"), fileName);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && "code" in error ? String(error.code) : said;
    if (code === "ENOENT" || code === "ENOTDIR") return { servers: [], diagnostics: [] };
    const start = { line: 1, column: 1, offset: 0 };
    const message = `Cannot read this file (${code}). Check its permissions.`;
    const range = { start, end: start };
    return {
      servers: [],
      diagnostics: [{ fileName, severity: "error", code: "mcp-config", message, range }],
    };
  }
}

function shadowed(loser: ServerConfig, winner: ServerConfig): FileDiagnostic {
  const { fileName, range } = loser.at;
  const message = `This \`${loser.name}\` is not used: ${winner.at.fileName} defines it too, and wins. Remove one of them.`;
  return { fileName, severity: "warning", code: "mcp-config-shadowed", message, range };
}
