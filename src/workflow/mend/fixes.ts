/**
 * Fixes that rules propose, made of edits of the file: replace a name, declare a field, remove what never runs.
 * Owns their titles. A fix that cannot be made without touching anything else is not proposed.
 */

import type { DocumentPath } from "../diagnostic.ts";
import type { Edit, Fix } from "../edit.ts";
import type { SourceMap } from "../source.ts";

/** A fix of one edit; undefined when there is no edit. */
export function fixOf(title: string, edit: Edit | undefined): Fix | undefined {
  return edit && { title, edits: [edit] };
}

/** What a suggestion comes to: the mistyped name replaced by the one that was probably meant. */
export function replaceBy(name: string | undefined, edit: Edit | undefined): Fix | undefined {
  return name === undefined ? undefined : fixOf(`Replace by \`${name}\``, edit);
}

/** Adds a state field, null at first, to the `initial_state` of the body at a path. */
export function declareField(
  { edits, has }: SourceMap,
  body: DocumentPath,
  field: string,
): Fix | undefined {
  if (!/^[A-Za-z_][\w-]*$/.test(field)) return undefined;
  const at = [...body, "initial_state"];
  const edit = has(at)
    ? edits.addKey(at, field, "null")
    : edits.addMappingBefore([...body, "steps"], "initial_state", field, "null");
  return fixOf(`Add \`${field}\` to \`initial_state\``, edit);
}

/** Lets a step read a field. */
export function allowRead(
  { edits }: SourceMap,
  step: DocumentPath,
  field: string,
): Fix | undefined {
  const edit = edits.appendItem([...step, "needs_state"], field);
  return fixOf(`Add \`${field}\` to \`needs_state\``, edit);
}

/** Removes steps `from` up to but not including `to` of the list at a path. */
export function removeSteps(
  { edits }: SourceMap,
  list: DocumentPath,
  ids: readonly string[],
  from: number,
): Fix | undefined {
  const names = ids.map((id) => `\`${id}\``).join(", ");
  const title = `Remove ${ids.length === 1 ? "step" : "steps"} ${names}`;
  return removal(title, edits.removeItems(list, from, from + ids.length));
}

/** A fix that takes away work. */
export function removal(title: string, edit: Edit | undefined): Fix | undefined {
  return edit && { title, edits: [edit], byHand: true };
}

/** Removes a key that says nothing. */
export function removeKey({ edits }: SourceMap, path: DocumentPath): Fix | undefined {
  return fixOf(`Remove \`${path.at(-1)}\``, edits.removeKey(path));
}
