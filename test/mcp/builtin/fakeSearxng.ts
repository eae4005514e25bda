/** A fake search engine: answers `GET /search?q=&format=json` in SearXNG's own format, on a free port. */
import type { TestContext } from "node:test";
import { loopback } from "../../http/loopback.ts";

export interface FakeSearxng {
  readonly endpoint: string;
  /** The questions it was asked, in order. */
  readonly asked: readonly string[];
}

const RESULTS = [
  {
    url: "https://example.org/rate-limits",
    title: "Rate limiting patterns",
    content: "Token  bucket,\nleaky bucket.",
    engine: "duckduckgo",
    parsed_url: ["https", "example.org", "/rate-limits", "", "", ""],
    template: "default.html",
    engines: ["duckduckgo", "brave"],
    positions: [1, 2],
    score: 3.5,
    category: "general",
  },
  { url: "https://example.org/rate-limits", title: "the same again", content: "", engine: "brave" },
  { url: "https://example.org/two", title: "", content: null, engine: "brave" },
  { url: "https://example.org/three", title: "Three", content: "3", engine: "brave" },
];

/** Starts it; `status` other than 200 is answered to everything, `body` replaces the JSON. */
export async function startFakeSearxng(
  t: Pick<TestContext, "after">,
  { status = 200, body }: { readonly status?: number; readonly body?: string } = {},
): Promise<FakeSearxng> {
  const asked: string[] = [];
  const { origin } = await loopback(t, ({ url }, response) => {
    const address = new URL(url, "http://127.0.0.1");
    const query = address.searchParams.get("q") ?? "";
    const fits = address.pathname === "/search" && address.searchParams.get("format") === "json";
    asked.push(query);
    response.writeHead(fits ? status : 404, { "content-type": "application/json" });
    const answered = {
      query,
      number_of_results: 4,
      results: RESULTS,
      answers: [],
      suggestions: [],
    };
    response.end(body ?? JSON.stringify({ ...answered, infoboxes: [], unresponsive_engines: [] }));
  });
  return { endpoint: origin, asked };
}
