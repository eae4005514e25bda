/**
 * How a filter, test, function or method is declared, and how a call's arguments meet its parameters.
 * Owns signatures: the same line documents a callable, checks calls to it, and binds their arguments.
 */
import { closest, didYouMean, Fault } from "./error.ts";
import type { Runtime } from "./runtime.ts";
import type { Value } from "./values/value.ts";

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
}

/** Arguments beyond the named parameters, for callables declared with `*args` or `**named`. */
export interface Extra {
  readonly rest: readonly Value[];
  readonly named: readonly (readonly [string, Value])[];
}

/** `args` follow the parameters; an argument that was not given is undefined. */
export type Run = (rt: Runtime, input: Value, args: readonly Value[], extra: Extra) => Value;

export interface Definition {
  readonly name: string;
  readonly signature: string;
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  readonly takesRest: boolean;
  readonly takesNamed: boolean;
  readonly run: Run;
}

export type Table = ReadonlyMap<string, Definition>;

/** Declares a callable by its signature, e.g. `truncate(length=255, end='...')`, and one line of documentation. */
export function define(signature: string, doc: string, run: Run): Definition {
  const open = signature.indexOf("(");
  const name = open < 0 ? signature : signature.slice(0, open);
  const parts = open < 0 ? [] : signature.slice(open + 1, -1).split(", ");
  const plain = parts.filter((part) => part !== "" && !part.startsWith("*"));
  const parameters = plain.map((part) => {
    const [parameter = part, standard] = part.split("=");
    return { name: parameter, required: standard === undefined };
  });
  const takesNamed = parts.some((part) => part.startsWith("**"));
  const takesRest = parts.some((part) => /^\*[^*]/.test(part));
  return { name, signature, doc, parameters, takesRest, takesNamed, run };
}

/** The same callable under another name. */
export function alias(name: string, of: Definition): Definition {
  const signature = name + of.signature.slice(of.name.length);
  return { ...of, name, signature, doc: `Same as ${of.name}. ${of.doc}` };
}

/** A table by name. */
export function tableOf(definitions: readonly Definition[]): Table {
  return new Map(definitions.map((definition) => [definition.name, definition]));
}

const NO_EXTRA: Extra = { rest: [], named: [] };

/** Runs a callable on arguments as they were given; a call that does not fit the signature is an error. */
export function invoke(
  definition: Definition,
  rt: Runtime,
  input: Value,
  positional: readonly Value[],
  named: readonly (readonly [string, Value])[],
): Value {
  const problem = mismatch(
    definition,
    positional.length,
    named.map(([name]) => name),
  );
  if (problem !== undefined) throw problem.fault;
  const { parameters } = definition;
  if (named.length === 0 && positional.length <= parameters.length) {
    return definition.run(rt, input, positional, NO_EXTRA);
  }
  const args = positional.slice(0, parameters.length);
  const extraNamed = named.filter(([name, value]) => {
    const index = parameters.findIndex((parameter) => parameter.name === name);
    if (index >= 0) args[index] = value;
    return index < 0;
  });
  const rest = positional.slice(parameters.length);
  return definition.run(rt, input, args, { rest, named: extraNamed });
}

/** What is wrong with a call's arguments, and with which of them; with none when one is missing. */
export interface Mismatch {
  readonly fault: Fault;
  /** The first argument by place that is too many. */
  readonly place?: number;
  /** The argument by name that is unknown, or given twice. */
  readonly name?: string;
}

/** What is wrong with a call of so many positional arguments and these named ones, if anything. */
export function mismatch(
  definition: Definition,
  positional: number,
  named: readonly string[],
): Mismatch | undefined {
  const { name, signature, parameters, takesRest, takesNamed } = definition;
  const fault = (message: string, suggestion?: string) =>
    new Fault("arguments", `${message}: \`${signature}\`.${didYouMean(suggestion)}`, suggestion);
  if (positional > parameters.length && !takesRest) {
    const most = parameters.length === 0 ? "no arguments" : `at most ${parameters.length}`;
    return { fault: fault(`\`${name}\` takes ${most}`), place: parameters.length };
  }
  for (const given of named) {
    const index = parameters.findIndex((parameter) => parameter.name === given);
    if (index >= 0 && index < positional) {
      return { fault: fault(`\`${given}\` is given twice`), name: given };
    }
    if (index >= 0 || takesNamed) continue;
    const suggestion = closest(
      given,
      parameters.map((parameter) => parameter.name),
    );
    return { fault: fault(`\`${name}\` has no argument \`${given}\``, suggestion), name: given };
  }
  const missing = parameters.find(
    (parameter, index) =>
      parameter.required && index >= positional && !named.includes(parameter.name),
  );
  if (missing === undefined) return undefined;
  return { fault: fault(`\`${name}\` needs \`${missing.name}\``) };
}
