/** How large a regular expression becomes when its counted repetitions are written out, before anything compiles it. */

/** The number of characters, classes and groups after expansion: `(a{10}b){20}` is about 220. */
export function expandedSize(source: string): number {
  const outer: number[] = [];
  let total = 0;
  let last = 0;
  let at = 0;
  while (at < source.length) {
    const token = tokenAt(source, at);
    at += token.length;
    const count = repetitions(token);
    if (count !== undefined) {
      last *= count;
      continue;
    }
    total += last;
    last = 1;
    if (token === "(") {
      outer.push(total);
      total = 0;
      last = 0;
    } else if (token === ")") {
      last = total + 2;
      total = outer.pop() ?? 0;
    }
  }
  return outer.reduce((sum, size) => sum + size, total + last);
}

const TOKEN = /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]?|\{\d{1,9}(?:,\d{0,9})?\}|[\s\S]/y;

function tokenAt(source: string, at: number): string {
  TOKEN.lastIndex = at;
  return TOKEN.exec(source)?.[0] ?? source.charAt(at);
}

/** How many copies of what stands before it a `{n,m}` makes; undefined for any other token. */
function repetitions(token: string): number | undefined {
  const found = /^\{(\d+)(?:,(\d*))?\}$/.exec(token);
  if (found === null) return undefined;
  return Math.max(1, Number(found[1]), Number(found[2] || 0));
}
