/**
 * Agents that outlive their host, which is killed with SIGKILL: their sessions go on under the next host, which stops
 * them in time, counts them among its agents, and judges them by all that they did.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { App } from "../../src/app/app.ts";
import { isFinished, type RunState } from "../../src/run/state.ts";
import { isObject, type JsonObject } from "../../src/util/json.ts";
import { findRow, runTree } from "../../src/views/taskTree.ts";
import type { PeerScript } from "../agents/acp/peer.ts";
import {
  answer,
  asks,
  jsonLines,
  reaches,
  type Scene,
  scene,
  stand,
  workflow,
} from "../integration/harness/product.ts";
import { remote } from "../integration/harness/remote.ts";
import { isAlive, readText, until } from "../process/until.ts";

const PEER = fileURLToPath(new URL("../agents/acp/peer.ts", import.meta.url));
const ASK = {
  ask: {
    toolCall: { toolCallId: "q", title: "Go on?", kind: "other" },
    options: [
      { optionId: "y", name: "Yes", kind: "allow_once" },
      { optionId: "n", name: "No", kind: "reject_once" },
    ],
  },
} as const;
const END = { stop: "end_turn" } as const;

const say = (text: string) =>
  ({ update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text } } }) as const;

interface Left {
  readonly place: Scene;
  readonly run: string;
  readonly open: (settings?: JsonObject) => Promise<App>;
}

/** A run of these steps over the peer, whose host was killed once it stood where `stands` says. */
async function left(
  t: TestContext,
  { steps, script }: { readonly steps: string; readonly script: PeerScript },
  stands: (app: App, run: string) => Promise<unknown>,
): Promise<Left> {
  const resumes = { capabilities: { sessionCapabilities: { resume: {} } }, ...script };
  const command = [process.execPath, "--no-warnings", PEER, JSON.stringify(resumes)];
  const agents = { "@task": { adapter: "acp", command } };
  const settings = { agents, defaultAgent: "@task" };
  const place = await scene(t, {
    "it.workflow.yaml": workflow("it", `steps:\n${steps}`),
    ".gitignore": "peer.log\nhung\n",
  });
  const host = await remote(t, place, { settings });
  const started = await host.startRun({ template: "it.workflow.yaml", inputs: {}, startedBy: "t" });
  const run = started.ok ? started.run : assert.fail(JSON.stringify(started));
  const watcher = await place.open({ settings });
  await stands(watcher, run);
  await host.kill("SIGKILL");
  await watcher.dispose();
  return { place, run, open: (more = {}) => place.open({ settings: { ...settings, ...more } }) };
}

for (const limit of ["timeout: 4s", "idle_timeout: 4s"])
  test(`an agent that goes on and then hangs is stopped by its ${limit}, and nothing of it is left`, async (t) => {
    const script = { turn: [ASK, END], again: [say("back"), { hang: true }] } as const;
    const steps = `  - { id: work, type: delegate, instructions: do, ${limit} }\n`;
    const { place, run, open } = await left(t, { steps, script }, (app, id) =>
      asks(app, id, "work"),
    );
    const app = await open();
    assert.ok((await app.openRun(run)).ok);
    await until("it to hang", () => readText(`${place.workspace}/hung`) !== "");
    const state = await reaches(app, run, "its end", isFinished);
    assert.equal(state.failure?.code, "timeout", stand(state));
    const agent = Number(readText(`${place.workspace}/hung`));
    await until("it to be gone", () => !isAlive(agent));
  });

test("agents that go on keep their places: a new one waits while they are too many", async (t) => {
  const steps = `
  - id: each
    type: foreach
    items: [a, b, c]
    max_parallel: 3
    steps: [{ id: work, type: delegate, instructions: "{{ item }}" }]
`;
  const words = (state: RunState): string => {
    const tree = runTree(state, { driven: true });
    return ["a", "b", "c"].map((_, i) => findRow(tree, `each[${i}]/work`)?.word ?? "?").join(", ");
  };
  const shows = (wanted: string) => (state: RunState) => words(state) === wanted;
  const script = { turn: [ASK, say("done"), END] };
  const { run, open } = await left(t, { steps, script }, (app, id) =>
    reaches(app, id, "three that ask", ({ breakpoints }) => breakpoints.size === 3),
  );
  const app = await open({ maxAgents: 1 });
  assert.ok((await app.openRun(run)).ok);
  const again = ({ breakpoints }: RunState) =>
    breakpoints.size === 3 && [...breakpoints.keys()].every((id) => id.endsWith("@1.2"));
  await reaches(app, run, "three that ask again: none that runs waits for a place", again);
  const second = await app.startRun({ template: "it.workflow.yaml", inputs: {}, startedBy: "t" });
  assert.ok(second.ok);
  await reaches(app, second.run, "its turn", shows("Queued, Queued, Queued"));
  for (const i of [0, 1]) await answer(app, run, `each[${i}]/work`, "allow_once");
  await reaches(app, run, "two to end", shows("Done, Done, Waiting for you"));
  await reaches(app, second.run, "that none has its turn", shows("Queued, Queued, Queued"));
  await answer(app, run, "each[2]/work", "allow_once");
  await reaches(app, second.run, "a place", ({ breakpoints }) => breakpoints.size === 1);
  await app.signal(second.run, { type: "kill", by: "t" });
});

test("an agent that goes on is judged by all that it did, as if nothing had happened", async (t) => {
  const steps = `
  - id: work
    type: delegate
    instructions: Write first.txt and second.txt.
    supervise: { max_iterations: 1, quality: { threshold: 1 }, confidence: { threshold: 1 } }
`;
  const ran = {
    update: {
      ...{ sessionUpdate: "tool_call", toolCallId: "c", title: "Bash(npm test)", kind: "execute" },
      status: "completed",
      content: [{ type: "content", content: { type: "text", text: "fine, exit code: 0" } }],
    },
  } as const;
  const before = [ran, { write: "first.txt", text: "1\n" }, ASK] as const;
  const after = [
    { write: "second.txt", text: "2\n" },
    say("first.txt and second.txt are written."),
  ];
  const script = { turn: [...before, ...after, END], again: [...after, END] };
  const judged = async (killed: boolean) => {
    const { run, open } = await left(t, { steps, script }, (app, id) =>
      killed ? saidAndAsks(app, id) : answered(app, id),
    );
    const app = await open();
    assert.ok((await app.openRun(run)).ok);
    const state = await reaches(app, run, "its end", isFinished);
    assert.equal(state.status, "done", stand(state));
    const journal = `${app.stateFolder}/runs/${run}/journal.jsonl`;
    const events = (await jsonLines(journal)).map(({ event }) => (isObject(event) ? event : {}));
    const of = (type: string) => events.find((event) => event.type === type) ?? assert.fail(type);
    const kept = `${app.stateFolder}/runs/${run}/guards/work.1.before`;
    if (killed) await until("what was kept for a next host to go", () => !existsSync(kept));
    // What the words cost is the one thing that differs: it was asked twice.
    const { tokens_used: _, ...result } = Object(of("attempt_completed").result);
    return { result, confidence: of("confidence_scored"), quality: of("quality_checked") };
  };
  const whole = await judged(false);
  const { files, commands } = Object(whole.result.evidence);
  assert.deepEqual([files.length, commands.length], [2, 1], JSON.stringify(whole.result));
  assert.deepEqual(await judged(true), whole);
});

/** Answers the agent, and waits until its run has ended. */
async function answered(app: App, run: string): Promise<void> {
  await answer(app, run, "work", "allow_once");
  await reaches(app, run, "its end", isFinished);
}

/** It asks, and what it said before that is with the file system: a transcript is written behind the work. */
async function saidAndAsks(app: App, run: string): Promise<void> {
  await asks(app, run, "work");
  const output = `${app.stateFolder}/runs/${run}/output/work.1.jsonl`;
  await until("what it said to be written", () => readText(output).includes("exit code: 0"));
}
