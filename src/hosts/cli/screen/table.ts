/** Columns of text for lists. The last column takes what room is left; colour is put on afterwards, by column. */
import { cutText } from "../../../views/plain/cutText.ts";
import { widthOf } from "./terminal.ts";

/** Lines with columns as wide as their widest cell, two blanks between them; the last is cut at `width`. */
export function tableLines(
  rows: readonly (readonly string[])[],
  width: number,
  style: (text: string, column: number, row: number) => string = (text) => text,
): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  return rows.map((row, at) => {
    let used = 0;
    const cells = row.map((cell, column) => {
      const last = column === row.length - 1;
      const text = last ? cutText(cell, Math.max(10, width - used), widthOf) : cell;
      const gap = last ? "" : " ".repeat((widths[column] ?? 0) - widthOf(cell) + 2);
      used += (widths[column] ?? 0) + 2;
      return style(text, column, at) + gap;
    });
    return cells.join("").trimEnd();
  });
}
