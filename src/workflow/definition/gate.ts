/**
 * A condition that must hold, as a file says it. Knows nothing of how it is checked.
 */
import type { JsonObject } from "../../util/json.ts";

/** What a command must show to pass; `exit_code` is 0 unless said, `metric` is a regular expression. */
export interface CommandCheck {
  readonly command: string | readonly string[];
  readonly pass?: number;
  readonly metric?: string;
  /** What the metric must be: `run/gate/threshold.ts` lists the comparisons and words. */
  readonly expect?: string;
  readonly required?: boolean;
}

/** What the output must fit. */
export interface SchemaCheck {
  readonly schema: JsonObject;
}

/** What an agent is to judge the output by. */
export interface AgentCheck {
  readonly agent: string;
  /** Template. */
  readonly criteria: string;
}

export interface Gate {
  readonly name: string;
  readonly category?: string;
  /** An expression over `output`, `state`, `files`, a command, a schema of the output, or an agent's word. */
  readonly check: string | CommandCheck | SchemaCheck | AgentCheck;
  readonly severity: "fail" | "warn";
}

export function isCommand(check: Gate["check"]): check is CommandCheck {
  return typeof check !== "string" && "command" in check;
}

export function isAgentCheck(check: Gate["check"]): check is AgentCheck {
  return typeof check !== "string" && "agent" in check;
}

/** True for a check that an attempt has to find out; the others follow from what is there. */
export function isOutside(check: Gate["check"]): boolean {
  return isCommand(check) || isAgentCheck(check);
}
