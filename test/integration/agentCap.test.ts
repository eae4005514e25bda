/** How many agents work at once across the runs of one process: the rest are Queued, in turn, and lose no time. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App } from "../../src/app/app.ts";
import type { RunState } from "../../src/run/state.ts";
import { findRow, runTree } from "../../src/views/taskTree.ts";
import { reaches, type Scene, scene, stand, start, workflow } from "./harness/product.ts";

/** An agent that says that it works, and works until the file of its name is there. */
const AGENT = `
const { existsSync, writeFileSync } = require("node:fs");
let text = "";
process.stdin.on("data", (piece) => (text += piece));
process.stdin.on("end", () => {
  const name = /WORK-(\\w+)/.exec(text)[1];
  writeFileSync("begun-" + name, "");
  const look = setInterval(() => {
    if (!existsSync("go-" + name)) return;
    clearInterval(look);
    console.log("done " + name);
  }, 10);
});
`;

const JOB = workflow(
  "job",
  `
inputs: { names: { type: array, required: true } }
limits: { timeout: 1h }
steps:
  - id: each
    type: foreach
    items: "{{ inputs.names }}"
    steps: [{ id: work, type: delegate, instructions: "WORK-{{ item }}", timeout: 10m }]
`,
);

const JUDGED = workflow(
  "judged",
  `
limits: { timeout: 1h }
steps:
  - id: each
    type: foreach
    items: [a, b]
    steps:
      - id: work
        type: wait
        duration: 1ms
        gates: [{ name: good, severity: warn, check: { agent: "@one", criteria: "WORK-{{ item }}" } }]
`,
);

async function capped(t: TestContext, maxAgents: number): Promise<[Scene, App]> {
  const place = await scene(t, {
    "workflows/job.workflow.yaml": JOB,
    "workflows/judged.workflow.yaml": JUDGED,
    "agent.cjs": AGENT,
  });
  const agent = { adapter: "command", command: [process.execPath, "agent.cjs"] };
  const settings = { maxAgents, defaultAgent: "@one", agents: { "@one": agent } };
  return [place, await place.open({ settings })];
}

const job = (app: App, ...names: string[]): Promise<string> =>
  start(app, "job", { inputs: { names } });

function wordsOf(state: RunState): string {
  const tree = runTree(state, { driven: true });
  const paths = [...state.tasks.values()].filter(({ kind }) => kind === "delegate");
  return paths.map(({ path }) => findRow(tree, path)?.word ?? "?").join(", ");
}

const shows = (words: string) => (state: RunState) => wordsOf(state) === words;

test("the rest are Queued, run by run in turn, and a free place is taken at once", async (t) => {
  const [place, app] = await capped(t, 2);
  const go = (name: string) => writeFile(join(place.workspace, `go-${name}`), "");
  const first = await job(app, "a", "b", "c", "d");
  await reaches(app, first, "two at work", shows("Running, Running, Queued, Queued"));
  const second = await job(app, "x");
  await reaches(app, second, "its turn", shows("Queued"));
  await go("a");
  await reaches(app, first, "one more", shows("Done, Running, Running, Queued"));
  await go("b");
  await reaches(app, second, "its place before the fourth of the other", shows("Running"));
  for (const name of ["c", "d", "x"]) await go(name);
  for (const run of [first, second]) {
    const state = await app.settled(run);
    assert.equal(state.status, "done", stand(state));
  }
});

test("a run that is cancelled gives its places back, those it had and those it waited for", async (t) => {
  const [place, app] = await capped(t, 1);
  const first = await job(app, "a", "b");
  await reaches(app, first, "one at work", shows("Running, Queued"));
  const second = await job(app, "x");
  await reaches(app, second, "its turn", shows("Queued"));
  await app.signal(first, { type: "cancel", by: "test" });
  await reaches(app, second, "the place", shows("Running"));
  assert.equal((await app.settled(first)).status, "cancelled");
  await writeFile(join(place.workspace, "go-x"), "");
  assert.equal((await app.settled(second)).status, "done");
});

test("one that was queued when its host was let go begins in the next, without a question", async (t) => {
  const [place, app] = await capped(t, 1);
  const run = await job(app, "a", "b");
  await reaches(app, run, "one at work", shows("Running, Queued"));
  await app.dispose();
  for (const name of ["a", "b"]) await writeFile(join(place.workspace, `go-${name}`), "");
  const agent = { adapter: "command", command: [process.execPath, "agent.cjs"] };
  const next = await place.open({
    settings: { defaultAgent: "@one", agents: { "@one": agent } },
  });
  await next.openRun(run);
  const state = await next.settled(run);
  const asked = [...state.breakpoints.values()].map(({ path }) => path);
  assert.deepEqual(asked, ["each[0]/work"], "only the one that had begun");
  assert.equal(state.tasks.get("each[1]/work")?.status, "done", stand(state));
});

test("an agent that judges for a gate takes a place like any other", async (t) => {
  const [place, app] = await capped(t, 1);
  const run = await start(app, "judged");
  const queued = ({ open }: RunState): boolean =>
    [...open.values()].some(({ state }) => state.is === "running" && state.queued_at !== undefined);
  await reaches(app, run, "one that waits for its turn", queued);
  for (const name of ["a", "b"]) await writeFile(join(place.workspace, `go-${name}`), "");
  const state = await app.settled(run);
  assert.equal(state.status, "done", stand(state));
});
