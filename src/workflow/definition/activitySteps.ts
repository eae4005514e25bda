/**
 * The steps that an activity performs: agents, tools, commands, gates, and waiting.
 * Owns their shapes only; how each is performed is known by `activities`.
 */
import type { JsonObject } from "../../util/json.ts";
import type { StepBase } from "../workflow.ts";
import type { AgentContext } from "./agentContext.ts";
import type { Gate } from "./gate.ts";
import type { Isolation } from "./isolation.ts";
import type { Supervision } from "./supervision.ts";

export interface DelegateStep extends StepBase {
  readonly kind: "delegate";
  readonly instructions: string;
  /** None: the agent of the foreach around it, else the default agent. */
  readonly agent?: string;
  readonly output_schema?: JsonObject;
  readonly supervise?: Supervision;
  readonly context?: AgentContext;
  readonly isolation?: "worktree" | Isolation;
  /** Where the agent works, a template; only steps that isolation is made of have one. */
  readonly folder?: string;
}

export interface McpCallStep extends StepBase {
  readonly kind: "mcp_call";
  readonly tool: string;
  readonly parameters: JsonObject;
}

export interface ShellStep extends StepBase {
  readonly kind: "shell";
  readonly command: string | readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GateStep extends StepBase {
  readonly kind: "gate";
  readonly gates: readonly Gate[];
  /** Where they are judged, a template; only gates over the work of an isolated agent have one. */
  readonly folder?: string;
}

export interface WaitStep extends StepBase {
  readonly kind: "wait";
  /** Exactly one of the three. Milliseconds or a template. */
  readonly duration?: number | string;
  /** A time: template that gives an ISO time or seconds since the epoch. */
  readonly until?: string;
  /** The name of an outside signal. */
  readonly signal?: string;
}
