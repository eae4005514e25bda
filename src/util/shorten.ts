/** Texts made shorter where a place has room for so many characters. Pure text. */

/** A text of at most so many characters: its beginning and its end, with a word on what lay between. */
export function withoutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 40) / 2);
  const left = text.length - 2 * half;
  return `${text.slice(0, half)}\n[… ${left} characters left out …]\n${text.slice(-half)}`;
}

/** A name as somebody typed it, for a message: in quotes where it would not be seen as one, cut where it is long. */
export function asGiven(name: string): string {
  const short = name.length > 100 ? `${name.slice(0, 99)}…` : name;
  return short === "" || /\s/.test(short) ? JSON.stringify(short) : short;
}

/**
 * Tokens of texts where nobody counted: four characters each in Latin letters, as most models' English comes to, two in
 * other alphabets, one where a character is a syllable or a word.
 */
export function estimateTokens(...texts: readonly string[]): number {
  let quarters = 0;
  for (const text of texts)
    for (let at = 0; at < text.length; at += 1) quarters += quartersOf(text.charCodeAt(at));
  return Math.ceil(quarters / 4);
}

/** The beginning of a text that has at most so many tokens by that estimate. */
export function withinTokens(text: string, tokens: number): string {
  let quarters = 0;
  for (let at = 0; at < text.length; at += 1) {
    quarters += quartersOf(text.charCodeAt(at));
    if (quarters > 4 * tokens) return text.slice(0, at);
  }
  return text;
}

/** Of a code unit, in quarters of a token. */
function quartersOf(code: number): number {
  if (code < FIRST_GREEK) return 1;
  return code < FIRST_IDEOGRAPHIC ? 2 : 4;
}

const FIRST_GREEK = 0x370;
const FIRST_IDEOGRAPHIC = 0x2e80;
