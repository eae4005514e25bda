/**
 * Performs an `http` step: one request, its answer read as data and held against what was expected. Never retries.
 * Owns the words for an answer that is not as it should be; the way there is `src/http`'s.
 */
import type { Activity } from "../engine/activity.ts";
import type { Vault } from "../engine/secrets.ts";
import { type Answered, exchange, originOf } from "../http/exchange.ts";
import { type Failure, failure } from "../run/failure.ts";
import { schemaProblems } from "../run/gate/schemaProblems.ts";
import type { ActivityOutcome, HttpRequest } from "../run/request.ts";
import { keyOf } from "../run/worker/anotherRound.ts";
import type { Json } from "../util/json.ts";
import { withSecrets } from "./withSecrets.ts";

export interface HttpDependencies {
  /** Gives the values of secrets to the requests that name them. */
  readonly secrets?: Pick<Vault, "resolve">;
}

/**
 * Completes with {status, headers, body}: the body as data when it is JSON, else as text. Fails with `network` (nothing
 * was sent), `tool_error` (another status than expected), `invalid_output` (no JSON, or not as the schema says). Unknown
 * when it was sent and no whole answer came.
 */
export function createHttpActivity({ secrets }: HttpDependencies): Activity<HttpRequest> {
  return async (request, { attempt, signal, output, progress }) => {
    const { method, url } = request;
    const given = await withSecrets(request.headers ?? {}, secrets);
    if ("code" in given) return { type: "failed", failure: given };
    const sent = bodyOf(request);
    const headers = {
      ...defaultHeaders(request, keyOf(attempt.key, request)),
      ...lowerCase(given.values),
    };
    const secret = Object.values(request.headers ?? {}).some((text) => typeof text !== "string");
    progress(`${method} ${originOf(url)}`);
    output({ kind: "tool_call", text: `${method} ${url}` });
    const answer = await exchange({
      ...{ method, url, headers, signal, secret },
      ...(sent === undefined ? {} : { body: sent }),
    });
    if (answer.type !== "answered") return answer;
    output({ kind: "tool_result", text: `${answer.status} ${clip(answer.text)}` });
    return judge(request, answer);
  };
}

function judge(request: HttpRequest, answer: Answered): ActivityOutcome {
  const { status, headers, text } = answer;
  const body = parseBody(answer);
  const shown = { kind: "http_status", status, headers, body: body.ok ? body.value : clip(text) };
  if (!expects(request, status)) return { type: "failed", failure: wrongStatus(request, shown) };
  if (!body.ok) return { type: "failed", failure: malformed(request, status, text) };
  const schema = request.expect?.schema;
  const problems = schema === undefined ? [] : schemaProblems(body.value, schema, "the body");
  if (problems.length > 0) return { type: "failed", failure: unfit(request, problems) };
  return { type: "completed", result: { status, headers, body: body.value } };
}

function bodyOf({ body }: HttpRequest): string | undefined {
  if (body === undefined) return undefined;
  return typeof body === "string" ? body : JSON.stringify(body);
}

function defaultHeaders({ method, body }: HttpRequest, key: string): Record<string, string> {
  const type = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json";
  return {
    accept: "application/json, text/*;q=0.9, */*;q=0.8",
    ...(body === undefined ? {} : { "content-type": type }),
    ...(method === "GET" || method === "HEAD" ? {} : { "idempotency-key": key }),
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function parseBody({
  headers,
  text,
}: Answered): { readonly ok: true; readonly value: Json } | { readonly ok: false } {
  if (text === "") return { ok: true, value: null };
  if (!/[/+]json\b/i.test(headers["content-type"] ?? "")) return { ok: true, value: text };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function expects({ expect }: HttpRequest, status: number): boolean {
  return (expect?.status ?? ["2xx"]).some((wanted) =>
    /^\dxx$/i.test(wanted) ? String(status)[0] === wanted[0] : String(status) === wanted,
  );
}

function wrongStatus(
  { method, url, expect }: HttpRequest,
  detail: { readonly [key: string]: Json; readonly status: number },
): Failure {
  const wanted = (expect?.status ?? ["2xx"]).join(" or ");
  const message = `${method} ${originOf(url)} answered HTTP ${detail.status}, not ${wanted}. Look at what it said, then correct the step or the other side.`;
  return failure("tool_error", message, detail);
}

function malformed({ method, url }: HttpRequest, status: number, text: string): Failure {
  const message = `${method} ${originOf(url)} said that it answers in JSON, but it did not.`;
  return failure("invalid_output", message, { kind: "malformed", status, body: clip(text) });
}

function unfit({ method, url }: HttpRequest, problems: readonly string[]): Failure {
  const message = `The answer of ${method} ${originOf(url)} is not as \`expect.schema\` says: ${problems[0]}`;
  return failure("invalid_output", message, { kind: "schema", problems: [...problems] });
}

const CLIPPED = 4000;

function clip(text: string): string {
  return text.length <= CLIPPED ? text : `${text.slice(0, CLIPPED)}…`;
}
