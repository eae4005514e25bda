/**
 * A workflow as plain data: what a file says after parsing, before anything runs.
 * Owns the shapes only. Everything here is JSON, so that a run can keep its own copy in its journal.
 * Templates stay text, and so do expressions, which always come as `{{ }}`; `expression` compiles them.
 * Durations are milliseconds, and defaults are filled in (`timeout` of shell and mcp_call among them).
 */
import type { Json, JsonObject } from "../util/json.ts";

export type InputType = "string" | "number" | "boolean" | "array" | "object";

export interface InputRules {
  readonly pattern?: string;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly enum?: readonly Json[];
  readonly min?: number;
  readonly max?: number;
  readonly min_items?: number;
  readonly max_items?: number;
  readonly item_type?: InputType;
  readonly required_keys?: readonly string[];
  readonly properties?: JsonObject;
}

export interface InputDefinition {
  readonly type: InputType;
  readonly required?: boolean;
  readonly default?: Json;
  readonly description?: string;
  readonly validation?: InputRules;
}

export type Inputs = Readonly<Record<string, InputDefinition>>;

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

interface StepBase {
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

export type PromptInput = "info" | "confirm" | "text" | "choice" | "form";

/** One field of a form; `default` may hold templates until it is asked. */
export interface FormField extends InputDefinition {
  readonly label?: string;
}

/** In the order in which they are asked. */
export type FormFields = Readonly<Record<string, FormField>>;

export interface PromptStep extends StepBase {
  readonly kind: "prompt";
  readonly message: string;
  readonly input: PromptInput;
  /** Choices: a list, or a template that gives one. */
  readonly options?: Json;
  readonly validation?: InputRules;
  readonly default?: Json;
  /** Of a form, and only there. */
  readonly fields?: FormFields;
  readonly on_timeout?: "escalate" | "fail";
}

export interface ApproveStep extends StepBase {
  readonly kind: "approve";
  /** Markdown template. */
  readonly plan: string;
  readonly title?: string;
  readonly allow: readonly ("edit" | "comment" | "partial")[];
  /** Who answers the next version, given plan and comments: an agent (`@name`) or steps. */
  readonly revise?: string | readonly Step[];
  readonly max_rounds: number;
  readonly on_reject?: readonly Step[];
}

export interface SetStateStep extends StepBase {
  readonly kind: "set_state";
  readonly updates: JsonObject;
}

export interface ConditionStep extends StepBase {
  readonly kind: "condition";
  readonly if: string;
  readonly then: readonly Step[];
  readonly else: readonly Step[];
}

/** When a group of items or branches is done, and what their failures mean for it. */
export type GroupMode = "all" | "continue" | "first_success" | { readonly quorum: number };

export interface ForeachStep extends StepBase {
  readonly kind: "foreach";
  readonly items: Json;
  /** Exactly one of `task` and `steps`. */
  readonly task?: BodyRef;
  readonly steps?: readonly Step[];
  readonly inputs?: JsonObject;
  readonly agent?: string;
  readonly sequential: boolean;
  readonly max_parallel: number;
  readonly mode: GroupMode;
  /** Expression over `item` that names an item for people. */
  readonly key?: string;
}

export interface Branch {
  readonly id: string;
  readonly steps: readonly Step[];
}

export interface ParallelStep extends StepBase {
  readonly kind: "parallel";
  readonly branches: readonly Branch[];
  readonly max_parallel: number;
  readonly mode: GroupMode;
}

export interface GraphStep extends StepBase {
  readonly kind: "graph";
  /** In any order: `depends_on` says what comes first. */
  readonly steps: readonly Step[];
  readonly max_parallel: number;
  /** It stands for the steps of a file: their results are those of the list that it stands in. */
  readonly unfolded?: true;
}

export interface WhileStep extends StepBase {
  readonly kind: "while";
  readonly condition: string;
  readonly steps: readonly Step[];
  /** Turns at most; absent: what the limits allow. */
  readonly max_iterations?: number;
}

/** Goes on at another step of its own list, or of one around it. */
export interface GotoStep extends StepBase {
  readonly kind: "goto";
  readonly target: string;
  /** Jumps at most; absent: what the limits allow. */
  readonly max_iterations?: number;
}

/** Leaves the `while` or sequential `foreach` around it. */
export interface BreakStep extends StepBase {
  readonly kind: "break";
}

/** Ends the turn of the `while`, or the item of the sequential `foreach`, around it. */
export interface ContinueStep extends StepBase {
  readonly kind: "continue";
}

export interface WorkflowStep extends StepBase {
  readonly kind: "workflow";
  readonly workflow: BodyRef;
  readonly inputs: JsonObject;
}

export interface DelegateStep extends StepBase {
  readonly kind: "delegate";
  readonly instructions: string;
  /** None: the agent of the foreach around it, else the default agent. */
  readonly agent?: string;
  readonly output_schema?: JsonObject;
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

export interface Gate {
  readonly name: string;
  readonly category?: string;
  /** An expression over `output`, `state`, `files`, a command, or a schema of the output. */
  readonly check: string | CommandCheck | SchemaCheck;
  readonly severity: "fail" | "warn";
}

export function isCommand(check: Gate["check"]): check is CommandCheck {
  return typeof check !== "string" && "command" in check;
}

export interface GateStep extends StepBase {
  readonly kind: "gate";
  readonly gates: readonly Gate[];
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

export interface ReturnStep extends StepBase {
  readonly kind: "return";
  readonly value?: Json;
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
  | GateStep
  | WaitStep
  | ReturnStep;

export type StepKind = Step["kind"];

/** The lists of steps directly inside a step, each with the segment it adds to a definition's address. */
export function innerLists(step: Step): readonly (readonly [string, readonly Step[]])[] {
  const lists: (readonly [string, readonly Step[]])[] = [];
  switch (step.kind) {
    case "condition":
      lists.push(["then", step.then], ["else", step.else]);
      break;
    case "foreach":
      if (step.steps) lists.push(["steps", step.steps]);
      break;
    case "while":
    case "graph":
      lists.push(["steps", step.steps]);
      break;
    case "parallel":
      for (const branch of step.branches) lists.push([branch.id, branch.steps]);
      break;
    case "approve":
      if (step.on_reject) lists.push(["on_reject", step.on_reject]);
      if (step.revise && typeof step.revise !== "string") lists.push(["revise", step.revise]);
      break;
    default:
      break;
  }
  if (Array.isArray(step.on_error)) lists.push(["on_error", step.on_error]);
  if (step.on_cancel) lists.push(["on_cancel", step.on_cancel]);
  return lists;
}

/** Every step of a list and of the lists inside it, outer before inner, in document order. */
export function* eachStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const [, inner] of innerLists(step)) yield* eachStep(inner);
  }
}
