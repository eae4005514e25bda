/**
 * What workflow files can name beyond themselves, asked of the app when an offer needs it.
 * Owns when tools are asked for: that starts servers, so only where a tool is being written.
 */
import type * as vscode from "vscode";
import type { World } from "../../../language/world.ts";
import type { Session } from "../session.ts";

/** Agents and workflows; tools too when the position is inside a tool call. */
export async function worldAt(
  { app }: Session,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<World> {
  const asksTools = isInToolCall(document, position);
  const [agents, templates, tools, workers] = await Promise.all([
    app.listAgents(),
    app.listTemplates(),
    asksTools ? app.listTools() : [],
    app.listWorkers(),
  ]);
  const others = templates.filter(({ file }) => file !== document.uri.fsPath);
  return { agents, tools, workflows: others, workers };
}

/** How far a call's keys may stand above the line that is written, in lines. */
const CALL = 40;

function isInToolCall(document: vscode.TextDocument, { line }: vscode.Position): boolean {
  for (let at = line; at >= Math.max(0, line - CALL); at--) {
    const { text } = document.lineAt(at);
    if (/^\s*(- )?type:\s*mcp_call\b/.test(text) || /^\s*(- )?tool:/.test(text)) return true;
    if (at < line && /^\s*- id:/.test(text)) return isInToolCallBelow(document, at, line);
  }
  return false;
}

function isInToolCallBelow(document: vscode.TextDocument, from: number, to: number): boolean {
  for (let at = from; at <= Math.min(document.lineCount - 1, to + CALL); at++) {
    const { text } = document.lineAt(at);
    if (at > from && /^\s*- id:/.test(text)) return false;
    if (/^\s*type:\s*mcp_call\b/.test(text)) return true;
  }
  return false;
}
