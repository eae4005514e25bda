/** Offers this engine as an MCP server to the editor's agents, in a trusted folder only. Starts nothing itself. */
import { join } from "node:path";
import * as vscode from "vscode";
import { hostSettings, SECTION } from "../configuration.ts";
import { SERVER_PROVIDER } from "./offered.ts";
import { serverLaunch } from "./serverLaunch.ts";

/** Registers it where this editor knows MCP; nothing otherwise. */
export function registerServerProvider(
  context: vscode.ExtensionContext,
): readonly vscode.Disposable[] {
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider !== "function") return [];
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  if (!folder) return [];
  const changed = new vscode.EventEmitter<void>();
  const registered = vscode.lm.registerMcpServerDefinitionProvider(SERVER_PROVIDER, {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => {
      if (!vscode.workspace.isTrusted) return [];
      const { command, args, env } = serverLaunch({
        node: process.execPath,
        program: join(context.extensionPath, "dist", "fermata.mjs"),
        workspace: folder.uri.fsPath,
        settings: hostSettings(folder),
      });
      const version = String(context.extension.packageJSON.version);
      const server = new vscode.McpStdioServerDefinition(
        "Fermata",
        command,
        [...args],
        env,
        version,
      );
      server.cwd = folder.uri;
      return [server];
    },
  });
  return [
    registered,
    changed,
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SECTION, folder)) changed.fire();
    }),
  ];
}
