import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createWorker } from "../../src/workerKit/createWorker.ts";
import type { Operation, WorkerOptions } from "../../src/workerKit/operation.ts";
import { operationId } from "../../src/workerKit/perform.ts";

const NUMBER = {
  type: "object",
  properties: { n: { type: "number" } },
  required: ["n"],
  additionalProperties: false,
};
let ran = 0;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  double: {
    description: "Doubles a number.",
    parameters: NUMBER,
    run: ({ n }) => {
      ran += 1;
      return { result: { double: Number(n) * 2 }, confidence: 0.5, metadata: { by: "two" } };
    },
  },
  fail: {
    description: "Fails.",
    parameters: { type: "object" },
    run: () => {
      ran += 1;
      throw new Error("the disk is full");
    },
  },
  wait: {
    description: "Waits until it is told to stop.",
    parameters: { type: "object" },
    run: (_, { signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve({ result: "late" }))),
  },
};

async function started(t: TestContext, more: Partial<WorkerOptions> = {}) {
  const worker = createWorker({ name: "test", operations: OPERATIONS, ...more });
  const url = await worker.start();
  t.after(() => worker.stop(0));
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/operations`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const { status, headers: got } = response;
    return { status, replayed: got.get("idempotent-replay"), body: Object(await response.json()) };
  };
  const get = async (path: string) => Object(await (await fetch(url + path)).json());
  return { worker, url, post, get };
}

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "fermata-kit-"));
  t.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

test("an operation answers in the contract's shape", async (t) => {
  const { post, get } = await started(t);
  const { status, body } = await post({ operation: "double", parameters: { n: 4 } });
  assert.equal(status, 200);
  assert.match(body.operation_id, /^op-\d{8}-\d{6}-[0-9a-f]{8}$/);
  const { operation_id, execution_time_ms, ...rest } = body;
  assert.ok(execution_time_ms >= 0);
  assert.deepEqual(rest, {
    ...{ status: "completed", result: { double: 8 }, confidence_score: 0.5 },
    ...{ requires_human: false, token_usage: 0 },
    metadata: { worker: "test", operation: "double", by: "two" },
  });
  assert.deepEqual(await get(`/operations/${operation_id}`), body);
  const health = await get("/health");
  assert.deepEqual(
    [health.status, health.completed_operations, health.operations],
    ["healthy", 1, ["double", "fail", "wait"]],
  );
});

test("what is wrong with a request is told before anything runs", async (t) => {
  const { post } = await started(t);
  const before = ran;
  const said = async (body: unknown, headers = {}) => {
    const { status, body: answer } = await post(body, headers);
    return `${status} ${answer.error}`;
  };
  assert.match(await said("{"), /^400 /);
  assert.match(await said({}), /^400 Name the/);
  assert.match(await said({ operation: "doubel" }), /^404 .*Did you mean double\?$/);
  assert.match(await said({ operation: "double", parameters: {} }), /^422 .*"n"/);
  assert.match(await said({ operation: "double", parameters: { n: 1, m: 2 } }), /^422 /);
  assert.match(
    await said({ operation: "double", parameters: { n: 1 }, priority: 11 }),
    /^422 .*priority/,
  );
  assert.match(
    await said({ operation: "double", parameters: { n: 1 }, timeout_seconds: 0 }),
    /^422 .*timeout/,
  );
  assert.match(await said({ operation: "double" }, { "content-type": "text/plain" }), /^415 /);
  assert.match(await said(JSON.stringify({ operation: "x".repeat(2 ** 21) })), /^413 /);
  assert.equal(ran, before);
});

test("one key, one answer: at once, later, and after a restart; a failure may be tried again", async (t) => {
  const answersFile = join(await folder(t), "answers.jsonl");
  const first = await started(t, { answersFile });
  const key = { "idempotency-key": "run_1/a" };
  const four = { operation: "double", parameters: { n: 4 } };
  const before = ran;
  const both = await Promise.all([first.post(four, key), first.post(four, key)]);
  const again = await first.post(four, key);
  await first.worker.stop();
  const second = await started(t, { answersFile });
  const later = await second.post(four, key);
  assert.equal(ran, before + 1);
  assert.equal(new Set([...both, again, later].map(({ body }) => body.operation_id)).size, 1);
  assert.deepEqual([again.replayed, later.replayed], ["true", "true"]);
  assert.equal((await second.post({ ...four, parameters: { n: 5 } }, key)).status, 422);
  const failing = { operation: "fail", parameters: {} };
  const one = await second.post(failing, { "idempotency-key": "run_1/b" });
  await second.post(failing, { "idempotency-key": "run_1/b" });
  assert.deepEqual(
    [one.status, one.body.status, one.body.error],
    [500, "failed", "the disk is full"],
  );
  assert.equal(ran, before + 3);
});

test("an operation whose time is up fails, and so does one that outlasts a stop", async (t) => {
  const { post, worker, url } = await started(t);
  const { status, body } = await post({ operation: "wait", timeout_seconds: 1 });
  assert.deepEqual([status, body.status], [504, "failed"]);
  const left = post({ operation: "wait" });
  const health = async () => Object(await (await fetch(`${url}/health`)).json());
  while ((await health()).active_operations === 0);
  await worker.stop(50);
  assert.equal((await left).body.result, "late");
});

test("an operation that does not heed a stop is hung up on", { timeout: 30_000 }, async (t) => {
  const stuck = {
    description: "Never answers.",
    parameters: { type: "object" },
    run: () => new Promise<never>(() => undefined),
  };
  const { post, worker, get } = await started(t, { operations: { stuck } });
  const left = post({ operation: "stuck" }).catch(() => "hung up");
  while ((await get("/health")).active_operations === 0);
  await worker.stop(50);
  assert.equal(await left, "hung up");
});

test("what cannot be an outcome is a failure, and never a guess", async (t) => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const outcomes: Readonly<Record<string, unknown>> = {
    nothing: undefined,
    number: 5,
    unnamed: { answer: 4 },
    percent: { result: 1, confidence: 85 },
    unknown: { result: 1, confidence: Number.NaN },
    circular: { result: circular },
    large: { result: 10n },
  };
  const operations = Object.fromEntries(
    Object.entries(outcomes).map(([name, outcome]) => [
      name,
      { description: "", parameters: { type: "object" }, run: () => outcome as never },
    ]),
  );
  const { post } = await started(t, { operations });
  const said = new Map<string, string>();
  for (const operation of Object.keys(outcomes)) {
    const { status, body } = await post({ operation });
    assert.deepEqual([status, body.status, body.confidence_score], [500, "failed", 0], operation);
    said.set(operation, body.error);
  }
  assert.match(said.get("nothing") ?? "", /it must return \{result\}/);
  assert.match(said.get("percent") ?? "", /confidence 85, which is no number from 0 to 1/);
  assert.match(said.get("circular") ?? "", /cannot be written as JSON: Converting circular/);
});

test("options that cannot be meant are told before it listens", async (t) => {
  const made = (more: object) => () => createWorker({ name: "w", operations: OPERATIONS, ...more });
  const operation = (more: object) => ({ operations: { x: { ...OPERATIONS.double, ...more } } });
  assert.throws(made({ name: "" }), /`name`/);
  assert.throws(made({ operations: {} }), /w has no `operations`/);
  assert.throws(made(operation({ run: undefined })), /operation x of w has no `run`/);
  assert.throws(made(operation({ parameters: { type: "objekt" } })), /a JSON schema of an object/);
  assert.throws(made(operation({ parameters: undefined })), /a JSON schema of an object/);
  const nowhere = join(await folder(t), "none", "x");
  assert.throws(made({ answersFile: nowhere }), /ENOENT/);
  assert.throws(made({ logFile: nowhere }), /ENOENT/);
  const { worker, url } = await started(t);
  assert.equal(await worker.start(), url, "it listens once");
  const second = createWorker({
    ...{ name: "second", operations: OPERATIONS, port: Number(new URL(url).port) },
  });
  await assert.rejects(second.start(), /second cannot listen on 127.0.0.1: another program has/);
  await second.stop();
  await assert.rejects(second.start(), /was stopped/);
});

test("a page whose name was made to lead to this machine is refused", async (t) => {
  const { url } = await started(t);
  const asked = (host: string) =>
    new Promise<number>((resolve, reject) => {
      get(`${url}/health`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      }).on("error", reject);
    });
  const { port } = new URL(url);
  assert.deepEqual(
    await Promise.all(
      [`localhost:${port}`, `127.0.0.1:${port}`, `evil.example:${port}`].map(asked),
    ),
    [200, 200, 403],
  );
});

test("it says that it keeps its answers only where it does", async (t) => {
  const memory = await started(t);
  const file = await started(t, { answersFile: join(await folder(t), "answers.jsonl") });
  const says = await Promise.all([memory.get("/health"), file.get("/health")]);
  assert.deepEqual(
    says.map(({ idempotent }) => idempotent),
    [false, true],
  );
});

test("the log tells of every operation, with its trace", async (t) => {
  const logFile = join(await folder(t), "test.log");
  const { post, worker } = await started(t, { logFile });
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const { body } = await post({ operation: "double", parameters: { n: 1 } }, { traceparent });
  assert.equal(body.metadata.trace_id, "a".repeat(32));
  await post({ operation: "nope" });
  await worker.stop();
  const lines = (await readFile(logFile, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ event }) => event),
    ["started", "began", "completed", "refused", "stopped"],
  );
  assert.equal(lines[2].trace_id, "a".repeat(32));
  assert.ok(lines[2].ms >= 0);
});

test("with a token, only who has it gets in; health is open", async (t) => {
  const { post, get } = await started(t, { token: "s3cret" });
  const four = { operation: "double", parameters: { n: 4 } };
  assert.equal((await post(four)).status, 401);
  assert.equal((await post(four, { authorization: "Bearer s3cret" })).status, 200);
  assert.equal((await get("/health")).status, "healthy");
});

test("ids carry the time in UTC", () => {
  assert.match(operationId(new Date("2025-10-20T14:30:22Z")), /^op-20251020-143022-[0-9a-f]{8}$/);
});
