/**
 * The steps that ask a person. Owns their shapes only, not how a question is drawn.
 */

import type { Json } from "../../util/json.ts";
import type { Step, StepBase } from "../workflow.ts";
import type { FormFields, InputRules, PromptInput } from "./inputDefinition.ts";

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
