/**
 * A breakpoint: the run, or one branch of it, waits for a decision. One shape for all of them.
 * Owns the form that every surface shows and the answers it takes; knows no surface.
 */
import type { Json } from "../../util/json.ts";
import type {
  FormFields,
  InputRules,
  PromptInput,
} from "../../workflow/definition/inputDefinition.ts";

export type BreakpointKind = "prompt" | "approval" | "stop" | "outcome";

/** What a person is asked; the same data in the terminal, the editor, an answers file and over MCP. */
export type Form =
  | {
      readonly kind: "prompt";
      readonly input: PromptInput;
      readonly message: string;
      readonly options?: readonly string[];
      readonly validation?: InputRules;
      readonly default?: Json;
      /** What a form asks for, rendered. */
      readonly fields?: FormFields;
    }
  | {
      readonly kind: "approval";
      readonly title: string;
      /** Markdown; the exact text that an approval is bound to. */
      readonly plan: string;
      /** From 1; goes up with every revision. */
      readonly version: number;
      readonly allow: readonly ("edit" | "comment" | "partial")[];
      /** True when asking for changes leads to another version. */
      readonly revisable: boolean;
    }
  | { readonly kind: "stop"; readonly message: string }
  | { readonly kind: "outcome"; readonly message: string; readonly options: readonly string[] };

export interface Comment {
  /** From 1, in the text that was shown. */
  readonly line: number;
  readonly text: string;
}

/**
 * An answer as the run keeps it, made from whatever a surface sent by `readAnswer`.
 * `plan` is the exact text approved, `hash` its hash.
 */
export type Answer =
  | { readonly kind: "prompt"; readonly value: Json }
  | {
      readonly kind: "approval";
      readonly decision: "approve";
      readonly plan: string;
      readonly hash: string;
      readonly edited: boolean;
      readonly dropped: number;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: "approval";
      readonly decision: "reject";
      readonly reason: string;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: "approval";
      readonly decision: "change";
      readonly comments: readonly Comment[];
    }
  | { readonly kind: "stop" }
  | { readonly kind: "outcome"; readonly selected: "retry" | "done" | "fail" };

/** An open breakpoint. `id` is `path@n`, n from 1 within the task; `hash` is of the text shown. */
export interface Breakpoint {
  readonly id: string;
  readonly path: string;
  readonly form: Form;
  readonly hash: string;
  readonly opened_at: number;
  /** When a prompt's own time-out ends it, in ms since the epoch. */
  readonly due?: number;
  readonly escalated?: boolean;
}

/** The text whose hash an answer is bound to. */
export function shownText(form: Form): string {
  switch (form.kind) {
    case "approval":
      return form.plan;
    case "prompt":
      return JSON.stringify([
        form.message,
        form.options ?? null,
        ...(form.fields ? [Object.entries(form.fields)] : []),
      ]);
    case "stop":
    case "outcome":
      return form.message;
  }
}
