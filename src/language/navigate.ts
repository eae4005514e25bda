/**
 * From a name to where it is defined, to its other uses, and to a new name for all of them.
 * Owns the answers and the words for renames that cannot be made; which name means what is `occurrences`' matter.
 */
import type { Range } from "../workflow/diagnostic.ts";
import type { Edit } from "../workflow/edit.ts";
import { NAME, STEP_ID } from "../workflow/schema/shape.ts";
import { folded, type Occurrence } from "./occurrences.ts";

/** The occurrence at an offset. */
export function occurrenceAt(all: readonly Occurrence[], offset: number): Occurrence | undefined {
  return all.find(({ range }) => range.start.offset <= offset && offset <= range.end.offset);
}

/** Every occurrence of the same thing, in the order of the text. */
export function sameThing(all: readonly Occurrence[], of: Occurrence): readonly Occurrence[] {
  return all
    .filter(({ kind, name, scope }) => kind === of.kind && name === of.name && scope === of.scope)
    .sort((a, b) => a.range.start.offset - b.range.start.offset);
}

/** Where a thing comes from: its definition, or else the places that write it. */
export function definitionsOf(all: readonly Occurrence[], of: Occurrence): readonly Range[] {
  const same = sameThing(all, of);
  const defined = same.filter(({ role }) => role === "definition");
  const chosen = defined.length > 0 ? defined : same.filter(({ role }) => role === "write");
  return chosen.map(({ range }) => range);
}

export type Renamed =
  | { readonly ok: true; readonly edits: readonly Edit[] }
  | { readonly ok: false; readonly message: string };

/** What can be renamed from an offset: a step's id or a state field, or why not. */
export function renamableAt(
  all: readonly Occurrence[],
  offset: number,
):
  | { readonly ok: true; readonly range: Range; readonly name: string }
  | { readonly ok: false; readonly message: string } {
  const found = occurrenceAt(all, offset);
  if (!found || (found.kind !== "step" && found.kind !== "field")) {
    const message = "Only a step's id or a state field can be renamed. Put the cursor on one.";
    return { ok: false, message };
  }
  return { ok: true, range: found.range, name: found.name };
}

/** The edits that give a step or state field another name everywhere in the file. */
export function renameAt(all: readonly Occurrence[], offset: number, to: string): Renamed {
  const able = renamableAt(all, offset);
  const found = occurrenceAt(all, offset);
  if (!able.ok) return able;
  if (!found) return { ok: false, message: "There is nothing to rename here." };
  const refused = refuse(all, found, to);
  if (refused !== undefined) return { ok: false, message: refused };
  const edits = sameThing(all, found).map(({ range, form }) => ({
    start: range.start.offset,
    end: range.end.offset,
    text: form === "member" ? folded(to) : to,
  }));
  return { ok: true, edits };
}

function refuse(
  all: readonly Occurrence[],
  { kind, name, scope }: Occurrence,
  to: string,
): string | undefined {
  const rule = kind === "step" ? STEP_ID : NAME;
  if (!rule.pattern.test(to)) return `\`${to}\` cannot be a name here: expected ${rule.expected}.`;
  if (
    kind === "field" &&
    to.includes("-") &&
    all.some((each) => each.name === name && each.form === "member")
  ) {
    return `\`${to}\` cannot be read as \`state.${to}\`: use \`_\` instead of \`-\`.`;
  }
  const taken = all.some(
    (each) =>
      each.kind === kind &&
      folded(each.name) === folded(to) &&
      each.name !== name &&
      (kind === "field" ? each.scope === scope : true),
  );
  if (!taken) return undefined;
  const noun = kind === "step" ? "step" : "state field";
  return `There is a ${noun} \`${to}\` already. Choose a name that is free.`;
}
