/**
 * One HTTP exchange: a request sent once, redirects followed where that gives nothing away, an answer of bounded size.
 * Owns what can be said of an exchange that broke: whether the other side may have acted. Never retries; judges no answer.
 */
import { type Failure, failure } from "../run/failure.ts";

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** The headers hold secrets: no other origin may see them, so none is gone to. */
  readonly secret?: boolean;
  /** Only this origin was meant: it may lead to no other. */
  readonly stay?: boolean;
  /** Bytes of the answer at most. */
  readonly maxBytes?: number;
}

export interface Answered {
  readonly type: "answered";
  readonly status: number;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Where it came from, after redirects. */
  readonly url: string;
}

/** `failed`: the other side cannot have acted, or all that it did is known. `unknown`: it may have. */
export type Exchanged =
  | Answered
  | { readonly type: "failed" | "unknown"; readonly failure: Failure };

export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const MAX_REDIRECTS = 5;

/** Sends a request and waits for all of its answer. Never rejects for what the other side or the net does. */
export async function exchange(request: Exchange): Promise<Exchanged> {
  if (!isAddress(request.url)) return failed("failed", notAnAddress(request.url));
  let hop = request;
  for (let hops = 0; ; hops++) {
    const reached = await reach(hop);
    if ("failure" in reached) return reached;
    const target = targetOf(reached, hop.url);
    if (target === undefined) return await read(hop, reached);
    await reached.body?.cancel();
    if (hops >= MAX_REDIRECTS) return failed("failed", tooManyRedirects(request.url));
    const next = redirected(hop, reached.status, target);
    if ("code" in next) return failed("failed", next);
    hop = next;
  }
}

/** True for an address that can be asked: http or https, without a name and password in it. */
export function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** The origin of an address, for people; the text itself when it is none. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

type Broken = Exclude<Exchanged, Answered>;

async function reach({ method, url, headers, body, signal }: Exchange): Promise<Response | Broken> {
  try {
    const sent = body === undefined ? {} : { body };
    return await fetch(url, { method, headers, signal, redirect: "manual", ...sent });
  } catch (error) {
    return explain(error, { url, signal });
  }
}

/** The answer itself; one that is too large, or ends early, is none. */
async function read(
  { url, signal, maxBytes = MAX_ANSWER_BYTES }: Exchange,
  response: Response,
): Promise<Exchanged> {
  const { status } = response;
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > maxBytes) return failed("failed", tooLarge(url, status, maxBytes));
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    return explain(error, { url, signal, status });
  }
  const headers = Object.fromEntries(response.headers);
  return { type: "answered", status, headers, text: text + decoder.decode(), url };
}

function targetOf({ status, headers }: Response, url: string): string | undefined {
  const location = headers.get("location");
  const redirects = [301, 302, 303, 307, 308].includes(status);
  return redirects && location !== null && URL.canParse(location, url)
    ? new URL(location, url).href
    : undefined;
}

/** As browsers do it: what is not asked again becomes a GET without a body. */
function redirected(hop: Exchange, status: number, target: string): Exchange | Failure {
  const other = new URL(target).origin !== new URL(hop.url).origin;
  if (!isAddress(target) || (other && (hop.secret || hop.stay))) return leadsAway(hop, target);
  const keeps = status === 307 || status === 308 || hop.method === "GET" || hop.method === "HEAD";
  const named = Object.entries(hop.headers);
  const headers = Object.fromEntries(
    named.filter(([name]) => !(other && PRIVATE.test(name)) && (keeps || !OF_BODY.test(name))),
  );
  if (keeps) return { ...hop, url: target, headers };
  const { body: _dropped, ...rest } = hop;
  return { ...rest, method: "GET", url: target, headers };
}

const PRIVATE = /^(authorization|cookie|proxy-authorization)$/i;
const OF_BODY = /^content-/i;

/** Codes of Node and undici for a connection that never stood: nothing was sent. */
const NEVER_SENT = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"],
  ...["UND_ERR_CONNECT_TIMEOUT", "ERR_INVALID_URL", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ...["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED"],
  ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
]);

/** What `fetch` says of a port that it never speaks to, such as those of mail. */
const BLOCKED = "bad port";

function explain(
  error: unknown,
  at: { readonly url: string; readonly signal: AbortSignal; readonly status?: number },
): Broken {
  const origin = originOf(at.url);
  if (at.signal.aborted) {
    const message = `The request to ${origin} was stopped before it was answered; what it did there is not known.`;
    return failed("unknown", failure("cancelled", message, { kind: "stopped", url: origin }));
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = codeOf(cause);
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : code;
  if (at.status === undefined && isOurs(error, code)) {
    const message = `The request to ${origin} cannot be made: ${reason}. Correct the step.`;
    return failed("failed", failure("invalid_input", message));
  }
  if (at.status === undefined && (NEVER_SENT.has(code) || reason === BLOCKED)) {
    const kind = code === "ECONNREFUSED" ? "refused" : "unreachable";
    const message = `${origin} cannot be reached: ${reason}. Is it running, and is the address right?`;
    return failed("failed", failure("network", message, { kind, code, url: origin }));
  }
  const message = `The connection to ${origin} was lost before the whole answer came: ${reason}.`;
  return failed("unknown", failure("network", message, { kind: "lost", code, url: origin }));
}

/** A fault of what was to be sent (a header's name, a body of a GET), found before anything was. */
function isOurs(error: unknown, code: string): boolean {
  return (
    error instanceof TypeError && (error.cause === undefined || code === "UND_ERR_INVALID_ARG")
  );
}

function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

function failed(type: "failed" | "unknown", why: Failure): Broken {
  return { type, failure: why };
}

function notAnAddress(url: string): Failure {
  const message = `\`${url.slice(0, 200)}\` is no address that can be asked. Give one that starts with http:// or https://, without a name and password.`;
  return failure("invalid_input", message);
}

function leadsAway({ url, secret }: Exchange, target: string): Failure {
  const why = secret
    ? "which must not see the secrets in the request's headers"
    : "which is another one";
  const message = `${originOf(url)} redirects to ${originOf(target)}, ${why}. Ask that address itself, if you trust it.`;
  return failure("tool_error", message, { kind: "redirect", location: originOf(target) });
}

function tooManyRedirects(url: string): Failure {
  const message = `${originOf(url)} redirected more than ${MAX_REDIRECTS} times. Check the address.`;
  return failure("tool_error", message, { kind: "redirect" });
}

function tooLarge(url: string, status: number, most: number): Failure {
  const message = `${originOf(url)} answered with more than ${most} bytes, which is more than a step may take. Ask it for less.`;
  return failure("tool_error", message, { kind: "too_large", status });
}
