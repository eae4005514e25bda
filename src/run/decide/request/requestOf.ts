/** What an attempt is asked to do: the request of a step, rendered from what the step may read, and what it may do twice. */
import { own } from "../../../util/json.ts";
import type {
  DelegateStep,
  GateStep,
  McpCallStep,
  ShellStep,
} from "../../../workflow/definition/activitySteps.ts";
import type { HttpStep, WorkerCallStep } from "../../../workflow/definition/callSteps.ts";
import type { ActivityRequest, Effects } from "../../request.ts";
import type { Frame, RunState } from "../../state.ts";
import { type Evaluated, type Moment, type Place, renderObject, renderText } from "../scope.ts";
import { httpRequest, workerRequest } from "./callRequest.ts";
import { gateRequest, shellRequest } from "./commandRequest.ts";
import { contextRequest } from "./contextRequest.ts";

/** The steps that an attempt performs. */
export type ActivityStep =
  | DelegateStep
  | McpCallStep
  | ShellStep
  | GateStep
  | HttpStep
  | WorkerCallStep;

/** The request of a step with an outside effect, rendered from what the step may read. */
export function requestOf(
  moment: Moment,
  place: Place,
  step: ActivityStep,
): Evaluated<ActivityRequest> {
  switch (step.kind) {
    case "delegate": {
      const instructions = renderText(moment, place, step.instructions);
      if (!instructions.ok) return instructions;
      const agent = agentAt(moment.state, place.frame, step.agent);
      const schema = step.output_schema ? { output_schema: step.output_schema } : {};
      const given = contextRequest(moment, place, step);
      if (!given.ok) return given;
      const context = given.value ? { context: given.value } : {};
      const asked = { activity: "agent", agent, instructions: instructions.value } as const;
      const folder = step.folder === undefined ? undefined : renderText(moment, place, step.folder);
      if (folder && !folder.ok) return folder;
      const where = folder ? { folder: folder.value } : {};
      return { ok: true, value: { ...asked, ...schema, ...context, ...where } };
    }
    case "mcp_call": {
      const parameters = renderObject(moment, place, step.parameters);
      if (!parameters.ok) return parameters;
      return {
        ok: true,
        value: { activity: "tool", tool: step.tool, parameters: parameters.value },
      };
    }
    case "shell":
      return shellRequest(moment, place, step);
    case "gate":
      return gateRequest(moment, place, step);
    case "http":
      return httpRequest(moment, place, step);
    case "worker_call":
      return workerRequest(moment, place, step);
  }
}

/** Whether an attempt of this request may be made again when nobody knows what became of the last one. */
export function effectsOf(
  state: RunState,
  request: ActivityRequest,
  declared: Effects | undefined,
): Effects {
  if (declared) return declared;
  switch (request.activity) {
    case "agent":
      return state.started.agents[request.agent]?.effects ?? "once";
    case "tool":
      return state.started.tools[request.tool]?.effects ?? "once";
    case "gate":
      return "repeatable";
    case "http":
      return READS.has(request.method) ? "repeatable" : "once";
    case "worker":
    case "shell":
      return "once";
  }
}

/** Methods that change nothing on the other side. */
const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** The agent that a step names, or that stands for none. */
export function agentAt({ started }: RunState, { body }: Frame, named: string | undefined): string {
  const { default_agent, default_agents = {} } = started;
  return named ?? body.agent ?? own(default_agents, body.workflow) ?? default_agent;
}
