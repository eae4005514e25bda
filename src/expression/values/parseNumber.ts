/** Numbers from text, by the rules of Python's `int()` and `float()`; undefined when the text is none. */

/** An integer, with `_` between digits and, for base 2, 8, 16 and 0, an optional prefix. */
export function parseIntegerText(text: string, base: number): number | undefined {
  if (text.length > 2000) return undefined;
  const found = /^([-+]?)(0[bBoOxX])?_?([\da-zA-Z]+(?:_[\da-zA-Z]+)*)$/.exec(text.trim());
  if (found === null) return undefined;
  const [, sign, prefix, digits = ""] = found;
  const marked =
    prefix === undefined ? undefined : { b: 2, o: 8, x: 16 }[prefix.charAt(1).toLowerCase()];
  const radix = base === 0 ? (marked ?? 10) : base;
  // "0b1" in base 16 is digits, not a prefix.
  const plain = (marked === radix ? digits : (prefix ?? "") + digits)
    .replaceAll("_", "")
    .toLowerCase();
  if (radix < 2 || radix > 36) return undefined;
  let value = 0;
  for (const digit of plain) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return undefined;
    value = value * radix + worth;
  }
  return sign === "-" ? -value : value;
}

/** A float, also `inf`, `nan`, `.5` and `5.`. */
export function parseFloatText(text: string): number | undefined {
  const plain = text.trim();
  if (/^[-+]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)(e[-+]?\d+(_\d+)*)?$/i.test(plain)) {
    return Number(plain.replaceAll("_", ""));
  }
  const named = /^([-+]?)(inf|infinity|nan)$/i.exec(plain);
  if (named === null) return undefined;
  const size = named[2]?.toLowerCase() === "nan" ? Number.NaN : Number.POSITIVE_INFINITY;
  return named[1] === "-" ? -size : size;
}
