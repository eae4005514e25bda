/**
 * A workflow as plain data: what a file says after parsing, before anything runs.
 * Owns the shapes only; those of each kind of step are in `definition`. Everything here is JSON, so that a run can keep
 * its own copy in its journal. Templates stay text, and so do expressions, which always come as `{{ }}`; `expression`
 * compiles them. Durations are milliseconds, and defaults are filled in (`timeout` of shell and mcp_call among them).
 */
import type { JsonObject } from "../util/json.ts";
import type {
  DelegateStep,
  GateStep,
  McpCallStep,
  ShellStep,
  WaitStep,
} from "./definition/activitySteps.ts";
import type { HttpStep, WorkerCallStep } from "./definition/callSteps.ts";
import type {
  BreakStep,
  ConditionStep,
  ContinueStep,
  ForeachStep,
  GotoStep,
  GraphStep,
  ParallelStep,
  ReturnStep,
  SetStateStep,
  WhileStep,
  WorkflowStep,
} from "./definition/controlSteps.ts";
import type { Gate } from "./definition/gate.ts";
import type { Inputs } from "./definition/inputDefinition.ts";
import type { ApproveStep, PromptStep } from "./definition/personSteps.ts";
import type { PlanStep } from "./definition/planStep.ts";

/** A sub-task of a file, or the main body of a workflow: what runs in a state of its own. */
export interface TaskDefinition {
  readonly inputs: Inputs;
  readonly initial_state: JsonObject;
  readonly steps: readonly Step[];
}

export interface Limits {
  /** Milliseconds, as every duration after parsing. */
  readonly timeout?: number;
  readonly max_steps?: number;
  readonly max_iterations?: number;
  readonly max_parallel?: number;
  readonly max_depth?: number;
  readonly max_calls?: number;
  readonly max_state_bytes?: number;
  readonly tokens?: number;
  readonly cost_usd?: number;
  /** What happens when more tokens or money are spent: the run is ended (as without it), or it is recorded. */
  readonly budget_mode?: "audit" | "enforce";
}

/** How the top-level steps of a file are run. */
export interface Execution {
  readonly mode: "sequential" | "parallel" | "dependency-driven";
  /** Steps at once. */
  readonly parallel_limit?: number;
  /** Milliseconds for the run. */
  readonly timeout?: number;
}

export interface Workflow extends TaskDefinition {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly tasks: Readonly<Record<string, TaskDefinition>>;
  readonly agents: Readonly<Record<string, JsonObject>>;
  readonly phases: Readonly<
    Record<string, { readonly title?: string; readonly estimate?: number }>
  >;
  readonly limits: Limits;
  /** As written; in a bundle the steps are unfolded by it already. */
  readonly execution?: Execution;
  /** Expressions over `run` at its end; the record says which hold. */
  readonly success_criteria?: readonly string[];
  /** What a failed run does with what it had done: keeps it for a retry, or undoes it as a cancel does. */
  readonly on_failure?: "keep" | "compensate";
  /** False for the legacy dialect: undeclared reads give the value, members of something missing are null. */
  readonly strict: boolean;
  readonly metadata: JsonObject;
}

/**
 * Everything one run needs of its definitions. Keys of `workflows` are what `workflow:` and `task:` steps carry
 * after resolution (`WorkflowRef`); `main` is one of them.
 */
export interface Bundle {
  readonly main: string;
  readonly workflows: Readonly<Record<string, Workflow>>;
}

/**
 * Where a `task:` or `workflow:` leads: a task of the same file, or the main body of another workflow of the
 * bundle. The loader fills it in; a parsed but unlinked file has `workflow: ""` and the name as written.
 */
export interface BodyRef {
  /** As written in the file. */
  readonly name: string;
  /** Key in `Bundle.workflows`; "" until linked. */
  readonly workflow: string;
  /** Name in that workflow's `tasks`; absent for its main body. */
  readonly task?: string;
}

export type Backoff = "fixed" | "linear" | "exponential";

export interface RetryPolicy {
  readonly max_attempts: number;
  readonly backoff: Backoff;
  /** Milliseconds before the second attempt. */
  readonly delay: number;
  readonly max_delay?: number;
  /** 0..1: the share of a delay that is drawn at random. */
  readonly jitter?: number;
  readonly retry_on?: readonly string[];
  readonly non_retryable?: readonly string[];
}

export type ErrorHandling = "fail" | "continue" | readonly Step[];

export interface StepBase {
  readonly id: string;
  readonly name?: string;
  readonly phase?: string;
  /** Expression; the step is skipped unless it is true. */
  readonly when?: string;
  /** Absent: all. `["*"]`: all. */
  readonly needs_state?: readonly string[];
  readonly output_to?: string;
  readonly effects?: "repeatable" | "once";
  /** Milliseconds for one attempt. */
  readonly timeout?: number;
  /** Milliseconds without a word from an attempt. */
  readonly idle_timeout?: number;
  /** Milliseconds for the task, all its attempts included. */
  readonly total_timeout?: number;
  /** In a graph: the steps that must have ended first, by id. */
  readonly depends_on?: readonly string[];
  /** In a graph: milliseconds that it may wait for them, from the graph's beginning. */
  readonly blocked_timeout?: number;
  readonly retry?: RetryPolicy;
  readonly on_error?: ErrorHandling;
  /** Undo the step when the run is cancelled after it. */
  readonly on_cancel?: readonly Step[];
  readonly estimate?: number;
  readonly breakpoint?: "before" | "after";
  /** Over its output. */
  readonly gates?: readonly Gate[];
  /** True: a failed gate fails the step. */
  readonly enforce?: boolean;
}

export type Step =
  | PromptStep
  | ApproveStep
  | SetStateStep
  | ConditionStep
  | ForeachStep
  | ParallelStep
  | GraphStep
  | WhileStep
  | GotoStep
  | BreakStep
  | ContinueStep
  | WorkflowStep
  | DelegateStep
  | McpCallStep
  | ShellStep
  | HttpStep
  | WorkerCallStep
  | PlanStep
  | GateStep
  | WaitStep
  | ReturnStep;

export type StepKind = Step["kind"];
