/**
 * A bundle made ready to run: its texts compiled once, its bodies' fields known.
 * Owns a cache that changes nothing it answers. Knows no run.
 */
import { type Compiled, compileExpression, compileTemplate } from "../../expression/template.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import { eachStep } from "../../workflow/definition/eachStep.ts";
import type { Step } from "../../workflow/workflow.ts";

export interface Program {
  /** Text with `{{ }}` in it. */
  readonly template: (source: string) => Compiled;
  /** A field that is an expression as a whole. */
  readonly expression: (source: string) => Compiled;
  /** Null for every state field that these steps, or steps inside them, write. */
  readonly written: (steps: readonly Step[]) => JsonObject;
}

/** An empty program; it fills itself as texts are asked for, so one serves any number of runs. */
export function createProgram(): Program {
  const templates = new Map<string, Compiled>();
  const expressions = new Map<string, Compiled>();
  const fields = new WeakMap<readonly Step[], JsonObject>();
  return {
    template: (source) => remember(templates, source, compileTemplate),
    expression: (source) => remember(expressions, source, compileExpression),
    written: (steps) => {
      const known = fields.get(steps);
      if (known) return known;
      const found: Record<string, Json> = {};
      for (const step of eachStep(steps)) {
        if (step.output_to !== undefined) found[step.output_to] = null;
        if (step.kind === "set_state")
          for (const field of Object.keys(step.updates)) found[field] = null;
      }
      fields.set(steps, found);
      return found;
    },
  };
}

function remember(
  cache: Map<string, Compiled>,
  source: string,
  compile: (source: string) => Compiled,
): Compiled {
  const known = cache.get(source);
  if (known) return known;
  const compiled = compile(source);
  cache.set(source, compiled);
  return compiled;
}
