/**
 * An agent that ignores every polite signal and forks, its host killed while it runs: it and its child are gone before
 * the task goes on. `repeatable` makes a new attempt with the same key; `once` asks a person what to do.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { App } from "../../src/app/app.ts";
import type { RunState } from "../../src/run/state.ts";
import { asks, ends, jsonLines, reaches, scene, workflow } from "../integration/harness/product.ts";
import { remote } from "../integration/harness/remote.ts";
import { isAlive, readText, until } from "../process/until.ts";

const STUBBORN = fileURLToPath(new URL("../agents/stubbornAgent.ts", import.meta.url));

const STEPS = `
steps:
  - { id: ask, type: delegate, agent: "@stubborn", instructions: go }
  - { id: end, type: return, value: "{{ steps.ask }}" }
`;

interface Started {
  readonly agent: number;
  readonly child: number;
  readonly key: string;
  readonly attempt: number;
}

interface Orphaned {
  readonly run: string;
  readonly first: Started;
  /** How many agents were started so far, and which. */
  readonly lines: () => number;
  readonly started: () => Promise<readonly Started[]>;
  readonly open: () => Promise<App>;
}

/** A run whose host was killed while the agent worked. */
async function orphaned(t: TestContext, effects: "once" | "repeatable"): Promise<Orphaned> {
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", STEPS) });
  const file = join(place.root, "started");
  const command = [process.execPath, STUBBORN, file];
  const settings = { agents: { "@stubborn": { adapter: "command", command, effects } } };
  const started = async (): Promise<readonly Started[]> =>
    (await jsonLines(file)) as unknown as readonly Started[];
  const host = await remote(t, place, { settings });
  const run = await host.startRun({ template: "it", inputs: {}, startedBy: "t" });
  assert.ok(run.ok);
  await until("the agent to run", () => readText(file).endsWith("\n"));
  const [first] = await started();
  assert.ok(first && isAlive(first.agent) && isAlive(first.child));
  await host.kill("SIGKILL");
  const lines = (): number => readText(file).split("\n").length - 1;
  return { run: run.run, first, lines, started, open: () => place.open({ settings }) };
}

function assertGone({ agent, child }: Started): void {
  assert.deepEqual([isAlive(agent), isAlive(child)], [false, false]);
}

test("repeatable: the old agent and its child are gone before the next attempt, which has their key", async (t) => {
  const { run, first, lines, started, open } = await orphaned(t, "repeatable");
  const app = await open();
  assert.deepEqual(await app.openRun(run), { ok: true, ownership: "here" });
  const begun = ({ tasks }: RunState): boolean => tasks.get("ask")?.attempts === 2;
  await reaches(app, run, "the second attempt", begun);
  assertGone(first);
  await until("the second agent", () => lines() === 2);
  const second = (await started())[1] ?? assert.fail();
  assert.deepEqual([second.key, second.attempt], [first.key, 2]);
  assert.equal(first.key, `${run}/ask`);
  assert.ok((await app.signal(run, { type: "kill", by: "t" })).ok);
  await ends(app, run);
  assertGone(second);
});

for (const [choice, status, value] of [
  ["done", "done", null],
  ["fail", "failed", undefined],
] as const) {
  test(`once: a person is asked, and ${choice} counts it as ${status}`, async (t) => {
    const { run, first, started, open } = await orphaned(t, "once");
    const app = await open();
    assert.ok((await app.openRun(run)).ok);
    const { form } = await asks(app, run, "ask");
    assertGone(first);
    assert.ok(form.kind === "outcome");
    assert.deepEqual(form.options, ["retry", "done", "fail"]);
    assert.match(form.message, /Nobody knows whether attempt 1 of ask took effect/);
    const signal = { type: "answer", breakpoint: "ask", answer: choice, by: "t" } as const;
    assert.ok((await app.signal(run, signal)).ok);
    const state = await ends(app, run);
    assert.deepEqual([state.status, state.value], [status, value]);
    assert.equal((await started()).length, 1, "nothing was done again");
  });
}

test("once: retry makes a new attempt with the same key, only then", async (t) => {
  const { run, first, lines, started, open } = await orphaned(t, "once");
  const app = await open();
  assert.ok((await app.openRun(run)).ok);
  await asks(app, run, "ask");
  assert.equal((await started()).length, 1);
  const signal = { type: "answer", breakpoint: "ask", answer: "retry", by: "t" } as const;
  assert.ok((await app.signal(run, signal)).ok);
  await until("the second agent", () => lines() === 2);
  const second = (await started())[1] ?? assert.fail();
  assert.deepEqual([second.key, second.attempt], [first.key, 2]);
  assertGone(first);
  await app.dispose();
  assertGone(second);
});

test("an editor that closes in good order leaves no process either, and the task is taken up again", async (t) => {
  const { run, lines, started, open } = await orphaned(t, "repeatable");
  const app = await open();
  assert.ok((await app.openRun(run)).ok);
  await until("the second agent", () => lines() === 2);
  await app.dispose();
  for (const one of await started()) assertGone(one);
  const next = await open();
  assert.deepEqual(await next.resumeInterrupted(), [run]);
  await until("the third agent", () => lines() === 3);
  const keys = new Set((await started()).map(({ key }) => key));
  assert.equal(keys.size, 1);
});
