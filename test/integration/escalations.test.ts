/** The queue of escalations over two processes: one drives, another lists, claims and answers, a third party only looks. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { callTool } from "../../src/app/agentTools/agentTool.ts";
import { agentTools } from "../../src/app/agentTools/agentTools.ts";
import { isFinished } from "../../src/run/state.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { CLI, endOf } from "./cli/spawnCli.ts";
import { asks, reaches, scene, stand, start, workflow } from "./harness/product.ts";

const STEPS = `
steps:
  - id: write
    type: delegate
    agent: "@poor"
    instructions: Write the release notes of version 2
    supervise: { max_iterations: 1, escalation: { owner: ann, priority: high, deadline: 1h } }
  - { id: end, type: return, value: "{{ steps.write.response }}" }
`;

test("an escalation is listed, claimed and edited from another process, and the run goes on", async (t) => {
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", STEPS) });
  const script = join(place.root, "agent.json");
  await writeFile(script, JSON.stringify([{ response: "I am sorry, I can't do that." }]));
  const app = await place.open({
    settings: { agents: { "@poor": { adapter: "scripted", script } } },
  });
  const run = await start(app, "it");
  const { id } = await asks(app, run, "write");
  const fermata = (...args: readonly string[]) =>
    endOf(
      spawn(process.execPath, [CLI, ...args], {
        cwd: place.workspace,
        env: { ...place.env, NO_COLOR: "1" },
      }),
    );

  const [line = ""] = (await fermata("escalations", "--json")).stdout.trim().split("\n");
  const { type, run: named, breakpoint, owner, priority, due } = JSON.parse(line);
  assert.deepEqual(
    [type, named, breakpoint, owner, priority],
    ["escalation", run, id, "ann", "high"],
  );
  assert.ok(due > Date.now());
  assert.match((await fermata("claim", run, id)).stdout, /It is yours/);

  const tools = agentTools({ app: () => app, allowed: async () => "questions" });
  const call = (name: string, input: JsonObject) => {
    const tool = tools.find((one) => one.name === name) ?? assert.fail(name);
    return callTool(tool, input, { name: "agent over MCP", signal: new AbortController().signal });
  };
  const listed = await call("list_escalations", {});
  assert.ok(
    listed.ok && JSON.stringify(listed.facts).includes('"claimed_by"'),
    listed.ok ? "" : listed.message,
  );
  const claimed = await call("claim_question", { run, question: id });
  assert.ok(!claimed.ok && /waits for a person/.test(claimed.message));

  await place.write("notes.md", "Version 2 is out.\n");
  const answered = await fermata("answer", run, id, "--edit", "notes.md");
  assert.equal(answered.code, 0, answered.stderr);
  const state = await reaches(app, run, "its end", isFinished);
  assert.equal(state.value, "Version 2 is out.\n", stand(state));
  assert.equal((await fermata("escalations")).stdout, "Nothing is escalated.\n");
});
