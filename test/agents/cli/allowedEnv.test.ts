import assert from "node:assert/strict";
import { test } from "node:test";
import { createAgents } from "../../../src/agents/registry.ts";
import { attemptIn, scratch } from "../attempt.ts";

test("an agent's own list of variables stands in place of everybody's, and never lets a secret through", async (t) => {
  const workspace = await scratch(t);
  const own = { ONE: "1", TWO: "2", THREE: "3", FERMATA_SECRET_KEY: "hidden" };
  const shown = `console.log(${JSON.stringify(Object.keys(own))}.filter((name) => process.env[name]).join())`;
  const command = [process.execPath, "-e", shown];
  const agents = createAgents({
    workspace,
    settings: {
      agents: {
        "@own": { adapter: "command", command, allowed_env: ["ONE", "FERMATA_SECRET_KEY"] },
        "@none": { adapter: "command", command, allowedEnv: "" },
        "@usual": { adapter: "command", command },
      },
    },
    trusted: () => true,
    environment: { ...process.env, ...own },
    allowedVariables: ["TWO", "FERMATA_SECRET_KEY"],
  });
  const seen = async (name: string) => {
    const choice = await agents.choose(name);
    assert.ok(!("code" in choice), JSON.stringify(choice));
    const agent = agents.open(choice);
    assert.ok(!("code" in agent), JSON.stringify(agent));
    const outcome = await agent.prompt({ instructions: "x" }, attemptIn(workspace, name).context);
    // One that gets nothing says nothing, which is no answer.
    return outcome.type === "completed" ? Object(outcome.result).response : outcome.type;
  };
  assert.equal(await seen("@own"), "ONE");
  assert.equal(await seen("@usual"), "TWO");
  assert.notEqual(await seen("@none"), "TWO");
});
