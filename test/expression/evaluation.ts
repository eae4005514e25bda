/** What the tests of expressions share: a context, and one call from a source to its value or its error. */
import {
  compileTemplate,
  type EvalContext,
  type ExpressionError,
  type RenderOptions,
  renderTemplate,
} from "../../src/expression/template.ts";
import type { Json } from "../../src/util/json.ts";

/** 2024-02-29T13:04:05.678Z */
export const AT = Date.UTC(2024, 1, 29, 13, 4, 5, 678);

/** A strict context with these roots; other fields may be replaced. */
export function contextOf(
  roots: EvalContext["roots"] = {},
  more: Partial<EvalContext> = {},
): EvalContext {
  return { roots, at: AT, random: () => 0.5, env: () => undefined, lenient: false, ...more };
}

/** The value of a source; throws when it cannot be compiled or evaluated. */
export function rendered(
  source: string,
  context: EvalContext = contextOf(),
  options: RenderOptions = {},
): Json | undefined {
  const compiled = compileTemplate(source);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.error.message}`);
  const result = renderTemplate(compiled.template, context, options);
  if (!result.ok) throw new Error(`${source}: ${result.error.message}`);
  return result.value;
}

/** The error of a source, from compiling or evaluating it; throws when there is none. */
export function errorOf(source: string, context: EvalContext = contextOf()): ExpressionError {
  const compiled = compileTemplate(source);
  if (!compiled.ok) return compiled.error;
  const result = renderTemplate(compiled.template, context);
  if (result.ok)
    throw new Error(`${source} came to ${JSON.stringify(result.value)?.slice(0, 200)}`);
  return result.error;
}

/** The part of a source that an error points at. */
export function pointedAt(source: string, context: EvalContext = contextOf()): string {
  const { start, end } = errorOf(source, context);
  return source.slice(start, end);
}
