/**
 * Changes of a text as data: what a fix, a migration or an editor's command proposes before anything is written.
 * Owns their shape, their order and how they are applied. Knows no rule of the language.
 */

/** Replaces the text between two offsets (UTF-16 units); `end` is exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits that belong together: all of them are made, or none. */
export interface Fix {
  /** What it does, in the imperative: "Rename to `inputs`". */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Takes away what a person wrote, or is one of several ways: made one by one, by someone who has looked at it. */
  readonly byHand?: true;
}

/** The text after all edits, whose offsets are those of the text before; overlapping ones are our own fault. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort(byPlace);
  const parts: string[] = [];
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at) throw new Error(`edits overlap at ${edit.start}`);
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join("") + text.slice(at);
}

/**
 * The fixes that can be made together, first come first served: one that touches a place another has changed waits
 * for the next round. The same fix twice is made once.
 */
export function compatibleFixes(fixes: readonly Fix[]): readonly Fix[] {
  const taken: Edit[] = [];
  const chosen: Fix[] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => taken.some((other) => collide(edit, other)))) continue;
    taken.push(...fix.edits);
    chosen.push(fix);
  }
  return chosen;
}

function byPlace(a: Edit, b: Edit): number {
  return a.start - b.start || a.end - b.end;
}

/** Two insertions at one place collide too: their order would be a guess. */
function collide(a: Edit, b: Edit): boolean {
  if (a.start === b.start) return true;
  return a.start < b.end && b.start < a.end;
}
