/**
 * The offline agent: no model, yet of use. It searches the workspace and works by lists.
 * Owns the choice of work for a prompt. Starts no process, opens no connection, changes no file.
 */
import type { ActivityContext } from "../../engine/activity.ts";
import { failure } from "../../run/failure.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import type { Adapter } from "../adapter.ts";
import type { Agent, AgentPrompt } from "../agent.ts";
import { answered, failed, stopped } from "../answer.ts";
import { writePlan } from "./plan/plan.ts";
import { reviewPlan } from "./plan/review.ts";
import { revisePlan } from "./plan/revise.ts";
import { researchQuestions } from "./questions.ts";
import { type OfflineWork, recognise } from "./request.ts";
import { contribute, type OfflineAnswer, research } from "./research.ts";
import { shapeData } from "./shape.ts";
import { createSurveyor, type Surveyor } from "./survey/survey.ts";
import type { Workspace } from "./workspace.ts";

export const offlineAdapter: Adapter = {
  kind: "offline",
  describes: "the built-in agent without a model: it searches the folder's files",
  settings: {},
  usualEffects: () => "repeatable",
  open: createOfflineAgent,
};

/** Needs nothing but the workspace; repeatable, because it only reads. */
export function createOfflineAgent(): Agent {
  const surveyor = createSurveyor();
  return {
    kind: "offline",
    effects: "repeatable",
    prompt: (prompt, context) => answer(prompt, context, surveyor),
  };
}

async function answer(
  prompt: AgentPrompt,
  context: ActivityContext,
  surveyor: Surveyor,
): Promise<ActivityOutcome> {
  const request = recognise(prompt.instructions, prompt.systemPrompt);
  if (request.kind === "change") return failed(cannot(request.what));
  const workspace: Workspace = {
    root: context.workspace,
    signal: context.signal,
    progress: context.progress,
    survey: () => surveyor(context.workspace, context.signal),
  };
  try {
    const { response, facts } = await work(workspace, request);
    context.output({ kind: "text", text: response });
    const schema = prompt.outputSchema;
    const data = schema === undefined ? {} : { data: shapeData(facts, schema) };
    return answered(prompt, { response, agentUsed: "offline", usage: "none", ...data });
  } catch (cause) {
    if (context.signal.aborted) return stopped("The offline agent", "repeatable");
    throw cause;
  }
}

function work(workspace: Workspace, request: OfflineWork): Promise<OfflineAnswer> {
  switch (request.kind) {
    case "questions":
      return Promise.resolve(researchQuestions(request));
    case "research":
      return research(workspace, request.question);
    case "plan":
      return writePlan(workspace, request);
    case "review":
      return reviewPlan(workspace, request);
    case "revise":
      return revisePlan(workspace, request);
    case "other":
      return contribute(workspace, request.question);
  }
}

function cannot(what: string) {
  const asked = what.length <= 120 ? what : `${what.slice(0, 119)}\u2026`;
  const message = `The offline agent has no model and changes nothing, so it cannot do this: "${asked}". Connect a model agent (for instance install and log in to claude, then run fermata doctor), or name another agent in the step.`;
  return failure("agent_unavailable", message);
}
