/**
 * Asks a SearXNG-compatible engine: `GET /search?q=...&format=json`
 * (https://docs.searxng.org/dev/search_api.html). Owns that protocol and the words for its failures.
 */
import { isList, isObject, type Json, own } from "../../util/json.ts";
import { answer, refuse, type ToolAnswer } from "./builtInServer.ts";

export interface SearxngQuery {
  readonly query: string;
  readonly maxResults: number;
  readonly signal: AbortSignal;
}

/** One question, one request. Rejects only when the signal was aborted. */
export async function askSearxng(endpoint: string, asked: SearxngQuery): Promise<ToolAnswer> {
  const address = addressOf(endpoint, asked.query);
  if (address === undefined) {
    return refuse(
      "invalid_input",
      `The search endpoint \`${endpoint}\` is no http address. Correct the setting.`,
    );
  }
  let response: Response;
  let body: string;
  try {
    response = await fetch(address, {
      signal: asked.signal,
      headers: { accept: "application/json" },
    });
    body = await readBounded(response);
  } catch (error) {
    asked.signal.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return refuse(
      "network",
      `The search engine at ${address.origin} cannot be reached: ${reason}. Is it running?`,
    );
  }
  if (!response.ok) return refuseStatus(address.origin, response.status);
  const results = resultsIn(body);
  if (results === undefined) {
    return refuse(
      "tool_error",
      `The engine at ${address.origin} did not answer in SearXNG's JSON. Check the endpoint.`,
    );
  }
  const shown = results.slice(0, asked.maxResults);
  return answer({
    query: asked.query,
    results: shown,
    sources: shown.map(({ url }) => url),
    source: "web",
    note: `Searched with ${address.origin}.`,
  });
}

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

function addressOf(endpoint: string, query: string): URL | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const address = new URL(endpoint);
  if (!/^https?:$/.test(address.protocol)) return undefined;
  if (!/\/search\/?$/.test(address.pathname))
    address.pathname = `${address.pathname.replace(/\/$/, "")}/search`;
  address.searchParams.set("q", query);
  address.searchParams.set("format", "json");
  return address;
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error("the answer is larger than 4 MiB");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refuseStatus(origin: string, status: number): ToolAnswer {
  if (status === 403) {
    const next =
      "SearXNG answers JSON only when `json` is among `search.formats` in its settings.yml.";
    return refuse("tool_error", `The search engine at ${origin} refused (HTTP 403). ${next}`);
  }
  const busy = status === 429 || status >= 500;
  const next = busy ? "Try again later." : "Check the endpoint.";
  return refuse(
    busy ? "network" : "tool_error",
    `The search engine at ${origin} answered HTTP ${status}. ${next}`,
  );
}

interface WebResult {
  readonly [key: string]: string;
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

function resultsIn(body: string): readonly WebResult[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const listed = isObject(parsed) ? own(parsed, "results") : undefined;
  if (!isList(listed)) return undefined;
  const byUrl = new Map<string, WebResult>();
  for (const item of listed) {
    if (!isObject(item)) continue;
    const url = plain(own(item, "url"));
    if (url === "" || byUrl.has(url)) continue;
    byUrl.set(url, {
      title: plain(own(item, "title")) || url,
      url,
      snippet: plain(own(item, "content")),
    });
  }
  return [...byUrl.values()];
}

function plain(value: Json | undefined): string {
  return typeof value === "string" ? value.replace(/\s+/g, " ").trim() : "";
}
