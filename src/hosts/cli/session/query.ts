/** A question over runs from the command line. */
import { parseQuery, type RunQuery } from "../../../run/history/query.ts";
import { Problem } from "../problem.ts";

/** The question; a `Problem` that says what can be written instead. */
export function readQuery(text: string): RunQuery {
  const parsed = parseQuery(text, Date.now());
  if (!parsed.ok) throw new Problem(parsed.message);
  return parsed.query;
}
