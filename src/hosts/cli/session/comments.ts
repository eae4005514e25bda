/** Comments on a plan as people type them, in a prompt or behind `--comment`. */

/** `12: too vague` is about line 12; a line without a number goes on with the one before it. */
export function readComments(
  text: string,
): readonly { readonly line: number; readonly text: string }[] {
  const comments: { line: number; text: string }[] = [];
  for (const row of text.split("\n")) {
    if (row.trim() === "") continue;
    const found = /^\s*(\d{1,6})\s*:\s*(.*)$/.exec(row);
    const last = comments.at(-1);
    if (found) comments.push({ line: Math.max(1, Number(found[1])), text: found[2] ?? "" });
    else if (last) last.text = `${last.text}\n${row.trim()}`;
    else comments.push({ line: 1, text: row.trim() });
  }
  return comments;
}
