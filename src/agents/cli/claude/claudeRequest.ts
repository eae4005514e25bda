/**
 * What claude asks permission for, as a person reads it: a change as a diff, a command as its lines, everything else as it
 * was sent. Owns that form; leaves nothing out. Pure text.
 */
import { isList, isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { unifiedDiff } from "../../../util/unifiedDiff.ts";

/** The request in full; `path`: how a file of the input is written. */
export function claudeRequest(
  tool: string,
  input: JsonObject,
  path: (file: string) => string,
): string {
  const { file_path: file, old_string: old, new_string: now, content, edits, command } = input;
  const seen = new Set<string>();
  const parts: string[] = [];
  const show = (text: string, ...keys: readonly string[]): void => {
    parts.push(text);
    for (const key of keys) seen.add(key);
  };
  if (typeof file === "string") {
    const name = path(file);
    const change = changeIn(name, old, now);
    if (change !== undefined) show(change, "file_path", "old_string", "new_string");
    else if (tool === "Write" && typeof content === "string")
      show([name, ...marked(content)].join("\n"), "file_path", "content");
    const each = isList(edits) ? edits.map((edit) => editIn(name, edit)) : [];
    if (each.length > 0 && each.every((edit) => edit !== undefined))
      show(each.join("\n"), "file_path", "edits");
  }
  if (tool === "Bash" && typeof command === "string") show(command, "command");
  const rest = Object.entries(input).filter(([key]) => !seen.has(key));
  const others = rest.length > 0 ? [JSON.stringify(Object.fromEntries(rest), null, 1)] : [];
  return [...parts, ...others].join("\n");
}

/** One of several changes; undefined when it says more than old and new. */
function editIn(name: string, edit: Json): string | undefined {
  if (!isObject(edit)) return undefined;
  const { old_string: old, new_string: now, ...more } = edit;
  const change = changeIn(name, old, now);
  if (change === undefined || Object.keys(more).length === 0) return change;
  return `${change}\n${JSON.stringify(more)}`;
}

function changeIn(name: string, old: Json | undefined, now: Json | undefined): string | undefined {
  if (typeof old !== "string" || typeof now !== "string") return undefined;
  // The text does not say where in the file it stands.
  const lines = unifiedDiff(name, old, now).trimEnd().split("\n").slice(2);
  const changed = lines.filter((line) => !line.startsWith("@@"));
  return [name, ...(changed.length > 0 ? changed : marked(now))].join("\n");
}

function marked(text: string): readonly string[] {
  return text.split("\n").map((line) => `+${line}`);
}
