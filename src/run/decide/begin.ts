/** The first decision about a step: skip it, stop before it, do it at once, ask, wait, unfold it or start an attempt. */

import type { WaitStep } from "../../workflow/definition/activitySteps.ts";
import type { WorkflowStep } from "../../workflow/definition/controlSteps.ts";
import { isOutside } from "../../workflow/definition/gate.ts";
import type { ApproveStep, PromptStep } from "../../workflow/definition/personSteps.ts";
import { parseDuration } from "../../workflow/duration.ts";
import type { Form } from "../ask/breakpoint.ts";
import type { Command } from "../command.ts";
import type { RunEvent } from "../event.ts";
import { definitionOf } from "../evolve/open.ts";
import { failure } from "../failure.ts";
import { bodyStart } from "../start/start.ts";
import { stopsBefore } from "../stops/stopsBefore.ts";
import { supervisionOf } from "../supervise/supervised.ts";
import { presentPlan, reviseAgain } from "./approve.ts";
import { startAttempt } from "./attempt.ts";
import { goTo } from "./flow/goto.ts";
import { expand } from "./flow/items.ts";
import { isWorkflow, tooDeep } from "./flow/limits.ts";
import { beginTurn } from "./flow/loop.ts";
import { judgeGates } from "./gates/gate.ts";
import { workDone } from "./gates/workEnd.ts";
import { planRequest } from "./plan.ts";
import { promptForm } from "./prompt.ts";
import { type ActivityStep, effectsOf, requestOf } from "./request/requestOf.ts";
import {
  asText,
  type Evaluated,
  holds,
  type Moment,
  type Place,
  render,
  renderObject,
  renderText,
} from "./scope.ts";
import { finallyFail } from "./settle.ts";
import { placeOf, type Standing } from "./standing.ts";
import { beginIteration } from "./supervise/iterate.ts";

/** What happens first with the step that a list stands at. */
export function begin(moment: Moment, standing: Standing): readonly Command[] {
  const { path, step, task, frame } = standing;
  const place = placeOf(standing);
  // A further iteration is the same step going on.
  if (!task && frame.supervised) return proceed(moment, standing, place);
  const stops = stopsBefore(moment, standing);
  if (stops.length > 0) return stops;
  if (step.when !== undefined) {
    const when = holds(moment, place, step.when);
    if (!when.ok) return finallyFail(standing, when.failure);
    if (!when.value) return [{ event: { type: "task_closed", path, status: "skipped" } }];
  }
  return proceed(moment, standing, place);
}

/** What happens with a step of which it is settled that it happens now. */
export function proceed(
  moment: Moment,
  standing: Standing,
  place: Place = placeOf(standing),
): readonly Command[] {
  const commands = beginStep(moment, standing, place);
  return "failure" in commands ? finallyFail(standing, commands.failure) : commands.value;
}

function beginStep(
  moment: Moment,
  standing: Standing,
  place: Place,
): Evaluated<readonly Command[]> {
  const { path, step } = standing;
  switch (step.kind) {
    case "set_state": {
      const updates = renderObject(moment, place, step.updates);
      return updates.ok ? { ok: true, value: [workDone(standing, updates.value)] } : updates;
    }
    case "return": {
      const value = render(moment, place, step.value ?? null);
      return value.ok
        ? one({ type: "task_closed", path, status: "done", result: value.value, returns: true })
        : value;
    }
    case "condition": {
      const taken = holds(moment, place, step.if);
      if (!taken.ok) return taken;
      const steps = taken.value ? step.then : step.else;
      const branch = steps.length === 0 ? "none" : taken.value ? "then" : "else";
      return one({ type: "task_opened", path, opening: { kind: "condition", branch } });
    }
    case "foreach":
      return expand(moment, standing, place, step);
    case "while":
      return beginTurn(moment, standing, place, step, 1);
    case "goto":
      return goTo(moment, standing, step);
    case "break":
    case "continue":
      return one({ type: "task_closed", path, status: "done", jump: { to: step.kind } });
    case "parallel":
    case "graph":
      return one({ type: "task_opened", path, opening: { kind: step.kind } });
    case "workflow":
      return enter(moment, standing, place, step);
    case "prompt":
      return prompt(moment, standing, place, step);
    case "approve":
      return approve(moment, standing, place, step);
    case "wait":
      return wait(moment, standing, place, step);
    case "gate": {
      if (!step.gates.some(({ check }) => isOutside(check))) {
        return { ok: true, value: judgeGates(moment, standing, place, null) };
      }
      return attempt(moment, standing, place, step);
    }
    case "plan": {
      const request = planRequest(moment, place, step);
      if (!request.ok) return request;
      const effects = effectsOf(moment.state, request.value, step.effects);
      return { ok: true, value: startAttempt(moment, standing, request.value, effects) };
    }
    case "delegate": {
      if (step.isolation)
        return one({ type: "task_opened", path, opening: { kind: "isolated", form: 2 } });
      const supervision = supervisionOf(step, standing.frame.body);
      return supervision
        ? beginIteration(moment, standing, place, step, supervision)
        : attempt(moment, standing, place, step);
    }
    case "worker_call":
      return step.supervise
        ? beginIteration(moment, standing, place, step, step.supervise)
        : attempt(moment, standing, place, step);
    case "mcp_call":
    case "shell":
    case "http":
      return attempt(moment, standing, place, step);
  }
}

function attempt(
  moment: Moment,
  standing: Standing,
  place: Place,
  step: ActivityStep,
): Evaluated<readonly Command[]> {
  const request = requestOf(moment, place, step);
  if (!request.ok) return request;
  const effects = effectsOf(moment.state, request.value, step.effects);
  return { ok: true, value: startAttempt(moment, standing, request.value, effects) };
}

function enter(
  moment: Moment,
  standing: Standing,
  place: Place,
  step: WorkflowStep,
): Evaluated<readonly Command[]> {
  const deep =
    isWorkflow(step.workflow) && tooDeep(moment.state, standing.frame, step.name ?? step.id);
  if (deep) return { ok: false, failure: deep };
  const given = renderObject(moment, place, step.inputs);
  if (!given.ok) return given;
  const definition = definitionOf(moment.state, step.workflow);
  const started = bodyStart(moment, definition, given.value, {
    ...place,
    strict: strictOf(moment, step),
  });
  if (!started.ok) return started;
  return one({
    type: "task_opened",
    path: standing.path,
    opening: { kind: "workflow", ...started.value },
  });
}

function strictOf(moment: Moment, step: WorkflowStep): boolean {
  return moment.state.started.bundle.workflows[step.workflow.workflow]?.strict ?? true;
}

function prompt(
  moment: Moment,
  standing: Standing,
  place: Place,
  step: PromptStep,
): Evaluated<readonly Command[]> {
  const form = promptForm(moment, place, step);
  if (!form.ok) return form;
  const due = step.timeout === undefined ? undefined : moment.at + step.timeout;
  return { ok: true, value: [ask(standing, form.value, due)] };
}

/** The plan is rendered once; after that its versions are those that people saw. */
function approve(
  moment: Moment,
  standing: Standing,
  place: Place,
  step: ApproveStep,
): Evaluated<readonly Command[]> {
  const { task } = standing;
  if (task && task.version > 0) return { ok: true, value: reviseAgain(moment, task) };
  const plan = renderText(moment, place, step.plan);
  if (!plan.ok) return plan;
  const title = step.title === undefined ? undefined : renderText(moment, place, step.title);
  if (title && !title.ok) return title;
  return { ok: true, value: presentPlan(moment, standing, plan.value, title?.value) };
}

function wait(
  moment: Moment,
  standing: Standing,
  place: Place,
  step: WaitStep,
): Evaluated<readonly Command[]> {
  const { path } = standing;
  if (step.signal !== undefined) {
    const due = step.timeout === undefined ? {} : { due: moment.at + step.timeout };
    return one({ type: "wait_started", path, signal: step.signal, ...due });
  }
  const due =
    step.until === undefined ? duration(moment, place, step) : until(moment, place, step.until);
  return due.ok ? one({ type: "wait_started", path, due: due.value }) : due;
}

function duration(moment: Moment, place: Place, step: WaitStep): Evaluated<number> {
  if (typeof step.duration === "number") return { ok: true, value: moment.at + step.duration };
  const given = render(moment, place, step.duration ?? 0);
  if (!given.ok) return given;
  const milliseconds = parseDuration(given.value);
  if (milliseconds !== undefined) return { ok: true, value: moment.at + milliseconds };
  const message = `duration of ${step.id} gave ${JSON.stringify(given.value)}, not a duration such as 30s or 5m.`;
  return { ok: false, failure: failure("invalid_input", message) };
}

function until(moment: Moment, place: Place, source: string): Evaluated<number> {
  const given = render(moment, place, source);
  if (!given.ok) return given;
  const time =
    typeof given.value === "number" ? given.value * 1000 : Date.parse(asText(given.value));
  if (Number.isFinite(time)) return { ok: true, value: time };
  const message = `until gave ${JSON.stringify(given.value)}, not an ISO time or seconds since 1970.`;
  return { ok: false, failure: failure("invalid_input", message) };
}

function ask(standing: Standing, form: Form, due: number | undefined): Command {
  const { path, task } = standing;
  const id = `${path}@${(task?.questions ?? 0) + 1}`;
  return {
    event: { type: "breakpoint_opened", path, id, form, ...(due === undefined ? {} : { due }) },
  };
}

function one(event: RunEvent): { readonly ok: true; readonly value: readonly Command[] } {
  return { ok: true, value: [{ event }] };
}
