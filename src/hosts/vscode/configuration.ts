/**
 * The editor's settings as the app takes them. Owns the names on both sides.
 * In Restricted Mode the editor itself leaves out what the folder says (`restrictedConfigurations`).
 */
import * as vscode from "vscode";
import type { Json, JsonObject } from "../../util/json.ts";

export const SECTION = "fermata";

/** What the person has set here; what they have not is left to the settings files. */
export function hostSettings(folder: vscode.WorkspaceFolder): JsonObject {
  const configuration = vscode.workspace.getConfiguration(SECTION, folder);
  const settings: Record<string, Json> = {};
  for (const [name, key] of Object.entries(KEYS)) {
    const value = configuration.get<Json>(name);
    const set = configuration.inspect<Json>(name);
    const isPreset = set?.globalValue === undefined && value === set?.defaultValue;
    if (value !== undefined && !isPreset && !isEmpty(value))
      settings[key] = JSON.parse(JSON.stringify(value));
  }
  return settings;
}

/** What only this editor goes by. */
export interface EditorSettings {
  /** Marks on files that a run touched. */
  readonly fileDecorations: boolean;
}

/** The settings that concern the editor's own surfaces. */
export function editorSettings(folder: vscode.WorkspaceFolder): EditorSettings {
  const configuration = vscode.workspace.getConfiguration(SECTION, folder);
  return { fileDecorations: configuration.get("fileDecorations", true) };
}

/** By the editor's name, the app's. */
const KEYS: Readonly<Record<string, string>> = {
  defaultAgent: "defaultAgent",
  agents: "agents",
  workers: "workers",
  searchEndpoint: "searchEndpoint",
  prices: "prices",
  allowedEnvironment: "env",
  retention: "retention",
  maxAgents: "maxAgents",
  logLevel: "logLevel",
  agentAnswers: "agentAnswers",
};

function isEmpty(value: Json): boolean {
  return (
    value === "" || value === null || (typeof value === "object" && Object.keys(value).length === 0)
  );
}
