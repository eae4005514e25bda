/**
 * What lies outside a workflow file and can be named in it: agents, tools, other workflows, workers.
 * Owns the shapes; whoever edits files fills them in. What is absent is not offered.
 */
import type { JsonObject } from "../util/json.ts";
import type { Inputs } from "../workflow/definition/inputDefinition.ts";

export interface KnownAgent {
  /** With its `@`. */
  readonly name: string;
  readonly description: string;
  /** The file that defines it, absolute; absent for those of settings and of the product. */
  readonly file?: string;
}

export interface KnownTool {
  /** `server.tool` */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its parameters, an object at its top. */
  readonly inputSchema: JsonObject;
}

export interface KnownWorker {
  readonly name: string;
  /** Its address; absent when its settings give none. */
  readonly url?: string;
}

export interface KnownWorkflow {
  readonly name: string;
  readonly description: string;
  /** Absolute. */
  readonly file: string;
  readonly inputs: Inputs;
}

export interface World {
  readonly agents: readonly KnownAgent[];
  readonly tools: readonly KnownTool[];
  readonly workflows: readonly KnownWorkflow[];
  readonly workers: readonly KnownWorker[];
}

export const EMPTY_WORLD: World = { agents: [], tools: [], workflows: [], workers: [] };
