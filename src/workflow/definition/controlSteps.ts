/**
 * The steps that decide themselves what comes next: they hold, order or leave other steps, or set the state.
 * Owns their shapes only; nothing here reaches outside a run.
 */
import type { Json, JsonObject } from "../../util/json.ts";
import type { BodyRef, Step, StepBase } from "../workflow.ts";
import type { Supervision } from "./supervision.ts";

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
  /** Of the delegate steps inside that have none. */
  readonly supervise?: Supervision;
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

export interface ReturnStep extends StepBase {
  readonly kind: "return";
  readonly value?: Json;
}
