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

/** Tokens of a text where nobody counted: four characters each, as most models' English comes to. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
