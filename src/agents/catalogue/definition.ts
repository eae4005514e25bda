/** One agent as its file, or the product itself, defines it. */
import type { AdapterKind } from "../agent.ts";

/** One agent of the catalogue. */
export interface AgentDefinition {
  /** With its `@`: `@[a-z0-9-]+`. */
  readonly name: string;
  readonly description: string;
  /** The body of the file: what the agent is told about itself. */
  readonly systemPrompt: string;
  readonly model?: string;
  readonly tools?: readonly string[];
  readonly adapter?: AdapterKind;
  /** Relative to the workspace, or `built-in`. */
  readonly source: string;
}
