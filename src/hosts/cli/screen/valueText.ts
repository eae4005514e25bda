/** A run's value for people: short things whole, long texts by their beginning. Programs take `--json`. */
import { isObject, type Json } from "../../../util/json.ts";
import { printable, printableLine } from "../../../views/printable.ts";

/** Lines for a value; a text keeps its own lines, an object has one line a field. */
export function valueText(value: Json): readonly string[] {
  if (value === null) return [];
  if (typeof value === "string") return printable(value.trimEnd()).split("\n");
  if (!isObject(value)) return [shortValue(value)];
  const names = Object.keys(value);
  const widest = Math.max(0, ...names.map((name) => name.length));
  return names.map(
    (name) => `${printableLine(name).padEnd(widest)}  ${shortValue(value[name] ?? null)}`,
  );
}

function shortValue(value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const lines = text.trim().split("\n");
  const first = printableLine(lines[0] ?? "");
  const cut = first.length > 120 ? `${first.slice(0, 119)}…` : first;
  return lines.length > 1 ? `${cut} (${lines.length} lines)` : cut;
}
