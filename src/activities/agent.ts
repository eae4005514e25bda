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
  readonly choices: (name: string) => AgentChoice | undefined;
  readonly restore?: Restore;
  /** The clock by which an agent's silences are measured, in ms. */
  readonly now?: () => number;
}

/** Completes with {response, data, agent_used, tokens_used, cost_usd, files_changed}; see `AgentAnswer`. */
export function createAgentActivity(
  dependencies: AgentActivityDependencies,
): Activity<AgentRequest> {
  return async (request, outer) => {
    const opened = openFor(dependencies, request);
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
    const outcome = await watchedWhere(dependencies, request, context, (inner) =>
      agent.prompt(prompt, inner),
    );
    return outcome.type === "unknown" || !use ? outcome : { ...outcome, context: use };
  };
}

/**
 * Goes on with an attempt whose host died, by asking the agent's vendor. Its processes must be proven gone. Unknown when
 * the agent cannot tell, or cannot be asked now. It is watched as the attempt was before.
 */
export function createAgentReconcile(
  dependencies: AgentActivityDependencies,
): Activity<AgentRequest> {
  return async (request, context) => {
    const opened = openFor(dependencies, request);
    if ("code" in opened) return untold(opened.message);
    const { agent, choice } = opened;
    if (!agent.reconcile) return untold(`${request.agent} keeps no sessions.`);
    context.progress(`asking ${request.agent} what became of the last attempt`);
    const placed = await placedIn(request.folder, context, dependencies.restore);
    if ("code" in placed) return untold(placed.message);
    const prompt = promptOf(request, choice);
    const reconcile = agent.reconcile.bind(agent, prompt);
    const outcome = await watchedWhere(dependencies, request, placed, reconcile);
    // That it cannot be asked now does not say that it did nothing then.
    return outcome.type === "failed" && outcome.failure.code === "agent_unavailable"
      ? untold(outcome.failure.message)
      : outcome;
  };
}

/** Whether the agent of a request may know what became of an attempt that it lost the line to. */
export function agentRemembers(
  dependencies: AgentActivityDependencies,
): (request: AgentRequest) => boolean {
  return (request) => {
    const opened = openFor(dependencies, request);
    return !("code" in opened) && opened.agent.reconcile !== undefined;
  };
}

function watchedWhere(
  { now = Date.now }: AgentActivityDependencies,
  { watch }: AgentRequest,
  context: ActivityContext,
  perform: (context: ActivityContext) => Promise<ActivityOutcome>,
): Promise<ActivityOutcome> {
  return watch ? watched(context, watch.files, now, perform) : perform(context);
}

function untold(message: string): ActivityOutcome {
  return { type: "unknown", failure: failure("outcome_unknown", message) };
}

function openFor(
  { agents, choices }: AgentActivityDependencies,
  request: AgentRequest,
): { readonly agent: Agent; readonly choice: AgentChoice } | Failure {
  const choice = choices(request.agent);
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
