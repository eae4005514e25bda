/** The trace context of an attempt (https://www.w3.org/TR/trace-context/): one trace a run, one span an attempt. */
import { hashText } from "../util/hash.ts";

/** The value of a `traceparent` header; the same for the same run and attempt. */
export function traceParent(run: string, path: string, attempt: number): string {
  const trace = hashText(`trace ${run}`).slice(0, 32);
  const span = hashText(`span ${run}/${path}#${attempt}`).slice(0, 16);
  return `00-${trace}-${span}-01`;
}
