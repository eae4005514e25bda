/** The beginning of an iteration: its prompt, made from the step and from what came before. The agent is called next. */
import type { DelegateStep } from "../../../workflow/definition/activitySteps.ts";
import type { WorkerCallStep } from "../../../workflow/definition/callSteps.ts";
import type { Supervision } from "../../../workflow/definition/supervision.ts";
import type { Command } from "../../command.ts";
import type { AgentRequest, WorkerRequest } from "../../request.ts";
import type { Carried } from "../../supervise/facts.ts";
import { generatePrompt, type PromptAsked, saidBeside, taskText } from "../../supervise/prompt.ts";
import { filesIn } from "../../supervise/requirements.ts";
import { FIRST } from "../../supervise/supervised.ts";
import { operationText } from "../../worker/asAnswer.ts";
import { effectsOf, requestOf } from "../request/requestOf.ts";
import { type Evaluated, type Moment, type Place, renderText } from "../scope.ts";
import type { Standing } from "../standing.ts";

/** What a visit of a supervised step goes on from. */
export function carriedAt({ task, frame }: Standing): Carried {
  return task?.supervised ?? frame.supervised ?? FIRST;
}

/** The prompt of the iteration that a list stands at. */
export function beginIteration(
  moment: Moment,
  standing: Standing,
  place: Place,
  step: DelegateStep | WorkerCallStep,
  supervision: Supervision,
): Evaluated<readonly Command[]> {
  const { path } = standing;
  const carried = carriedAt(standing);
  const asked = requestOf(moment, place, step);
  if (!asked.ok) return asked;
  const { value } = asked;
  if (value.activity !== "agent" && value.activity !== "worker") return { ok: true, value: [] };
  const requirements = renderAll(moment, place, supervision.quality.requirements);
  if (!requirements.ok) return requirements;
  const prompted = {
    title: step.name ?? "",
    instructions: value.activity === "agent" ? value.instructions : operationText(value),
    requirements: requirements.value,
    notes: carried.notes,
  };
  const { text, parts } = generatePrompt(prompted);
  const request =
    value.activity === "agent"
      ? agentRequest(value, prompted, text, carried)
      : workerRequest(value, prompted);
  const effects = effectsOf(moment.state, request, step.effects);
  const { iteration } = carried;
  return {
    ok: true,
    value: [{ event: { type: "prompt_generated", path, iteration, request, effects, parts } }],
  };
}

function agentRequest(
  asked: AgentRequest,
  { title }: PromptAsked,
  instructions: string,
  carried: Carried,
): AgentRequest {
  const task = taskText(title, asked.instructions);
  const chosen = carried.agent === undefined ? {} : { agent: carried.agent };
  return { ...asked, ...chosen, instructions, watch: { task, files: filesToSee(task, carried) } };
}

/** A worker is given its operation as ever, and in words what it is held to and what came before. */
function workerRequest(asked: WorkerRequest, prompted: PromptAsked): WorkerRequest {
  const guidance = saidBeside(prompted);
  return guidance === "" ? asked : { ...asked, guidance };
}

/** Texts of the settings that may be templates. */
export function renderAll(
  moment: Moment,
  place: Place,
  sources: readonly string[] | undefined,
): Evaluated<readonly string[]> {
  const rendered: string[] = [];
  for (const source of sources ?? []) {
    const text = renderText(moment, place, source);
    if (!text.ok) return text;
    rendered.push(text.value);
  }
  return { ok: true, value: rendered };
}

/** What the task names and what earlier iterations changed is looked at, too: the work is all of it, not the last touch. */
function filesToSee(task: string, { notes }: Carried): readonly string[] {
  return [...new Set([...filesIn(task), ...notes.flatMap(({ files }) => files)])];
}
