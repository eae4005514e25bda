/**
 * The points that a text makes: its list items, or its sentences.
 * Owns how prose and lists are cut; shared by the planning functions.
 */

const ITEM = /^\s*(?:[-*+•]\s+|\d{1,3}[.)]\s+)(?:\[[ xX]\]\s+)?/;

/** True for a line that starts a list item. */
export function isListItem(line: string): boolean {
  return ITEM.test(line);
}

/** A line without its bullet, number or check box. */
export function withoutMarker(line: string): string {
  return line.replace(ITEM, "").trim();
}

/** Every point once, in order: list items if there are any, otherwise sentences and parts between semicolons. */
export function pointsOf(text: string): readonly string[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const items = lines.filter(isListItem).map(withoutMarker);
  const candidates = items.length > 0 ? items : lines.flatMap(sentencesOf);
  const seen = new Set<string>();
  return candidates
    .map((point) => withoutEnd(point, ".;,:"))
    .filter((point) => {
      const key = point.toLowerCase();
      if (point.length < 3 || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

/** Text without white space and these characters at its end; a loop, because a pattern would take the square. */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && (characters + BLANKS).includes(text.charAt(end - 1))) end--;
  return text.slice(0, end).trim();
}

const BLANKS = " \t\r\n\u00a0";

/** At most so many characters, cut at a word's end. */
export function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= most) return line;
  const cut = line.slice(0, most - 3);
  const blank = cut.lastIndexOf(" ");
  return `${blank > most / 2 ? cut.slice(0, blank) : cut}...`;
}

function sentencesOf(line: string): readonly string[] {
  return line.replace(/^#+\s*/, "").split(/(?<=[.!?])\s+(?=\p{Lu}|\d)|;\s*/u);
}
