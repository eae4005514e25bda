/** A person steps into one task of a run: the agent's next attempt hears what was said, or there is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunState } from "../../src/run/state.ts";
import { reaches, scene, start, workflow } from "./harness/product.ts";

/** An agent that works for ever unless somebody stepped in, and then says what it heard. */
const AGENT = `
let text = "";
process.stdin.on("data", (piece) => (text += piece));
process.stdin.on("end", () => {
  const told = /A person stepped in\\. (.*)/.exec(text);
  if (told) return console.log("heard: " + told[1]);
  setInterval(() => {}, 1000);
});
`;

const JOB = workflow(
  "job",
  `
steps:
  - { id: work, type: delegate, instructions: Work, timeout: 10m }
  - { id: end, type: return, value: "{{ steps.work.response }}" }
`,
);

const atWork = ({ tasks }: RunState): boolean => tasks.get("work")?.status === "running";

test("a running agent is guided into another attempt, and stopped for good", async (t) => {
  const place = await scene(t, { "workflows/job.workflow.yaml": JOB, "agent.cjs": AGENT });
  const agent = { adapter: "command", command: [process.execPath, "agent.cjs"] };
  const app = await place.open({ settings: { defaultAgent: "@one", agents: { "@one": agent } } });
  const guided = await start(app, "job");
  await reaches(app, guided, "the agent at work", atWork);
  const told = { type: "guide", path: "work", text: "Use the other store.", by: "ann" } as const;
  assert.ok((await app.signal(guided, told)).ok);
  const done = await reaches(app, guided, "its end", ({ status }) => status === "done");
  assert.equal(done.value, "heard: ann says: Use the other store.");
  const stopped = await start(app, "job");
  await reaches(app, stopped, "the agent at work", atWork);
  assert.ok((await app.signal(stopped, { type: "stop_task", path: "work", by: "ann" })).ok);
  const failed = await reaches(app, stopped, "its end", ({ status }) => status === "failed");
  assert.equal(failed.failure?.code, "cancelled");
  assert.match(failed.failure?.message ?? "", /^work was stopped by ann/);
});
