/** A request to a worker, read and checked before anything is done. Owns the words of a refusal. */
import type { Context } from "hono";
import { schemaProblems } from "../run/gate/schemaProblems.ts";
import { MOST_SECONDS } from "../run/worker/contract.ts";
import { isObject, type Json, type JsonObject, own } from "../util/json.ts";
import { closest } from "../workflow/closest.ts";
import type { Operation } from "./operation.ts";

export interface CheckedRequest {
  readonly operation: string;
  readonly parameters: JsonObject;
  readonly priority: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly metadata: JsonObject;
  readonly key?: string;
  readonly trace?: string;
}

export type Checked =
  | { readonly ok: true; readonly request: CheckedRequest }
  | {
      readonly ok: false;
      readonly status: 400 | 404 | 415 | 422;
      readonly error: string;
      readonly more: JsonObject;
    };

/** Reads the body and holds the parameters against the operation's schema. */
export async function checkRequest(
  c: Context,
  operations: Readonly<Record<string, Operation>>,
): Promise<Checked> {
  // A page in a browser can send other types without asking first.
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? ""))
    return no(415, "Send JSON, as content-type application/json.");
  const body = parse(await c.req.text());
  if (!body) return no(400, "The body is no JSON object.");
  const operation = own(body, "operation") ?? own(body, "operation_type");
  if (typeof operation !== "string") return no(400, "Name the `operation`.");
  const known = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (!known) return unknownOperation(operation, Object.keys(operations));
  const parameters = own(body, "parameters") ?? {};
  if (!isObject(parameters)) return no(422, "`parameters` is an object.");
  const problems = schemaProblems(parameters, known.parameters, "the parameters");
  if (problems.length > 0)
    return no(422, `The parameters of ${operation} do not fit: ${problems[0]}`, { problems });
  const priority = numberIn(body, "priority", 5, 1, 10);
  const seconds = numberIn(body, "timeout_seconds", 300, 1, MOST_SECONDS);
  if (priority === undefined) return no(422, "`priority` is a number from 1 to 10.");
  if (seconds === undefined)
    return no(422, `\`timeout_seconds\` is a number from 1 to ${MOST_SECONDS}.`);
  const metadata = own(body, "metadata") ?? {};
  const key = c.req.header("idempotency-key");
  const trace = /^00-([0-9a-f]{32})-/.exec(c.req.header("traceparent") ?? "")?.[1];
  return {
    ok: true,
    request: {
      ...{ operation, parameters, priority, timeout: seconds * 1000 },
      metadata: isObject(metadata) ? metadata : {},
      ...(key === undefined ? {} : { key }),
      ...(trace === undefined ? {} : { trace }),
    },
  };
}

function unknownOperation(operation: string, known: readonly string[]): Checked {
  const near = closest(operation, known);
  const hint = near ? `Did you mean ${near}?` : `There are: ${known.join(", ")}.`;
  const error = `There is no operation ${operation.slice(0, 100)}. ${hint}`;
  return no(404, error, { operations: [...known] });
}

function numberIn(
  body: JsonObject,
  name: string,
  usual: number,
  least: number,
  most: number,
): number | undefined {
  const value = own(body, name) ?? usual;
  return typeof value === "number" && value >= least && value <= most ? value : undefined;
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function no(status: 400 | 404 | 415 | 422, error: string, more: JsonObject = {}): Checked {
  return { ok: false, status, error, more };
}
