/** What is particular about an event, for a reader of old journals: its type, its fields, and the kinds inside it. */
import { isObject } from "../../../src/util/json.ts";

/** E.g. `task_opened`, `task_opened.opening`, `task_opened.opening=foreach`. */
export function featuresOf(event: object): ReadonlySet<string> {
  const { type, ...fields } = { type: "", ...event };
  const found = new Set([type]);
  for (const [key, value] of Object.entries(fields)) {
    found.add(`${type}.${key}`);
    if (key === "status") found.add(`${type}.${key}=${value}`);
    if (isObject(value) && typeof value.kind === "string")
      found.add(`${type}.${key}=${value.kind}`);
    if (isObject(value) && typeof value.activity === "string")
      found.add(`${type}.${key}=${value.activity}`);
  }
  return found;
}
