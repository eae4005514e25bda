/** One thing that may be written at a place, and what every kind of place has in hand to find it. */
import type { Workflow } from "../../workflow/workflow.ts";
import type { World } from "../world.ts";
import type { Cursor } from "./cursor.ts";

export type CompletionKind =
  | ("key" | "value" | "type" | "step" | "field" | "input" | "agent" | "tool" | "task" | "worker")
  | ("phase" | "filter" | "test" | "function" | "method" | "name" | "keyword" | "parameter");

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** One line, or empty. */
  readonly detail: string;
  readonly doc: string;
  /** Replaces the text from `start` to `end`. */
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  /** Sorts before others: what is required. */
  readonly first?: true;
}

/** What every kind of place has in hand. */
export interface Asked {
  readonly cursor: Cursor;
  readonly workflow: Workflow | undefined;
  readonly world: World;
}
