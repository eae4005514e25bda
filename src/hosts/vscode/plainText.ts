/**
 * Foreign text for places where the editor makes links of text, links that run commands among them: messages and the
 * texts under its boxes. Owns how such text stays text. Pure.
 */
import { printableLine } from "../../views/printable.ts";

/** The text on one line, in which nothing is a link. */
export function unlinked(text: string): string {
  return printableLine(text).replaceAll("](", "] (");
}
