/**
 * The port behind which every tool stands: built in, a process of its own, or far away; one server, and all of them.
 * Owns the shapes; must not know a protocol. A call makes one try; nothing here retries.
 */
import type { Failure } from "../run/failure.ts";
import type { ActivityOutcome, Effects } from "../run/request.ts";
import type { Disposable } from "../util/disposable.ts";
import type { JsonObject } from "../util/json.ts";
import type { FileDiagnostic } from "../workflow/diagnostic.ts";

export interface ToolInfo {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the parameters, an object at its top. */
  readonly inputSchema: JsonObject;
  /** `repeatable` when the server says that it only reads or may be called twice; otherwise `once`. */
  readonly effects: Effects;
}

export type ToolsOutcome =
  | { readonly type: "tools"; readonly tools: readonly ToolInfo[] }
  | { readonly type: "failed"; readonly failure: Failure };

export interface ToolCall {
  /** The tool's name without its server. */
  readonly tool: string;
  readonly parameters: JsonObject;
  /** The task's idempotency key, the same for every attempt of it. */
  readonly key: string;
  /** Aborted on cancel and time-out; the call then settles within a second. */
  readonly signal: AbortSignal;
  /** Milliseconds this call may take; absent: until the signal says so. */
  readonly timeoutMs?: number;
  /** Told one short line when the tool says how far it is. */
  readonly progress?: (text: string) => void;
}

/** What a person who looks at the servers is told. `idle`: nothing has asked for it yet. */
export type ServerStatus =
  | { readonly status: "idle" }
  | { readonly status: "connecting" }
  | { readonly status: "connected"; readonly version?: string; readonly pid?: number }
  | { readonly status: "failed"; readonly failure: Failure };

export interface ToolServer extends Disposable {
  readonly name: string;
  readonly status: () => ServerStatus;
  /** Every tool of the server; connects first where that has not happened yet. Never rejects. */
  readonly tools: (signal?: AbortSignal) => Promise<ToolsOutcome>;
  /**
   * Calls a tool once. Resolves with `unknown` when the call may have run without an answer (connection lost,
   * time-out, cancel after it was sent). Never rejects.
   */
  readonly call: (call: ToolCall) => Promise<ActivityOutcome>;
  readonly dispose: () => Promise<void>;
}

export type Described =
  | { readonly type: "tool"; readonly server: string; readonly info: ToolInfo }
  | { readonly type: "failed"; readonly failure: Failure };

/** One server as a person or `doctor` looks at it. */
export interface ServerState {
  readonly name: string;
  /** `built-in`, or where it is configured, as `file:line:column`. */
  readonly origin: string;
  /** A built-in server of this name is not reachable. */
  readonly replacesBuiltIn: boolean;
  readonly status: ServerStatus;
}

export interface ToolServers extends Disposable {
  /** As the configuration is now, sorted. Starts nothing. */
  readonly names: () => Promise<readonly string[]>;
  /** The tools of the built-in servers that no configuration replaces, as `server.tool`. Starts nothing. */
  readonly builtInTools: () => Promise<readonly string[]>;
  /**
   * What stands behind `server.tool`; starts its server where need be. A name that is not known fails with the
   * closest one. Looks at the configuration anew, so that a mended file counts at once. Never rejects.
   */
  readonly describe: (tool: string, signal?: AbortSignal) => Promise<Described>;
  /** Calls `server.tool` once, without checking its parameters. Never rejects, our own faults aside. */
  readonly call: (tool: string, call: Omit<ToolCall, "tool">) => Promise<ActivityOutcome>;
  /**
   * Every tool by its full name, of the servers that answer; starts those that do not run yet, in a trusted workspace
   * only. Never rejects.
   */
  readonly catalogue: (signal: AbortSignal) => Promise<ReadonlyMap<string, ToolInfo>>;
  readonly states: () => readonly ServerState[];
  /** Starts every server that is not running yet, where the workspace is trusted, and says how each is. */
  readonly connectAll: (signal: AbortSignal) => Promise<readonly ServerState[]>;
  /** Problems of the configuration files, as they were last read. */
  readonly diagnostics: () => readonly FileDiagnostic[];
  readonly dispose: () => Promise<void>;
}
