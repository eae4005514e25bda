/** Comments on a plan as people type them, in a prompt or behind `--comment`. */

/** Lines from 1; `end_line` is the last one. */
export interface TypedComment {
  readonly line: number;
  readonly end_line?: number;
  readonly text: string;
}

/**
 * `12: too vague` is about line 12, `12-15: too long` about several. An indented line goes on with the comment before it; any other line without a
 * number is said of the whole plan, which is its line 1.
 */
export function readComments(text: string): readonly TypedComment[] {
  const comments: { line: number; end_line?: number; text: string }[] = [];
  let wholePlan = false;
  for (const row of text.split("\n")) {
    if (row.trim() === "") continue;
    const found = /^\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*:\s*(.*)$/.exec(row);
    const last = comments.at(-1);
    const goesOn = last !== undefined && (wholePlan || /^\s/.test(row));
    if (!found && goesOn) last.text = `${last.text}\n${row.trim()}`;
    else {
      wholePlan = found === null;
      const line = Math.max(1, Number(found?.[1] ?? 1));
      const end = Number(found?.[2] ?? line);
      comments.push({
        line,
        ...(end > line ? { end_line: end } : {}),
        text: found?.[3] ?? row.trim(),
      });
    }
  }
  return comments;
}
