import assert from "node:assert/strict";
import { test } from "node:test";
import { createHttpActivity } from "../../src/activities/http.ts";
import type { ActivityOutcome, HttpRequest } from "../../src/run/request.ts";
import type { Json } from "../../src/util/json.ts";
import { json, loopback } from "../http/loopback.ts";
import { failureOf } from "../run/failureOf.ts";
import { openAttempt } from "./attempt.ts";

const perform = createHttpActivity({
  secrets: { resolve: async (name) => (name === "TOKEN" ? "t0ken" : undefined) },
});
const AUTH = { authorization: ["Bearer ", { secret: "TOKEN" }] };

function http(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { activity: "http", method: "GET", url, ...more };
}

function resultOf(outcome: ActivityOutcome): Json {
  assert.equal(outcome.type, "completed", JSON.stringify(outcome));
  return outcome.type === "completed" ? outcome.result : null;
}

test("JSON is data, anything else is text, and headers have lower-case names", async (t) => {
  const { context } = await openAttempt(t);
  const { origin } = await loopback(t, ({ url }, response) => {
    if (url === "/text") return void response.setHeader("X-A", "b").end("plain");
    if (url === "/none") return void response.writeHead(204).end();
    json(response, { a: [1] });
  });
  const get = async (path: string) => resultOf(await perform(http(origin + path), context));
  const { body } = Object(await get("/json"));
  assert.deepEqual(body, { a: [1] });
  const text = Object(await get("/text"));
  assert.deepEqual([text.status, text.body, text.headers["x-a"]], [200, "plain", "b"]);
  assert.equal(Object(await get("/none")).body, null);
});

test("a POST carries JSON, the secret's value and the task's key; a GET no key", async (t) => {
  const { context } = await openAttempt(t);
  const { origin, asked } = await loopback(t, (_, response) => json(response, {}));
  await perform(http(origin, { method: "POST", body: { n: 1 }, headers: AUTH }), context);
  await perform(http(origin, { method: "POST", body: "as it is", round: 2 }), context);
  await perform(http(origin), context);
  const seen = asked.map(({ body, headers }) => [
    body,
    headers["content-type"],
    headers.authorization,
    headers["idempotency-key"],
  ]);
  assert.deepEqual(seen, [
    ['{"n":1}', "application/json", "Bearer t0ken", "run_1/step"],
    ["as it is", "text/plain; charset=utf-8", undefined, "run_1/step~2"],
    ["", undefined, undefined, undefined],
  ]);
});

test("a secret that nobody set fails before anything is sent", async (t) => {
  const { context } = await openAttempt(t);
  const { origin, asked } = await loopback(t, (_, response) => json(response, {}));
  const headers = { a: [{ secret: "OTHER" }] };
  const failed = failureOf(await perform(http(origin, { headers }), context));
  assert.deepEqual([failed.code, asked.length], ["secret_missing", 0]);
});

test("another status than expected is a tool_error with the whole answer as its detail", async (t) => {
  const { context } = await openAttempt(t);
  const { origin } = await loopback(t, (_, response) => json(response, { why: "no" }, 404));
  const failed = failureOf(await perform(http(origin), context));
  assert.deepEqual([failed.code, Object(failed.detail).status], ["tool_error", 404]);
  assert.deepEqual(Object(failed.detail).body, { why: "no" });
  const status = ["4xx"];
  assert.equal(
    Object(resultOf(await perform(http(origin, { expect: { status } }), context))).status,
    404,
  );
});

test("an answer that is not what it says, or not what the schema says, is invalid_output", async (t) => {
  const { context } = await openAttempt(t);
  const { origin } = await loopback(t, ({ url }, response) => {
    response.setHeader("content-type", "application/json");
    response.end(url === "/bad" ? '{"a":' : '{"a":"x"}');
  });
  const bad = failureOf(await perform(http(`${origin}/bad`), context));
  assert.deepEqual([bad.code, Object(bad.detail).kind], ["invalid_output", "malformed"]);
  const schema = { type: "object", properties: { a: { type: "number" } } };
  const unfit = failureOf(await perform(http(`${origin}/ok`, { expect: { schema } }), context));
  assert.equal(unfit.code, "invalid_output");
  assert.match(unfit.message, /expect\.schema/);
});

test("nobody there: nothing was sent, and it is a network failure that says so", async (t) => {
  const { context } = await openAttempt(t);
  const { origin, close } = await loopback(t, (_, response) => json(response, {}));
  await close();
  const failed = failureOf(await perform(http(origin, { method: "POST" }), context));
  assert.deepEqual([failed.code, Object(failed.detail).kind], ["network", "refused"]);
  const mail = failureOf(await perform(http("http://127.0.0.1:25/", { method: "POST" }), context));
  assert.deepEqual([mail.code, Object(mail.detail).kind], ["network", "unreachable"]);
});

test("a connection lost after the request leaves the outcome unknown", async (t) => {
  const { context } = await openAttempt(t);
  const { origin } = await loopback(t, ({ url }, response) => {
    if (url === "/head") return void response.socket?.destroy();
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.socket?.destroy());
  });
  for (const path of ["/head", "/body"]) {
    const lost = failureOf(await perform(http(origin + path), context), "unknown");
    assert.deepEqual([lost.code, Object(lost.detail).kind], ["network", "lost"]);
  }
});

test("a cancel ends the request at once", async (t) => {
  const { context, cancel } = await openAttempt(t);
  const { origin } = await loopback(t, () => setTimeout(cancel, 20));
  const stopped = failureOf(await perform(http(origin), context), "unknown");
  assert.equal(stopped.code, "cancelled");
});

test("an answer without end is cut off, not kept", async (t) => {
  const { context } = await openAttempt(t);
  const { origin } = await loopback(t, (_, response) => {
    const more = (): void =>
      void response.write(Buffer.alloc(256 * 1024), (gone) => (gone ? undefined : more()));
    more();
  });
  const failed = failureOf(await perform(http(origin), context));
  assert.deepEqual([failed.code, Object(failed.detail).kind], ["tool_error", "too_large"]);
});

test("redirects are followed, but secrets never reach another origin", async (t) => {
  const { context } = await openAttempt(t);
  const other = await loopback(t, (_, response) => json(response, { at: "other" }));
  const { origin, asked } = await loopback(t, ({ url }, response) => {
    const to = { "/same": "/end", "/away": `${other.origin}/end`, "/loop": "/loop" }[url];
    if (to === undefined) return json(response, { at: "end" });
    response.writeHead(url === "/same" ? 303 : 307, { location: to }).end();
  });
  const post = { method: "POST", body: { a: 1 } } as const;
  const same = resultOf(await perform(http(`${origin}/same`, { ...post, headers: AUTH }), context));
  assert.deepEqual(Object(same).body, { at: "end" });
  assert.deepEqual([asked.at(-1)?.method, asked.at(-1)?.body], ["GET", ""]);
  const away = failureOf(await perform(http(`${origin}/away`, { headers: AUTH }), context));
  assert.deepEqual([away.code, other.asked.length], ["tool_error", 0]);
  assert.doesNotMatch(JSON.stringify(away), /t0ken/);
  const plain = { cookie: "c=1", "x-a": "b" };
  resultOf(await perform(http(`${origin}/away`, { ...post, headers: plain }), context));
  const { method, headers, body } = other.asked[0] ?? assert.fail("it was not asked");
  assert.deepEqual(
    [method, headers.cookie, headers["x-a"], body],
    ["POST", undefined, "b", '{"a":1}'],
  );
  const loop = failureOf(await perform(http(`${origin}/loop`), context));
  assert.match(loop.message, /redirected more than 5 times/);
});

test("what is no address, or cannot be sent, is the step's own fault", async (t) => {
  const { context } = await openAttempt(t);
  const { origin } = await loopback(t, (_, response) => json(response, {}));
  const wrong = [
    http("file:///etc/passwd"),
    http("nowhere"),
    http("http://ann:secret@x/"),
    http(origin, { headers: { "x-a": "line\nbreak" } }),
    http(origin, { body: { a: 1 } }),
  ];
  for (const request of wrong) {
    assert.equal(failureOf(await perform(request, context)).code, "invalid_input", request.url);
  }
});
