/** The twelve integration tests of seed 003, by their names: one engine in the place of the orchestrator, six real workers. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { SERVICES } from "../../../examples/workers/services.ts";
import { isObject, type JsonObject } from "../../../src/util/json.ts";
import { createWorker } from "../../../src/workerKit/createWorker.ts";
import {
  answer,
  asks,
  ends,
  play,
  reaches,
  resultOf,
  stand,
  start,
  workflow,
} from "../harness/product.ts";
import { openSystem, PLANTED, say } from "./system.ts";

const CALL = (worker: string, operation: string, more = "") =>
  workflow(
    "call",
    `steps:\n  - { id: call, type: worker_call, worker: ${worker}, operation: ${operation}${more} }\n`,
  );

test("test_orchestrator_health", async (t) => {
  const { app, place, workers } = await openSystem(t);
  const health = await app.health();
  assert.notEqual(health.status, "unhealthy", JSON.stringify(health.checks));
  const registered = health.checks.find(({ about }) => about === "Workers");
  assert.deepEqual(registered?.figures, { ok: 6, amiss: 0 });
  await workers.get("sunbiz")?.stop(0);
  const short = await (await place.open()).health();
  assert.equal(short.status, "unhealthy");
  const down = short.checks.find(({ about }) => about === "Worker sunbiz");
  assert.match(down?.message ?? "", /not well, so nothing was given to it/);
});

test("test_all_workers_health", async (t) => {
  const { urls } = await openSystem(t);
  const bodies = await Promise.all(
    Object.values(urls).map(async (url) => Object(await (await fetch(`${url}/health`)).json())),
  );
  assert.deepEqual(
    bodies.map(({ worker, status }) => [worker, status]),
    Object.keys(SERVICES).map((name) => [name, "healthy"]),
  );
  const ports = Object.values(SERVICES).map(({ port }) => port);
  assert.deepEqual(ports, [8001, 8002, 8003, 8004, 8005, 8006]);
});

test("test_florida_worker_delegation", async (t) => {
  const parameters = ', parameters: { counties: ["06"], datasets: [NAL], year: 2025 }';
  const { app } = await openSystem(t, {
    files: { "workflows/call.workflow.yaml": CALL("florida_data", "download", parameters) },
  });
  const value = resultOf(await play(app, "call"));
  assert.match(String(value.operation_id), /^op-\d{8}-\d{6}-[0-9a-f]{8}$/);
  assert.deepEqual(
    [value.status, value.confidence, value.requires_human],
    ["completed", 100, false],
  );
  const { files } = Object(value.result);
  assert.deepEqual([files[0].name, files[0].rows], ["NAL_06_2025", PLANTED.rows["06"]]);
});

test("test_direct_worker_calls", async (t) => {
  const { direct } = await openSystem(t);
  const synced = await direct("sunbiz", "sync_entities");
  assert.equal(Object(synced.result).total, PLANTED.businesses);
  const status = Object((await direct("sunbiz", "monitor_status")).result);
  assert.equal(status.inactive.length, PLANTED.inactive);
  const answer = await direct("ai_ml", "handle_chat_query", {
    query: "What is the meaning of it all?",
  });
  assert.deepEqual([answer.confidence_score, answer.requires_human], [0.3, true]);
});

test("test_multi_step_workflow", async (t) => {
  const { app } = await openSystem(t);
  const state = await play(app, "data-pipeline");
  assert.equal(state.status, "done", stand(state));
  const steps = [...state.tasks.values()].filter(({ kind }) => kind === "worker_call");
  assert.deepEqual(
    steps.map(({ id, status }) => [id, status]),
    ["download", "process", "validate", "fill-gaps", "upload"].map((id) => [id, "done"]),
  );
});

test("test_error_handling", async (t) => {
  const steps = `
steps:
  - { id: operation, type: worker_call, worker: florida_data, operation: nothing, on_error: continue }
  - { id: parameters, type: worker_call, worker: florida_data, operation: download, parameters: { counties: [1] }, on_error: continue }
  - { id: own, type: worker_call, worker: entity_matching, operation: match_entities, on_error: continue }
  - { id: gone, type: worker_call, worker: "http://127.0.0.1:9", operation: x, on_error: continue }
  - id: end
    type: return
    value: { operation: "{{ steps.operation.error }}", parameters: "{{ steps.parameters.error }}", own: "{{ steps.own.error }}", gone: "{{ steps.gone.error }}" }
`;
  const { app } = await openSystem(t, {
    files: { "workflows/call.workflow.yaml": workflow("call", steps) },
  });
  const value = resultOf(await play(app, "call"));
  const kinds = Object.entries(value).map(([name, error]) => {
    const { code, detail } = Object(error);
    return [name, code, detail.kind, detail.status ?? null];
  });
  assert.deepEqual(kinds, [
    ["operation", "invalid_input", "http_status", 404],
    ["parameters", "invalid_input", "http_status", 422],
    ["own", "tool_error", "http_status", 500],
    ["gone", "network", kinds[3]?.[2], null],
  ]);
  assert.match(String(Object(value.own).message), /no properties are stored yet/);
});

test("test_timeout_handling", async (t) => {
  let asked = 0;
  const slow = createWorker({
    name: "slow",
    operations: {
      sleep: {
        description: "Sleeps until it is told to stop.",
        parameters: { type: "object" },
        run: (_, { signal }) => {
          asked += 1;
          return new Promise((resolve) =>
            signal.addEventListener("abort", () => resolve({ result: null })),
          );
        },
      },
    },
  });
  const url = await slow.start();
  t.after(() => slow.stop(0));
  const file = CALL(
    "slow",
    "sleep",
    ", timeout: 1500ms, effects: repeatable, retry: { max_attempts: 2, delay: 10ms }",
  );
  const { app } = await openSystem(t, {
    workers: { slow: url },
    files: { "workflows/call.workflow.yaml": file },
  });
  const state = await play(app, "call");
  assert.deepEqual([state.status, state.failure?.code], ["failed", "timeout"], stand(state));
  // The second attempt has the first one's key: the worker goes on with what it began.
  assert.deepEqual([state.tasks.get("call")?.attempts, asked], [2, 1]);
});

test("test_token_usage_tracking", async (t) => {
  const talking = createWorker({
    name: "talking",
    operations: {
      talk: {
        description: "Says what a model took.",
        parameters: { type: "object" },
        run: () => ({ result: "said", token_usage: 2500 }),
      },
    },
  });
  const url = await talking.start();
  t.after(() => talking.stop(0));
  const { app, direct } = await openSystem(t, {
    workers: { talking: url },
    files: { "workflows/call.workflow.yaml": CALL("talking", "talk") },
  });
  const state = await play(app, "call");
  assert.equal(Object(state.value).tokens_used, 2500);
  assert.equal(state.tokens, 2500);
  // What an agent would have to read of each operation's answer: four characters a token, as the seed counts them.
  await play(app, "data-pipeline");
  const read: readonly (readonly [kind: string, target: number, answer: JsonObject])[] = [
    ["health check", 2000, await direct("performance", "monitor_health")],
    ["data validation", 4500, await direct("data_quality", "validate", { counties: ["06"] })],
    ["data pipeline", 9200, await direct("florida_data", "process", { counties: ["06"] })],
    [
      "entity matching",
      8800,
      await direct("sunbiz", "sync_entities").then(() =>
        direct("entity_matching", "match_entities"),
      ),
    ],
    ["AI/ML inference", 7500, await direct("ai_ml", "assign_use_codes", { counties: ["06"] })],
  ];
  for (const [kind, target, said] of read) {
    assert.equal(said.http, 200, JSON.stringify(said));
    const tokens = Math.ceil(JSON.stringify(said).length / 4);
    say(t, `${kind}: ${tokens} tokens of ${target} to read its answer, 0 of a model`);
    assert.ok(tokens < target, `${kind}: ${tokens}`);
  }
});

test("test_escalation_queue", async (t) => {
  const unclear = CALL("ai_ml", "handle_chat_query", ", parameters: { query: What now? }");
  const { app } = await openSystem(t, { files: { "workflows/call.workflow.yaml": unclear } });
  const run = await start(app, "call");
  const open = await asks(app, run, "call");
  assert.equal(open.form.kind, "escalation");
  assert.match(
    open.form.kind === "escalation" ? open.form.reason : "",
    /confidence is 30, below 70/,
  );
  await answer(app, run, "call", { decision: "retry", guidance: "look again" });
  const again = await reaches(app, run, "another question", ({ breakpoints }) =>
    [...breakpoints.keys()].some((id) => id.endsWith("@2")),
  );
  assert.equal(again.tasks.get("call")?.attempts, 2);
  await answer(app, run, "call", { decision: "edit", response: '{"answer":"Nothing."}' });
  const state = await ends(app, run);
  const value = resultOf(state);
  assert.deepEqual([value.result, value.edited_by], [{ answer: "Nothing." }, "tester"]);
});

// What a socket would push is what every watcher of the app gets.
test("test_websocket_updates", async (t) => {
  const { app } = await openSystem(t);
  const run = await start(app, "data-pipeline");
  const watch = (await app.watchRun(run)) ?? assert.fail();
  const seen = new Set<string>();
  const note = () => {
    for (const { path, status } of watch.state.tasks.values()) seen.add(`${path} ${status}`);
  };
  watch.onChange(note);
  note();
  await app.settled(run);
  note();
  watch.dispose();
  for (const step of ["download", "process", "upload"]) {
    assert.ok(seen.has(`${step} running`) && seen.has(`${step} done`), [...seen].join(", "));
  }
});

test("test_response_time_benchmark", async (t) => {
  const parameters = ', parameters: { counties: ["06"] }';
  const { app, direct, urls } = await openSystem(t, {
    files: { "workflows/call.workflow.yaml": CALL("florida_data", "download", parameters) },
  });
  const middle = async (many: number, work: () => Promise<number>): Promise<number> => {
    const times: number[] = [];
    for (let n = 0; n < many; n++) times.push(await work());
    return times.sort((a, b) => a - b)[Math.floor(many / 2)] ?? 0;
  };
  const timed = (work: () => Promise<unknown>) => async () => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const delegated = async () => {
    const { tasks } = await play(app, "call");
    const { started_at, ended_at = Number.NaN } = tasks.get("call") ?? assert.fail();
    return ended_at - started_at;
  };
  const asked = () => fetch(`${urls.florida_data}/health`).then((response) => response.text());
  const complex = async () => {
    await direct("florida_data", "process");
    await direct("florida_data", "upload");
  };
  // The seed's limits in ms, each for the middle one of several.
  const told: readonly (readonly [what: string, limit: number, ms: number])[] = [
    ["delegation of one step", 200, await middle(5, delegated)],
    ["health check", 100, await middle(10, timed(asked))],
    [
      "simple (monitor)",
      1000,
      await middle(
        10,
        timed(() => direct("florida_data", "monitor")),
      ),
    ],
    [
      "medium (validate)",
      2000,
      await middle(
        10,
        timed(() => direct("data_quality", "validate")),
      ),
    ],
    ["complex (process, upload)", 3000, await middle(10, timed(complex))],
  ];
  for (const [what, limit, ms] of told) {
    say(t, `${what}: ${(ms / limit).toFixed(3)} of its limit`);
    assert.ok(ms < limit, `${what} took ${ms} ms of ${limit}`);
  }
});

test("test_system_integration_summary", async (t) => {
  const { app, urls, work } = await openSystem(t);
  await play(app, "data-pipeline");
  const health = await app.health();
  assert.notEqual(health.status, "unhealthy", JSON.stringify(health.checks));
  const logs = await Promise.all(
    Object.values(SERVICES).map(({ log }) => readFile(join(work, "logs", `${log}.log`), "utf8")),
  );
  const traces = new Set(
    logs.flatMap((text) =>
      text
        .split("\n")
        .filter((line) => line.includes('"completed"'))
        .map((line) => Object(JSON.parse(line)).trace_id),
    ),
  );
  assert.equal(traces.size, 1, "one run, one trace over all workers");
  const bodies = await Promise.all(
    Object.values(urls).map(async (url) => Object(await (await fetch(`${url}/health`)).json())),
  );
  const done = bodies.map(({ completed_operations }) => Number(completed_operations));
  assert.equal(
    done.reduce((sum, count) => sum + count, 0),
    5,
  );
  assert.ok(bodies.every((body) => isObject(body) && body.active_operations === 0));
  say(t, `${bodies.length} workers healthy, ${done.join(" + ")} operations, one trace`);
});
