/**
 * Which names stand for what: locals of for, set and with, then the roots of the context.
 * Owns lookup and its error; never lists or copies a root.
 */
import { closest, didYouMean, Fault } from "../error.ts";
import { FUNCTIONS } from "../functions/table.ts";
import type { Runtime } from "../runtime.ts";
import type { Value } from "../values/value.ts";

export interface Scope {
  readonly locals: Map<string, Value>;
  readonly outer: Scope | undefined;
}

/** A scope inside another; undefined stands for no locals at all. */
export function innerScope(outer: Scope | undefined): Scope {
  return { locals: new Map(), outer };
}

/** True when a local of this name hides roots and functions. */
export function isLocal(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.locals.has(name)) return true;
  return false;
}

/** What a name stands for; an unknown one is undefined if `loose` or lenient, otherwise an error. */
export function lookUp(rt: Runtime, scope: Scope | undefined, name: string, loose: boolean): Value {
  for (let at = scope; at !== undefined; at = at.outer) {
    const value = at.locals.get(name);
    if (value !== undefined || at.locals.has(name)) return value;
  }
  const { roots, lenient } = rt.context;
  if (Object.hasOwn(roots, name)) return roots[name];
  if (loose || lenient) return undefined;
  throw unknownName(rt, scope, name);
}

function unknownName(rt: Runtime, scope: Scope | undefined, name: string): Fault {
  if (FUNCTIONS.has(name)) {
    return new Fault(
      "unknown_name",
      `\`${name}\` is a function. Write \`${name}()\`.`,
      `${name}()`,
    );
  }
  const known = new Set(Object.keys(rt.context.roots));
  for (let at = scope; at !== undefined; at = at.outer) {
    for (const local of at.locals.keys()) known.add(local);
  }
  const suggestion = closest(name, known);
  const list = [...known].sort().map((each) => `\`${each}\``);
  const scopeText = list.length === 0 ? "Nothing is in scope." : `In scope: ${list.join(", ")}.`;
  const message = `Nothing is called \`${name}\` here.${didYouMean(suggestion)} ${scopeText}`;
  return new Fault("unknown_name", message, suggestion);
}
