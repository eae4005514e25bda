import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import {
  createWorkerActivity,
  createWorkerReconcile,
} from "../../../src/activities/worker/worker.ts";
import { createWorkers } from "../../../src/activities/worker/workers.ts";
import { createCircuits } from "../../../src/http/circuit.ts";
import { createWorkerCalls } from "../../../src/http/workerCalls.ts";
import type { WorkerRequest } from "../../../src/run/request.ts";
import { secondsFor } from "../../../src/run/worker/contract.ts";
import type { JsonObject } from "../../../src/util/json.ts";
import { type Asked, json, loopback } from "../../http/loopback.ts";
import { failureOf } from "../../run/failureOf.ts";
import { openAttempt } from "../attempt.ts";

const DONE = {
  operation_id: "op-1",
  status: "completed",
  result: { rows: 2 },
  confidence_score: 0.85,
};

/** A worker that is well and answers operations by `answer`, as settings and a name know it. */
async function worker(
  t: TestContext,
  answer: (asked: Asked, response: ServerResponse) => void,
  health: JsonObject = { status: "healthy" },
) {
  let at = 0;
  const now = () => at;
  const server = await loopback(t, (asked, response) =>
    asked.url === "/health" ? json(response, health) : answer(asked, response),
  );
  const circuits = createCircuits({ failures: 3, rest: 1000, now });
  const workers = createWorkers({
    workers: () => ({ w: server.origin, other: { url: "x" } }),
    calls: createWorkerCalls({ now, circuits }),
  });
  const secrets = { resolve: async () => "t0ken" };
  const attempt = await openAttempt(t);
  const perform = createWorkerActivity({ workers, secrets });
  return {
    ...{ server, circuits, attempt },
    wait: (ms: number) => (at += ms),
    call: (more: Partial<WorkerRequest> = {}) => perform(request(more), attempt.context),
    list: workers.list,
    recall: () => createWorkerReconcile({ workers })(request({}), attempt.context),
  };
}

function request(more: Partial<WorkerRequest>): WorkerRequest {
  return { activity: "worker", worker: "w", operation: "count", parameters: { a: 1 }, ...more };
}

test("a call asks for health first, then posts the contract's body with key and trace", async (t) => {
  const { call, server } = await worker(t, (_, response) => json(response, DONE));
  const headers = { authorization: ["Bearer ", { secret: "T" }] };
  const outcome = await call({ headers, priority: 7, timeout_seconds: 30 });
  assert.deepEqual(outcome, {
    type: "completed",
    result: {
      ...{ operation_id: "op-1", status: "completed", result: { rows: 2 }, confidence: 85 },
      ...{ requires_human: false, execution_time_ms: 0, tokens_used: 0, metadata: {} },
    },
  });
  const [health, post] = server.asked;
  assert.deepEqual(
    [health?.method, health?.url, health?.headers.authorization],
    ["GET", "/health", undefined],
  );
  assert.equal(post?.headers["idempotency-key"], "run_1/step");
  assert.match(String(post?.headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.equal(post?.headers.authorization, "Bearer t0ken");
  assert.deepEqual(JSON.parse(post?.body ?? ""), {
    ...{ operation: "count", operation_type: "count", parameters: { a: 1 }, priority: 7 },
    ...{ timeout_seconds: 30, metadata: { run: "run_1", path: "step", attempt: 1 } },
  });
});

test("health counts for a second, and no longer", async (t) => {
  const { call, server, wait } = await worker(t, (_, response) => json(response, DONE));
  const asked = () => server.asked.filter(({ url }) => url === "/health").length;
  await Promise.all([call(), call()]);
  wait(999);
  await call();
  assert.equal(asked(), 1);
  wait(1);
  await call();
  assert.equal(asked(), 2);
});

test("what a person sends back is asked under another key, with what they said", async (t) => {
  const { call, server } = await worker(t, (_, response) => json(response, DONE));
  await call({ round: 2, guidance: "count again" });
  const post = server.asked.at(-1);
  assert.equal(post?.headers["idempotency-key"], "run_1/step~2");
  assert.equal(JSON.parse(post?.body ?? "").metadata.guidance, "count again");
});

test("nobody there, sick, and not JSON: each is told, and nothing is posted", async (t) => {
  const sick = await worker(t, () => assert.fail("posted"), { status: "unhealthy" });
  assert.equal(Object(failureOf(await sick.call()).detail).kind, "unhealthy");
  const gone = await worker(t, () => assert.fail("posted"));
  await gone.server.close();
  const failed = failureOf(await gone.call());
  assert.deepEqual([failed.code, Object(failed.detail).kind], ["network", "refused"]);
  assert.match(failed.message, /^The worker w is not well.*correct its address under `workers`\.$/);
  const there = failureOf(await gone.call({ worker: gone.server.origin }));
  assert.match(there.message, /correct the address in the workflow\.$/);
});

test("a worker that leads to another address is not followed: it was not the one that was meant", async (t) => {
  const other = await loopback(t, () => assert.fail("asked"));
  const { call } = await worker(t, (_, response) => {
    response.writeHead(307, { location: `${other.origin}/operations` }).end();
  });
  const failed = failureOf(await call());
  assert.deepEqual([failed.code, Object(failed.detail).kind], ["tool_error", "redirect"]);
  assert.match(failed.message, /redirects to .*Ask that address itself/);
  assert.equal(other.asked.length, 0);
});

test("the time that a worker is told is one that its contract takes", () => {
  assert.deepEqual([1500, 30_000, 30_001, 7_200_000].map(secondsFor), [10, 30, 31, 3600]);
});

test("an error says whose it is: the request's is not retried, the worker's may be", async (t) => {
  let status = 422;
  const { call } = await worker(t, (_, response) =>
    json(response, { error: "No such county." }, status),
  );
  const refused = failureOf(await call());
  assert.deepEqual([refused.code, Object(refused.detail).status], ["invalid_input", 422]);
  assert.match(refused.message, /HTTP 422: No such county\.$/);
  status = 500;
  assert.equal(failureOf(await call()).code, "tool_error");
});

test("malformed answers and failed operations are told apart", async (t) => {
  let answer: unknown = "text";
  const { call } = await worker(t, (_, response) => json(response, answer));
  const kindOf = async (said: unknown) => {
    answer = said;
    const { code, detail } = failureOf(await call());
    return [code, Object(detail).kind];
  };
  const malformed = ["invalid_output", "malformed"];
  assert.deepEqual(await kindOf("text"), malformed);
  assert.deepEqual(await kindOf({ result: 1 }), malformed);
  assert.deepEqual(await kindOf({ ...DONE, status: "fine" }), malformed);
  const other = await worker(t, (_asked, response) =>
    json(response, { ...DONE, status: "failed", error: "no disk" }),
  );
  const failed = failureOf(await other.call());
  assert.deepEqual([failed.code, Object(failed.detail).kind], ["tool_error", "operation_failed"]);
  const over = await worker(t, (_asked, response) =>
    json(response, { ...DONE, confidence_score: 85 }),
  );
  assert.equal(failureOf(await over.call()).code, "invalid_output");
});

test("an answer that comes before the work is done is none", async (t) => {
  const { call } = await worker(t, (_, response) =>
    json(response, { ...DONE, status: "executing", result: null }),
  );
  const { code, message } = failureOf(await call());
  assert.equal(code, "invalid_output");
  assert.match(message, /its `status` is `executing`: it answered before it was done\./);
});

test("an operation that a worker escalates asks for a person", async (t) => {
  const { call } = await worker(t, (_, response) =>
    json(response, { ...DONE, status: "escalating", requires_human: false }),
  );
  const outcome = await call();
  assert.ok(outcome.type === "completed");
  assert.equal(Object(outcome.result).requires_human, true);
});

test("a lost connection leaves the outcome unknown", async (t) => {
  const { call } = await worker(t, (_, response) => void response.socket?.destroy());
  assert.equal(failureOf(await call(), "unknown").code, "network");
});

test("after failures in a row the worker is left alone, then one call sees how it is", async (t) => {
  let status = 500;
  const { call, server, wait, circuits } = await worker(t, (_, response) =>
    json(response, DONE, status),
  );
  for (let n = 0; n < 3; n++) await call();
  const before = server.asked.length;
  const refused = failureOf(await call());
  assert.deepEqual([refused.code, Object(refused.detail).kind], ["network", "circuit_open"]);
  assert.equal(server.asked.length, before);
  wait(1000);
  status = 200;
  assert.equal((await call()).type, "completed");
  assert.equal(circuits.stateOf(server.origin), "closed");
});

test("a worker that only refuses what is wrong is not left alone", async (t) => {
  const { call, circuits, server } = await worker(t, (_, response) => json(response, {}, 404));
  for (let n = 0; n < 5; n++) await call();
  assert.equal(circuits.stateOf(server.origin), "closed");
});

test("a name that nobody set, or whose address is none, fails with what to do", async (t) => {
  const { call } = await worker(t, () => undefined);
  assert.match(
    failureOf(await call({ worker: "quite_another" })).message,
    /no worker quite_another\..*Set its address.*known are w, other/,
  );
  assert.equal(failureOf(await call({ worker: "other" })).code, "invalid_input");
});

test("a lost attempt is asked for again only where the worker keeps answers by key", async (t) => {
  const kept = await worker(t, (_, response) => json(response, DONE), {
    status: "healthy",
    idempotent: true,
  });
  assert.equal((await kept.recall())?.type, "completed");
  const not = await worker(t, () => assert.fail("posted"));
  assert.match(JSON.stringify(await not.recall()), /"unknown".*w keeps no answers by their keys/);
});

test("a cancel ends the call at once, and says nothing of the worker", async (t) => {
  const asked = Promise.withResolvers<void>();
  const { call, attempt, circuits, server } = await worker(t, () => asked.resolve());
  const called = call();
  await asked.promise;
  attempt.cancel();
  assert.equal(failureOf(await called, "unknown").code, "cancelled");
  assert.equal(circuits.stateOf(server.origin), "closed");
});

test("the workers of the settings are listed, asked how they are only when that is wanted", async (t) => {
  const { list, server } = await worker(t, (_, response) => json(response, DONE), {
    status: "degraded",
  });
  const url = server.origin;
  const [plain, wrong] = await list();
  assert.deepEqual(plain, { name: "w", url });
  assert.match(wrong?.problem ?? "", /There is no worker other/);
  assert.equal(server.asked.length, 0);
  assert.deepEqual((await list({ asked: true }))[0], { name: "w", url, says: "degraded" });
});
