/**
 * One evaluation's state: what it was given and what is left of its budget.
 * Owns charging; every loop over data in this folder pays here before it works.
 */
import type { RE2JS } from "re2js";
import { DEFAULT_BUDGET } from "./budget.ts";
import type { EvalContext } from "./context.ts";
import { Fault } from "./error.ts";
import type { Value } from "./values/value.ts";

/** Calls a filter or test by a name that is only known now, as `map("upper")` needs it. */
export type CallByName = (
  rt: Runtime,
  kind: "filter" | "test",
  name: string,
  input: Value,
  positional: readonly Value[],
  named: readonly (readonly [string, Value])[],
) => Value;

export class Runtime {
  readonly context: EvalContext;
  readonly callByName: CallByName;
  /** Compiled patterns of this evaluation, so that a loop compiles each once. */
  readonly patterns = new Map<string, RE2JS>();
  /** Whether an object has a field, once asked: an object does not change during an evaluation. */
  readonly #filled = new Map<object, boolean>();
  readonly #maxDepth: number;
  #steps: number;
  #bytes: number;
  #depth = 0;

  constructor(context: EvalContext, callByName: CallByName) {
    const budget = context.budget ?? DEFAULT_BUDGET;
    this.context = context;
    this.callByName = callByName;
    this.#steps = budget.steps;
    this.#bytes = budget.bytes;
    this.#maxDepth = budget.depth;
  }

  /** Pays for work: one unit a node or element. */
  work(units: number): void {
    this.#steps -= units;
    if (this.#steps < 0) {
      const message = "This takes too many steps. Work on less data, or move the work to a step.";
      throw new Fault("limit", message);
    }
  }

  /** Pays for looking at this many characters. */
  scan(characters: number): void {
    this.work(1 + characters / 32);
  }

  /** Pays for new text of this many characters: the work and the memory. */
  text(characters: number): void {
    this.work(1 + characters / 32);
    this.#take(2 * characters);
  }

  /** Pays for a new list or object of this many elements: the work and the memory. */
  list(elements: number): void {
    this.work(1 + elements);
    this.#take(16 * elements + 16);
  }

  /** Whether an object has any field. */
  hasFields(dict: object): boolean {
    const known = this.#filled.get(dict);
    if (known !== undefined) return known;
    const fields = Object.keys(dict).length;
    this.work(1 + fields / 2);
    this.#filled.set(dict, fields > 0);
    return fields > 0;
  }

  /** Runs `visit` one level deeper inside nested data. */
  inside<T>(visit: () => T): T {
    if (this.#depth >= this.#maxDepth) {
      const message = `The data is nested more than ${this.#maxDepth} deep. Use a part of it.`;
      throw new Fault("limit", message);
    }
    this.#depth++;
    const result = visit();
    this.#depth--;
    return result;
  }

  #take(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) {
      throw new Fault(
        "limit",
        "This builds too much data. Use a part of it, or keep it in a file.",
      );
    }
  }
}
