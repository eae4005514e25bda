/** Agents as settings make them, through the real registry: in a scratch workspace, with nothing of this machine's found. */
import type { TestContext } from "node:test";
import { type AgentsDependencies, createAgents } from "../../src/agents/registry.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { attemptIn, scratch } from "./attempt.ts";

/** A registry in which `@task` has these settings; none: it is left to what is found. */
export async function agentsWith(
  t: TestContext,
  entry: JsonObject | undefined,
  more: Partial<AgentsDependencies> = {},
) {
  const workspace = await scratch(t);
  const environment = { PATH: "", HOME: workspace, OLLAMA_HOST: "127.0.0.1:9" };
  const agents = createAgents({
    workspace,
    settings: { agents: entry === undefined ? {} : { "@task": entry } },
    trusted: () => true,
    environment,
    ...more,
  });
  return { agents, workspace };
}

/** `@task` with these settings, opened, and an attempt for it. */
export async function openAgent(
  t: TestContext,
  entry: JsonObject | undefined,
  more: Partial<AgentsDependencies> = {},
) {
  const { agents, workspace } = await agentsWith(t, entry, more);
  const choice = await agents.choose("@task");
  if ("code" in choice) throw new Error(choice.message);
  const agent = agents.open(choice);
  if ("code" in agent) throw new Error(agent.message);
  return { agent, choice, workspace, attempt: attemptIn(workspace) };
}
