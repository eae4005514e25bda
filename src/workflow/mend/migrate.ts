/**
 * Rewrites a file of the older dialect into today's language: the fixes of what only that dialect lets pass, nothing
 * else. Owns which those are and what a file is called; comments and layout stay, because only ranges are replaced.
 */
import { isMap, isScalar, type Node, parseDocument } from "yaml";
import { lineDiff } from "../../util/lineDiff.ts";
import type { Lookups } from "../check/checking.ts";
import { type FileDiagnostic, hasErrors } from "../diagnostic.ts";
import { applyEdits, compatibleFixes, type Edit } from "../edit.ts";
import type { LoadWorkflow } from "../link.ts";
import { isTodaysName } from "../parse.ts";
import { validateWorkflow } from "../validate.ts";

export interface Change {
  readonly title: string;
  /** In the text as it was when this was found; from 1. */
  readonly line: number;
}

export interface Migration {
  readonly text: string;
  /** From the text as it was given to the one above, whole lines each. */
  readonly edits: readonly Edit[];
  readonly changes: readonly Change[];
  /** What the file should be called, without its folder. */
  readonly name: string;
  /** What a person has to mend; nothing is an error when it may run in today's language. */
  readonly left: readonly FileDiagnostic[];
  readonly ok: boolean;
}

/**
 * What the older dialect lets pass and today's refuses or reads otherwise, where the fix keeps what the file does. Writes
 * in no fixed order are left to a person: any order is a guess.
 */
const TOLERATED: ReadonlySet<string> = new Set(["second-type", "undeclared-read"]);

/** One fix can bring to light what another mends. */
const ROUNDS = 20;

/** Migrates one file; those that it leads to are read by their own names. Never throws for any text. */
export function migrate(input: {
  readonly fileName: string;
  readonly text: string;
  readonly load?: LoadWorkflow;
  readonly lookups?: Lookups;
}): Migration {
  const { fileName, text, ...around } = input;
  const today = todaysName(fileName);
  const changes: Change[] = [];
  let now = text;
  const lenient = lenientKey(now);
  if (lenient) {
    now = applyEdits(now, [lenient]);
    changes.push({ title: "Remove `strict: false`", line: lineAt(text, lenient.start) });
  }
  for (let round = 0; ; round++) {
    const { diagnostics } = validateWorkflow({ ...around, fileName: today, text: now });
    const mine = diagnostics.filter((found) => found.fileName === today);
    const chosen = compatibleFixes(
      mine.flatMap(({ code, fix }) => (fix && !fix.byHand && TOLERATED.has(code) ? [fix] : [])),
    );
    if (chosen.length === 0 || round === ROUNDS) {
      const name = today.slice(today.lastIndexOf("/") + 1);
      const edits = lineEdits(text, now);
      return { text: now, edits, changes, name, left: mine, ok: !hasErrors(mine) };
    }
    for (const { fix, range } of mine)
      if (fix && chosen.includes(fix)) changes.push({ title: fix.title, line: range.start.line });
    now = applyEdits(
      now,
      chosen.flatMap(({ edits }) => edits),
    );
  }
}

/** `plan.yaml` becomes `plan.workflow.yaml`: a file's dialect is told by its name. */
export function todaysName(fileName: string): string {
  return isTodaysName(fileName) ? fileName : fileName.replace(/(\.ya?ml)?$/, ".workflow.yaml");
}

/** The line of a `strict: false` at the top of the file. */
function lenientKey(text: string): Edit | undefined {
  const { contents, errors } = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
  if (errors.length > 0 || !isMap(contents) || contents.flow) return undefined;
  for (const { key, value } of contents.items) {
    if (!isScalar(key) || key.value !== "strict" || !isScalar(value) || value.value !== false)
      continue;
    const start = text.lastIndexOf("\n", (key as Node).range?.[0] ?? 0) + 1;
    const end = text.indexOf("\n", value.range?.[1] ?? start);
    return { start, end: end < 0 ? text.length : end + 1, text: "" };
  }
  return undefined;
}

function lineEdits(before: string, after: string): readonly Edit[] {
  const starts = [0, ...[...before.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return lineDiff(before, after).map(({ oldAt, removed, added }) => {
    const start = starts[oldAt] ?? before.length;
    return { start, end: start + removed.join("").length, text: added.join("") };
  });
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
