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
import type { EscalationAnswer, EscalationForm } from "./escalation.ts";

export type BreakpointKind = Form["kind"];

/** What agents offer to a person of whom they ask permission; the words of the Agent Client Protocol. */
export const PERMISSION_KINDS = [
  "allow_once",
  "allow_always",
  "reject_once",
  "reject_always",
] as const;
export type PermissionKind = (typeof PERMISSION_KINDS)[number];

/** One thing that may be said to an agent; `id` is the agent's own name of it. */
export interface PermissionOption {
  readonly id: string;
  readonly label: string;
  readonly kind: PermissionKind;
}

/** An agent asks in the middle of an attempt. */
export interface PermissionForm {
  readonly kind: "permission";
  /** What it wants to do, in full: an answer that allows it is bound to this text. */
  readonly message: string;
  /** At least one. */
  readonly options: readonly PermissionOption[];
}

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
  | {
      readonly kind: "stop";
      readonly message: string;
      /** The session of debugging that it belongs to, why it stopped, and the place that it had set. */
      readonly session?: string;
      readonly why?: "breakpoint" | "step";
      readonly place?: string;
    }
  | { readonly kind: "outcome"; readonly message: string; readonly options: readonly string[] }
  | PermissionForm
  | EscalationForm;

export interface Comment {
  /** From 1, in the text that was shown. */
  readonly line: number;
  /** The last line, when the comment is about several. */
  readonly end_line?: number;
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
  | { readonly kind: "outcome"; readonly selected: "retry" | "done" | "fail" }
  | PermissionAnswer
  | EscalationAnswer;

/** `dismiss` takes the request back without a yes or no: the agent is told that it was cancelled. */
export type PermissionAnswer =
  | {
      readonly kind: "permission";
      readonly decision: PermissionKind;
      /** The agent's name of what was chosen. */
      readonly option: string;
    }
  | { readonly kind: "permission"; readonly decision: "dismiss" };

/** An open breakpoint. `id` is `path@n`, n from 1 within the task, or `path@attempt.n` where an attempt asks; `hash` is of the text shown. */
export interface Breakpoint {
  readonly id: string;
  readonly path: string;
  readonly form: Form;
  readonly hash: string;
  readonly opened_at: number;
  /** When a prompt's own time-out ends it, in ms since the epoch. */
  readonly due?: number;
  readonly escalated?: boolean;
  /** The performer's number of a question that a running attempt asks. */
  readonly question?: number;
  /** Who has taken it on. */
  readonly claimed_by?: string;
}

/** True for an answer that lets something happen: it must name what was on screen. */
export function approves(answer: Answer): boolean {
  if (answer.kind === "approval" || answer.kind === "escalation")
    return answer.decision === "approve";
  return answer.kind === "permission" && answer.decision.startsWith("allow");
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
    case "escalation":
      return form.message;
    case "permission":
      return JSON.stringify([form.message, form.options.map(({ kind, label }) => [kind, label])]);
  }
}
