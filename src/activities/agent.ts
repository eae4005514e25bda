/**
 * Performs a delegated task: one prompt to the agent that the run chose for its name.
 * Owns the way from a request to a prompt. Never retries; knows no adapter.
 */
import type { Agent, AgentChoice, AgentPrompt } from "../agents/agent.ts";
import type { Activity, ActivityContext } from "../engine/activity.ts";
import { type Failure, failure } from "../run/failure.ts";
import type { ActivityOutcome, AgentRequest } from "../run/request.ts";
import { withContext } from "./context.ts";
import { placedIn, type Restore } from "./folder.ts";
import { watched } from "./watch/watched.ts";

export interface AgentActivityDependencies {
  readonly agents: { readonly open: (choice: AgentChoice) => Agent | Failure };
  /** The choice that the run recorded for a name; undefined when it recorded none. */
  readonly choices: (name: string, context: ActivityContext) => AgentChoice | undefined;
  readonly restore?: Restore;
  /** The clock by which an agent's silences are measured, in ms. */
  readonly now?: () => number;
}

/** Completes with {response, data, agent_used, tokens_used, cost_usd, files_changed}; see `AgentAnswer`. */
export function createAgentActivity(
  dependencies: AgentActivityDependencies,
): Activity<AgentRequest> {
  return async (request, outer) => {
    const opened = openFor(dependencies, request, outer);
    if ("code" in opened) return { type: "failed", failure: opened };
    outer.progress(`asking ${request.agent}`);
    const { agent, choice } = opened;
    const placed = await placedIn(request.folder, outer, dependencies.restore);
    if ("code" in placed) return { type: "failed", failure: placed };
    const context = placed;
    const given = await withContext(request, choice.definition.context_tokens, context);
    if ("code" in given) return { type: "failed", failure: given };
    const { instructions, use } = given;
    const prompt = promptOf({ ...request, instructions }, choice);
    const { watch } = request;
    const now = dependencies.now ?? Date.now;
    const outcome = watch
      ? await watched(context, watch.files, now, (inner) => agent.prompt(prompt, inner))
      : await agent.prompt(prompt, context);
    return outcome.type === "unknown" || !use ? outcome : { ...outcome, context: use };
  };
}

/**
 * Finds out what became of an attempt whose host died, by asking the agent's vendor. Its processes must be proven
 * gone. Unknown or undefined when the agent cannot tell, or could not before this moment be asked.
 */
export function createAgentReconcile(
  dependencies: AgentActivityDependencies,
): (request: AgentRequest, context: ActivityContext) => Promise<ActivityOutcome | undefined> {
  return async (request, context) => {
    const opened = openFor(dependencies, request, context);
    if ("code" in opened || opened.agent.reconcile === undefined) return undefined;
    context.progress(`asking ${request.agent} what became of the last attempt`);
    const prompt = promptOf(request, opened.choice);
    const placed = await placedIn(request.folder, context, dependencies.restore);
    if ("code" in placed) return undefined;
    return opened.agent.reconcile(prompt, placed);
  };
}

function openFor(
  { agents, choices }: AgentActivityDependencies,
  request: AgentRequest,
  context: ActivityContext,
): { readonly agent: Agent; readonly choice: AgentChoice } | Failure {
  const choice = choices(request.agent, context);
  if (choice === undefined) {
    const message = `The run recorded no agent for ${request.agent}. Start the run again, so that one is chosen.`;
    return failure("agent_unavailable", message);
  }
  const agent = agents.open(choice);
  return "code" in agent ? agent : { agent, choice };
}

function promptOf(request: AgentRequest, { definition }: AgentChoice): AgentPrompt {
  return {
    instructions: request.instructions,
    ...(request.output_schema === undefined ? {} : { outputSchema: request.output_schema }),
    ...(request.correction === undefined ? {} : { correction: request.correction }),
    ...(definition.system_prompt === undefined ? {} : { systemPrompt: definition.system_prompt }),
    ...(definition.model === undefined ? {} : { model: definition.model }),
  };
}
