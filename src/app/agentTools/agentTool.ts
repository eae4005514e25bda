/**
 * What another agent can ask of this engine, as a tool: the shape, and the check of what it is called with.
 * Knows no protocol: MCP and the editor's chat put the same tools on their own shelves.
 */
import { parameterProblem } from "../../activities/tool.ts";
import type { JsonObject } from "../../util/json.ts";
import type { App } from "../app.ts";
import type { AgentAnswers } from "./agentAnswers.ts";

/** Who calls. */
export interface Caller {
  /** Recorded as who started, answered or cancelled: `claude-code over MCP`. */
  readonly name: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export type ToolAnswer =
  | { readonly ok: true; readonly text: string; readonly facts: JsonObject }
  | {
      readonly ok: false;
      readonly message: string;
      /** The question that only a person answers, for a host that can show it to one. */
      readonly forPerson?: { readonly run: string; readonly breakpoint: string };
    };

/** What the tools stand on. */
export interface ToolPorts {
  /** The app of the moment. */
  readonly app: () => App;
  /** Which questions they may answer. */
  readonly allowed: () => Promise<AgentAnswers>;
}

export interface AgentTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schemas of what it takes and of the facts that it gives. */
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
  /** What it may change: nothing, something that can be taken back, or not. */
  readonly effect: "reads" | "adds" | "decides";
  readonly call: (input: JsonObject, caller: Caller) => Promise<ToolAnswer>;
}

/** Calls a tool with what was sent. What does not fit, and what cannot be read, becomes an answer that says so. */
export async function callTool(
  tool: AgentTool,
  input: JsonObject,
  caller: Caller,
): Promise<ToolAnswer> {
  const problem = parameterProblem(input, tool.inputSchema);
  if (problem) {
    const where = problem.field === "" ? "" : ` \`${problem.field}\``;
    return no(`What \`${tool.name}\` was called with does not fit:${where} ${problem.problem}`);
  }
  try {
    return await tool.call(input, caller);
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
}

/** A refusal, as a sentence that names the next move. */
export function no(message: string): ToolAnswer {
  return { ok: false, message };
}

/** JSON Schema of an object that takes these properties and no others. */
export function takes(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: "object", properties, required: [...required], additionalProperties: false };
}

/** JSON Schema of an object that has these properties, and perhaps more. */
export function gives(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: "object", properties, required: [...required] };
}

export const RUN_ID: JsonObject = {
  type: "string",
  pattern: "^run_[a-z2-7]{12}$",
  description: "The run's id, as start_workflow and list_runs give it.",
};
