import assert from "node:assert/strict";
import { test } from "node:test";
import { createWebServer } from "../../../src/mcp/builtin/web.ts";
import { loopback } from "../../http/loopback.ts";
import { HARBOR, workspaceOf } from "../../search/scratch.ts";
import { callTool } from "./call.ts";
import { startFakeSearxng } from "./fakeSearxng.ts";

test("with an endpoint it asks the engine", async (t) => {
  const { endpoint, asked } = await startFakeSearxng(t);
  const server = createWebServer({ workspace: "/nowhere", endpoint });
  const expected = {
    query: "rate limits & more",
    results: [
      {
        title: "Rate limiting patterns",
        url: "https://example.org/rate-limits",
        snippet: "Token bucket, leaky bucket.",
      },
      { title: "https://example.org/two", url: "https://example.org/two", snippet: "" },
    ],
    sources: ["https://example.org/rate-limits", "https://example.org/two"],
    source: "web",
    note: `Searched with ${endpoint}.`,
  };
  const given = { query: "rate limits & more", max_results: 2 };
  assert.deepEqual(await callTool(server, "search", given), expected);
  assert.deepEqual(asked, ["rate limits & more"]);
  const withPath = createWebServer({ workspace: "/nowhere", endpoint: `${endpoint}/search` });
  assert.deepEqual(await callTool(withPath, "search", given), expected);
});

test("an engine that fails is said to, and nothing else is searched instead", async (t) => {
  const ask = async (endpoint: string) =>
    String(
      await callTool(createWebServer({ workspace: "/nowhere", endpoint }), "search", {
        query: "x",
      }),
    );
  const refusing = await startFakeSearxng(t, { status: 403 });
  assert.match(await ask(refusing.endpoint), /^failed tool_error: .*HTTP 403.*`search\.formats`/);
  const busy = await startFakeSearxng(t, { status: 429 });
  assert.match(await ask(busy.endpoint), /^failed network: .*HTTP 429.*Try again later/);
  const html = await startFakeSearxng(t, { body: "<html>" });
  assert.match(await ask(html.endpoint), /^failed tool_error: .*did not answer in SearXNG's JSON/);
  assert.match(
    await ask("http://127.0.0.1:9"),
    /^failed network: .*cannot be reached: .*Is it running\?/,
  );
  assert.match(await ask("ftp://x"), /^failed invalid_input: .*no http address/);
});

test("an engine that never answers ends with the call's time", async (t) => {
  const { origin } = await loopback(t, () => undefined);
  const web = createWebServer({ workspace: "/nowhere", endpoint: origin });
  const signal = new AbortController().signal;
  const call = { tool: "search", parameters: { query: "x" }, key: "k", signal, timeoutMs: 100 };
  const outcome = await web.call(call);
  assert.equal(outcome.type === "failed" && outcome.failure.code, "timeout");
});

test("without an endpoint it searches the workspace and says so", async (t) => {
  const workspace = await workspaceOf(t, HARBOR);
  const server = createWebServer({ workspace });
  const found = await callTool(server, "search", {
    query: "What rate limits exist today?",
    max_results: 5,
  });
  assert.deepEqual(found, {
    query: "What rate limits exist today?",
    results: [
      {
        title: "docs/operations.md, line 7",
        url: "docs/operations.md#L7",
        snippet: "The public API allows 100 requests per minute per key.",
      },
      {
        title: "src/api/errors.ts, line 2",
        url: "src/api/errors.ts#L2",
        snippet: "readonly status = 429;",
      },
    ],
    sources: ["docs/operations.md#L7", "src/api/errors.ts#L2"],
    source: "workspace",
    note: "No web search engine is set, so only the workspace's own 6 files were searched. Set `searchEndpoint` to a SearXNG address to search the web.",
  });
  const none = (await callTool(server, "search", { query: "Which payment provider is used?" })) as {
    results: unknown[];
    note: string;
  };
  assert.deepEqual(none.results, []);
  assert.match(none.note, /Nothing there speaks of the question\./);
});
