/** Everything that another agent can ask of this engine. One table for MCP and for the editor's chat. */
import type { App } from "../app.ts";
import type { AgentTool } from "./agentTool.ts";
import { lookTools } from "./lookTools.ts";
import { steerTools } from "./steerTools.ts";

/** The tools over the app of the moment. */
export function agentTools(app: () => App): readonly AgentTool[] {
  return [...lookTools(app), ...steerTools(app)];
}
