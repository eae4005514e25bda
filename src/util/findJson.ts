/** JSON inside a text, as people and models write it. Owns where it is looked for; repairs nothing. */
import type { Json } from "./json.ts";

/**
 * The JSON value of a text: all of it, the last fenced block that parses, or the outermost braces or brackets.
 * Undefined when there is none.
 */
export function findJson(text: string): { readonly value: Json } | undefined {
  const whole = parse(text.trim());
  if (whole !== undefined) return whole;
  const fenced = [...text.matchAll(/```[a-zA-Z]*[ \t]*\r?\n([\s\S]*?)```/g)];
  for (const [, block] of fenced.reverse()) {
    const value = parse((block ?? "").trim());
    if (value !== undefined) return value;
  }
  for (const [open, close] of [
    ["{", "}"],
    ["[", "]"],
  ] as const) {
    const from = text.indexOf(open);
    const to = text.lastIndexOf(close);
    const value = from >= 0 && to > from ? parse(text.slice(from, to + 1)) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

function parse(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
