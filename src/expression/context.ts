/**
 * What an evaluation is given and what it answers.
 * Owns these shapes only; everything outside the expression language meets it through them.
 */
import type { Json } from "../util/json.ts";
import type { Budget } from "./budget.ts";
import type { ExpressionError } from "./error.ts";

/** A function the host adds for one evaluation; its name must also be given when compiling. */
export type HostFunction = (
  args: readonly Json[],
  named: { readonly [name: string]: Json },
) => Json;

export interface EvalContext {
  /** What names stand for: `state`, `inputs`, `item`, ... Never copied, converted or changed. */
  readonly roots: { readonly [name: string]: Json };
  /** What `now()` says, in milliseconds since 1970 UTC. */
  readonly at: number;
  /** The next number in [0, 1), for `uuid()`, `random()` and `| random`; see `seededRandom`. */
  readonly random: () => number;
  /** The value of an environment variable, when the user allowed its name. */
  readonly env: (name: string) => string | undefined;
  /** The legacy dialect: a member of something missing is null, an unknown name undefined. */
  readonly lenient: boolean;
  readonly budget?: Budget;
  readonly functions?: { readonly [name: string]: HostFunction };
}

/** `value` is undefined when the expression reads a field that is missing. */
export type EvalResult =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly error: ExpressionError };

/**
 * How a printed value is written right after `before`, everything printed so far; undefined refuses it there.
 */
export type Escape = (text: string, before: string) => string | undefined;

export interface RenderOptions {
  /**
   * Applied to every value printed by `{{ }}`, never to the text around it: how values are quoted in a shell command.
   * With it the result is always text.
   */
  readonly escape?: Escape;
}
