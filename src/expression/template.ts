/**
 * The front door of the expression language: compile a source once, evaluate it as often as needed.
 * Owns what counts as one typed expression and what as text; knows nothing of steps or runs.
 */
import type { Json } from "../util/json.ts";
import { check } from "./check/check.ts";
import type { EvalContext, EvalResult, RenderOptions } from "./context.ts";
import { type ExpressionError, Fault } from "./error.ts";
import { callByName } from "./evaluate/call.ts";
import { evaluate } from "./evaluate/evaluate.ts";
import { toJson } from "./evaluate/leave.ts";
import { renderBody } from "./evaluate/render.ts";
import { innerScope } from "./evaluate/scope.ts";
import type { Body, Expression } from "./node.ts";
import { Runtime } from "./runtime.ts";
import { lexBareExpression, lexTemplate } from "./syntax/lexTemplate.ts";
import { parseTemplate, parseWhole } from "./syntax/parseTemplate.ts";
import type { Cursor } from "./syntax/token.ts";
import { isTrueData } from "./values/truth.ts";
import { Special } from "./values/value.ts";

export type { EvalContext, EvalResult, RenderOptions } from "./context.ts";
export type { ExpressionError } from "./error.ts";

/** Plain data; may be kept for as long as the source is. */
export interface Template {
  readonly source: string;
  /** True when the source, trimmed, is one `{{ expression }}` (or a bare expression): its value keeps its type. */
  readonly isSingle: boolean;
  readonly body: Body;
}

export type Compiled =
  | { readonly ok: true; readonly template: Template }
  | {
      readonly ok: false;
      /** The first of `errors`. */
      readonly error: ExpressionError;
      /** Everything that is wrong, in source order. */
      readonly errors: readonly ExpressionError[];
      /** What could be read although a call in it cannot work: for what it refers to, never to be evaluated. */
      readonly draft?: Template;
    };

export interface CompileOptions {
  /** Names of functions that the host adds through `EvalContext.functions`. */
  readonly functions?: readonly string[];
}

/** A place inside a structure: keys and list indexes from the outside in. */
export type ValuePath = readonly (string | number)[];

export type RenderedValue =
  | { readonly ok: true; readonly value: Json | undefined }
  | {
      readonly ok: false;
      readonly error: ExpressionError;
      /** Where in the structure the offending string stands, and its text. */
      readonly path: ValuePath;
      readonly source: string;
    };

/** Compiles text with `{{ }}`, `{% %}` and `{# #}` in it. Offsets in the result and in errors are into `source`. */
export function compileTemplate(source: string, options: CompileOptions = {}): Compiled {
  return compiled(source, options, () => {
    const cursor: Cursor = { source, tokens: lexTemplate(source), position: 0, depth: 0 };
    return parseTemplate(cursor);
  });
}

/** Compiles the whole of a field that is an expression: bare (`state.x > 3`) or as one `{{ state.x > 3 }}`. */
export function compileExpression(source: string, options: CompileOptions = {}): Compiled {
  if (!/\{[{%#]/.test(source)) return compileBare(source, options);
  const bare = compileBare(source, options);
  if (bare.ok) return bare;
  const template = compileTemplate(source, options);
  if (!template.ok || template.template.isSingle) return template;
  const message =
    "Expected one expression. Write it bare (`state.x > 3`) or as exactly one `{{ state.x > 3 }}`.";
  return failed(new Fault("syntax", message).at({ start: 0, end: source.length }));
}

/** Evaluates a compiled template: the typed value of a single expression, otherwise text. Never throws for bad data. */
export function renderTemplate(
  template: Template,
  context: EvalContext,
  options: RenderOptions = {},
): EvalResult {
  const rt = new Runtime(context, callByName);
  try {
    const [only] = template.body.filter(({ kind }) => kind === "print");
    if (template.isSingle && only?.kind === "print" && options.escape === undefined) {
      return { ok: true, value: single(rt, only.expression) };
    }
    const chunks: string[] = [];
    const output = { chunks, escape: options.escape };
    renderBody(rt, innerScope(undefined), template.body, output);
    return { ok: true, value: chunks.join("") };
  } catch (error) {
    return { ok: false, error: toError(error, template) };
  }
}

/**
 * Renders every string with a template in it inside a structure, however deep; keys stay as they are. A string that comes to undefined is
 * null inside a structure and undefined at its top.
 */
export function renderValue(
  value: Json,
  context: EvalContext,
  compile: (source: string) => Compiled = compileTemplate,
  options: RenderOptions = {},
): RenderedValue {
  if (typeof value === "string") return renderString(value, context, compile, options);
  if (typeof value !== "object" || value === null) return { ok: true, value };
  const rendered: [string, Json][] = [];
  const isList = Array.isArray(value);
  for (const [key, part] of Object.entries(value)) {
    const inner = renderValue(part, context, compile, options);
    if (!inner.ok) return { ...inner, path: [isList ? Number(key) : key, ...inner.path] };
    rendered.push([key, inner.value ?? null]);
  }
  const result = isList ? rendered.map(([, part]) => part) : Object.fromEntries(rendered);
  return { ok: true, value: result };
}

/** Jinja's truth: undefined, null, false, zero, and empty text, lists and objects are false. */
export function isTruthy(value: Json | undefined): boolean {
  return isTrueData(value);
}

function compiled(source: string, options: CompileOptions, parse: () => Body): Compiled {
  try {
    if (source.length > MAX_SOURCE) {
      const message = `The text has more than ${MAX_SOURCE} characters. Keep long text in a file.`;
      throw new Fault("limit", message).at({ start: 0, end: source.length });
    }
    const body = parse();
    const template = { source, isSingle: isSingle(source, body), body };
    const [first, ...others] = check(body, options.functions ?? []);
    if (first === undefined) return { ok: true, template };
    const errors = [first, ...others].map((fault) => fault.toError());
    return { ok: false, error: first.toError(), errors, draft: template };
  } catch (error) {
    if (error instanceof Fault) return failed(error);
    throw error;
  }
}

const MAX_SOURCE = 1_000_000;

function compileBare(source: string, options: CompileOptions): Compiled {
  const result = compiled(source, options, () => {
    const tokens = lexBareExpression(source);
    if (tokens.length === 1) {
      throw new Fault("syntax", "The expression is empty.").at({ start: 0, end: source.length });
    }
    const expression = parseWhole({ source, tokens, position: 0, depth: 0 });
    return [{ kind: "print", expression, start: 0, end: source.length }];
  });
  return result.ok ? { ok: true, template: { ...result.template, isSingle: true } } : result;
}

function failed(fault: Fault): Compiled {
  const error = fault.toError();
  return { ok: false, error, errors: [error] };
}

/** One `{{ }}` and nothing around it but white space. */
function isSingle(source: string, body: Body): boolean {
  const [only] = body.filter(({ kind }) => kind !== "text");
  if (only?.kind !== "print") return false;
  const around = source.slice(0, only.start) + source.slice(only.end);
  return around.trim() === "";
}

/** What is read straight from the context leaves as it is; only new data is looked through. */
function single(rt: Runtime, expression: Expression): Json | undefined {
  const value = evaluate(rt, undefined, expression);
  if (isRead(expression)) {
    const read: unknown = value;
    if (!(read instanceof Special)) return read as Json | undefined;
  }
  try {
    return toJson(rt, value);
  } catch (error) {
    throw error instanceof Fault ? error.at(expression) : error;
  }
}

function isRead(node: Expression): boolean {
  if (node.kind === "name") return true;
  return (node.kind === "member" || node.kind === "index") && isRead(node.object);
}

function renderString(
  source: string,
  context: EvalContext,
  compile: (source: string) => Compiled,
  options: RenderOptions,
): RenderedValue {
  // Plain text is no template: a file's content keeps its last line end, which a template's text loses.
  if (!/\{[{%#]/.test(source)) return { ok: true, value: source };
  const result = compile(source);
  if (!result.ok) return { ok: false, error: result.error, path: [], source };
  const rendered = renderTemplate(result.template, context, options);
  return rendered.ok ? rendered : { ok: false, error: rendered.error, path: [], source };
}

function toError(error: unknown, template: Template): ExpressionError {
  const whole = { start: 0, end: template.source.length };
  if (error instanceof Fault) return error.at(whole).toError();
  // The engine's own limits, should a budget ever let something through: still an error of the data.
  if (error instanceof RangeError) {
    return new Fault("limit", `This needs too much memory (${error.message}).`).at(whole).toError();
  }
  throw error;
}
