/**
 * Foreign text for places where the editor makes links of text, links that run commands among them: messages, the texts
 * under its boxes, labels with icons, and the chat's markdown. Owns how such text stays text. Pure.
 */
import { printable, printableLine } from "../../views/printable.ts";

/** The text on one line, in which nothing is a link. */
export function unlinked(text: string): string {
  return printableLine(text).replaceAll("](", "] (");
}

/** The text on one line, for labels: the name of an icon in it stays the name. */
export function withoutIcons(text: string): string {
  return printableLine(text).replaceAll("$(", "\\$(");
}

/** A text on one line of markdown in which nothing is markup. */
export function escaped(text: string): string {
  return printableLine(text).replace(/[\\`*_{}[\]()#+\-.!|<>~&:@$]/g, "\\$&");
}

/** A text as a block of its own in markdown, whatever fences are in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${printable(text)}\n${fence}`;
}
