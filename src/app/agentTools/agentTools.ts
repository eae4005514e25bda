/** Everything that another agent can ask of this engine. One table for MCP and for the editor's chat. */
import type { AgentTool, ToolPorts } from "./agentTool.ts";
import { lookTools } from "./lookTools.ts";
import { queueTools } from "./queueTools.ts";
import { steerTools } from "./steerTools.ts";
import { taskTools } from "./taskTools.ts";

/** The tools over the app of the moment. */
export function agentTools(ports: ToolPorts): readonly AgentTool[] {
  return [...lookTools(ports), ...queueTools(ports), ...steerTools(ports), ...taskTools(ports)];
}
