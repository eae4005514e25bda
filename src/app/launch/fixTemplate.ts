/**
 * Makes the fixes that a workflow file's findings propose, and writes the file.
 * Owns which are made without being asked for one by one, and how often it looks again; the fixes are the language's.
 */
import type { FileDiagnostic } from "../../workflow/diagnostic.ts";
import { applyEdits, compatibleFixes, type Fix } from "../../workflow/edit.ts";
import type { Files } from "../files.ts";

/** A fix that was made, with what it was for. */
export interface FixMade {
  readonly title: string;
  readonly message: string;
  /** Where it was found, in the text as it was then; from 1. */
  readonly line: number;
}

/** One fix can bring to light what another mends; a file that needs more rounds than this goes in circles. */
const ROUNDS = 20;

/**
 * Fixes one file, round after round, and writes it once if anything was mended. Fixes that take work away are left to
 * a person. `check` finds what is wrong with a text of the file. Nothing is written when the file has changed meanwhile.
 */
export async function fixTemplate(
  files: Files,
  { file, text }: { readonly file: string; readonly text: string },
  check: (text: string) => Promise<readonly FileDiagnostic[]>,
): Promise<readonly FixMade[]> {
  const made: FixMade[] = [];
  let now = text;
  for (let round = 0; round < ROUNDS; round++) {
    const found = (await check(now)).filter(({ fileName }) => fileName === file);
    const chosen = compatibleFixes(found.flatMap(({ fix }) => (fix && !fix.byHand ? [fix] : [])));
    if (chosen.length === 0) break;
    made.push(...found.flatMap((each) => (isChosen(each, chosen) ? [madeOf(each)] : [])));
    now = applyEdits(
      now,
      chosen.flatMap(({ edits }) => edits),
    );
  }
  if (now === text || (await files.readText(file)) !== text) return [];
  await files.replaceText(file, now);
  return made;
}

function isChosen({ fix }: FileDiagnostic, chosen: readonly Fix[]): boolean {
  return fix !== undefined && chosen.includes(fix);
}

function madeOf({ message, range, fix }: FileDiagnostic): FixMade {
  return { title: fix?.title ?? "", message, line: range.start.line };
}
