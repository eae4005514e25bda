/** Texts of agents cut to what a person reads: a line of progress, an entry of a transcript. Pure text. */

const MAX_ENTRY = 4_000;
const MAX_LINE = 80;

/** At most so much as an entry of a transcript holds; says by an ellipsis that it was cut. */
export function clip(text: string, most = MAX_ENTRY): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}\u2026`;
}

/** One short line. */
export function oneLine(text: string): string {
  return clip(
    text
      .slice(0, 4 * MAX_LINE)
      .replace(/\s+/g, " ")
      .trim(),
    MAX_LINE,
  );
}
