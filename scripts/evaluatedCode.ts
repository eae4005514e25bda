/**
 * Looks into a built bundle for code that is made from text at run time: an extension host and a strict page forbid it.
 * Reads esbuild's unminified output; a method that is merely called `eval` is none.
 */

/** `eval` and the Function constructor wherever they are called, each with a little of what surrounds it. */
export function evaluatedCode(code: string): readonly string[] {
  const pattern =
    /(?<![.\w$])eval\s*\(|\(0,\s*eval\)|\b(globalThis|window)\.eval\b|(?<![.\w$])(new\s+)?Function\s*\(/g;
  return [...code.matchAll(pattern)]
    .filter(({ 0: text, index }) => !isDefinition(code, index, index + text.length))
    .map(({ index }) => code.slice(Math.max(0, index - 40), index + 60).replace(/\s+/g, " "));
}

/** True for `eval(a, b) {`: parentheses that are followed by a body. */
function isDefinition(code: string, start: number, afterParenthesis: number): boolean {
  if (
    code[afterParenthesis - 1] !== "(" ||
    /\bnew\s+$/.test(code.slice(Math.max(0, start - 6), start))
  ) {
    return false;
  }
  let depth = 1;
  let at = afterParenthesis;
  for (; at < code.length && depth > 0; at++) {
    depth += code[at] === "(" ? 1 : code[at] === ")" ? -1 : 0;
  }
  return /^\s*\{/.test(code.slice(at, at + 20));
}
