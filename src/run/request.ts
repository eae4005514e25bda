/**
 * What an attempt is asked to do: the rendered inputs of a task with an outside effect, as they stand in the journal.
 * Owns the shapes only; performers read them, `decide` writes them.
 */
import type { Json, JsonObject } from "../util/json.ts";
import type { HttpExpectation, HttpMethod } from "../workflow/definition/callSteps.ts";
import type { Failure } from "./failure.ts";

/**
 * Whether an attempt whose outcome is unknown may simply be made again (`repeatable`) or needs a person's word
 * first (`once`). See DESIGN promise 2.
 */
export type Effects = "repeatable" | "once";

export interface AgentRequest {
  readonly activity: "agent";
  /** Key in the run's `agents`. */
  readonly agent: string;
  readonly instructions: string;
  readonly output_schema?: JsonObject;
  /** Of a `plan`: what its agent is to reach, as it was rendered. */
  readonly goal?: string;
  /** What the last attempt got wrong, for the next one to mend. */
  readonly correction?: string;
  readonly context?: ContextRequest;
  /** Where it works, absolute; absent: in the workspace. */
  readonly folder?: string;
  /** With `context.history`: what came of the attempts before this one. */
  readonly tried?: readonly Tried[];
  /** It is supervised: its work is watched, and the files named here are looked at whether it touches them or not. */
  readonly watch?: {
    /** The task as it was put, before anything was added to it. */
    readonly task: string;
    readonly files: readonly string[];
  };
}

/** What an agent is given beside its instructions. Files are read when it is asked. */
export interface ContextRequest {
  /** Paths and globs of the workspace. */
  readonly files: readonly string[];
  readonly texts: readonly { readonly name: string; readonly text: string }[];
  readonly tokens?: number;
  readonly compress: boolean;
}

/** An attempt that came to nothing. */
export interface Tried {
  readonly attempt: number;
  readonly message: string;
  /** What was answered, in short, where there was an answer. */
  readonly said?: string;
}

export interface ToolRequest {
  readonly activity: "tool";
  /** `server.tool` */
  readonly tool: string;
  readonly parameters: JsonObject;
}

/** A text, or its pieces where some of them are secrets: only the performer knows their values. */
export type SecretText = string | readonly (string | { readonly secret: string })[];

export interface ShellRequest {
  readonly activity: "shell";
  /** A list runs as it is; a string goes through the shell (its template values are quoted already). */
  readonly command: string | readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, SecretText>>;
}

/** One gate of a gate step whose check is a command; expression gates are decided without a performer. */
export interface GateCommand {
  readonly name: string;
  readonly command: string | readonly string[];
  /** Longest time in ms; one that takes longer has not passed. Absent (older runs): the attempt's own counts. */
  readonly timeout?: number;
}

/** One gate whose check is an agent's word. */
export interface GateQuestion {
  readonly name: string;
  readonly agent: string;
  readonly instructions: string;
  readonly output_schema: JsonObject;
  /** Longest time in ms; absent: as much as it takes. */
  readonly timeout?: number;
}

export interface GateRequest {
  readonly activity: "gate";
  readonly commands: readonly GateCommand[];
  /** What agents are asked, each on its own; absent: none. */
  readonly questions?: readonly GateQuestion[];
  /** Where all of that happens, absolute; absent: in the workspace. */
  readonly folder?: string;
}

export interface HttpRequest {
  readonly activity: "http";
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers?: Readonly<Record<string, SecretText>>;
  /** A text goes as it is, anything else as JSON. */
  readonly body?: Json;
  readonly expect?: HttpExpectation;
  /** As a worker's. */
  readonly round?: number;
}

export interface WorkerRequest {
  readonly activity: "worker";
  /** A name of the settings, or an address. */
  readonly worker: string;
  readonly operation: string;
  readonly parameters: JsonObject;
  readonly headers?: Readonly<Record<string, SecretText>>;
  readonly priority?: number;
  /** What the worker may take, as it is told; the run's own clock is the attempt's deadline. */
  readonly timeout_seconds?: number;
  /** What a person, or gates, said of an answer that was not good enough. */
  readonly guidance?: string;
  /** From 2 on: how often it was asked anew after an answer that was not. */
  readonly round?: number;
}

export type ActivityRequest =
  | AgentRequest
  | ToolRequest
  | ShellRequest
  | GateRequest
  | HttpRequest
  | WorkerRequest;

/** Tokens and money of one attempt. `estimated` when the provider did not say and we counted ourselves. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd?: number;
  readonly estimated?: boolean;
}

/** What became of the context of one attempt. Tokens are estimated: as given, and as it was. */
export interface ContextUse {
  readonly tokens: number;
  readonly whole: number;
  readonly parts: readonly {
    readonly name: string;
    readonly tokens: number;
    readonly whole: number;
  }[];
  /** Names of what there was no room for. */
  readonly left_out?: readonly string[];
}

/** What an attempt came to, as its performer reports it. `unknown`: the effect may or may not have happened. */
export type ActivityOutcome =
  | ({ readonly type: "completed"; readonly result: Json } & Spent)
  | ({ readonly type: "failed"; readonly failure: Failure } & Spent)
  | { readonly type: "unknown"; readonly failure: Failure };

interface Spent {
  readonly usage?: Usage;
  readonly context?: ContextUse;
}
