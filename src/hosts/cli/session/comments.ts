/** Comments on a plan as people type them, in a prompt or behind `--comment`. */

/**
 * `12: too vague` is about line 12. An indented line goes on with the comment before it; any other line without a
 * number is said of the whole plan, which is its line 1.
 */
export function readComments(
  text: string,
): readonly { readonly line: number; readonly text: string }[] {
  const comments: { line: number; text: string }[] = [];
  let wholePlan = false;
  for (const row of text.split("\n")) {
    if (row.trim() === "") continue;
    const found = /^\s*(\d{1,6})\s*:\s*(.*)$/.exec(row);
    const last = comments.at(-1);
    const goesOn = last !== undefined && (wholePlan || /^\s/.test(row));
    if (!found && goesOn) last.text = `${last.text}\n${row.trim()}`;
    else {
      wholePlan = found === null;
      comments.push({
        line: Math.max(1, Number(found?.[1] ?? 1)),
        text: found?.[2] ?? row.trim(),
      });
    }
  }
  return comments;
}
