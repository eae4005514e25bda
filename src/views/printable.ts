/**
 * Text from agents, tools and files made harmless to show: what steers a terminal or reorders letters becomes visible.
 * Owns which characters those are; every surface that prints foreign text passes it through here.
 */

/** The same text with control characters as their pictures (ESC as ␛); line ends and tabs stay. */
export function printable(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(STEERING, picture);
}

/** The text on one line, runs of white space as one blank. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, " ").trim();
}

/** The lines of a text that say something, without the blanks around them. */
export function printableLines(text: string): readonly string[] {
  return printable(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The first line of a text that says something. */
export function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

/** Control characters but tab and line feed, line and paragraph separators, marks that turn the reading direction. */
const STEERING = /[^\P{Cc}\t\n]|[\u2028\u2029]|\p{Bidi_Control}/gu;

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
