/** The start of an attempt: its request rendered, its token drawn, its deadline set. */

import { shortHash } from "../../util/hash.ts";
import { quoteAt } from "../../util/shellPlace.ts";
import type {
  DelegateStep,
  GateStep,
  McpCallStep,
  ShellStep,
} from "../../workflow/definition/activitySteps.ts";
import { isCommand } from "../../workflow/definition/gate.ts";
import { secretParts } from "../../workflow/read/secret.ts";
import type { Step } from "../../workflow/workflow.ts";
import type { Command } from "../command.ts";
import type { ActivityRequest, Effects, SecretText } from "../request.ts";
import type { Frame, OpenTask, RunState } from "../state.ts";
import {
  type Evaluated,
  type Moment,
  type Place,
  render,
  renderObject,
  renderText,
} from "./scope.ts";
import { callsSpent, finallyFail, tooManyCalls } from "./settle.ts";
import { type Standing, standingAt } from "./standing.ts";

/** Time for one attempt where the step says nothing, in ms. Agents have none. */
const DEFAULT_TIMEOUT = 30_000;

/** Starts the next attempt of a task with this request, unless the task may call its agent no more. */
export function startAttempt(
  moment: Moment,
  standing: Standing,
  request: ActivityRequest,
  effects: Effects,
): readonly Command[] {
  const { path, step, task } = standing;
  if (task && callsSpent(moment.state, task, request)) {
    return finallyFail(standing, tooManyCalls(moment.state, task));
  }
  const attempt = (task?.attempts ?? 0) + 1;
  const token = tokenOf(moment.state, path, attempt);
  const timeout = timeoutOf(step.timeout, request);
  const deadline = timeout === undefined ? {} : { deadline: moment.at + timeout };
  return [
    {
      event: { type: "task_started", path, attempt, token, request, effects, ...deadline },
      effect: { type: "perform", path, attempt, token, request, ...idleOf(step) },
    },
  ];
}

/** Makes another attempt with the recorded request (an automatic retry, or a person's word), within the same limit. */
export function repeatAttempt(
  moment: Moment,
  task: OpenTask,
  correction: string | undefined,
): readonly Command[] {
  const recorded = task.request;
  if (!recorded) return [];
  if (callsSpent(moment.state, task, recorded)) {
    return finallyFail(standingAt(task), tooManyCalls(moment.state, task));
  }
  const attempt = task.attempts + 1;
  const token = tokenOf(moment.state, task.path, attempt);
  const timeout = timeoutOf(task.step.timeout, recorded);
  const corrected = recorded.activity === "agent" && correction !== undefined;
  return [
    {
      event: {
        type: "task_started",
        path: task.path,
        attempt,
        token,
        ...(corrected ? { correction } : {}),
        ...(timeout === undefined ? {} : { deadline: moment.at + timeout }),
      },
      effect: {
        type: "perform",
        path: task.path,
        attempt,
        token,
        request: corrected ? { ...recorded, correction } : recorded,
        ...idleOf(task.step),
      },
    },
  ];
}

/** The request of a step with an outside effect, rendered from what the step may read. */
export function requestOf(
  moment: Moment,
  place: Place,
  step: DelegateStep | McpCallStep | ShellStep | GateStep,
): Evaluated<ActivityRequest> {
  switch (step.kind) {
    case "delegate": {
      const instructions = renderText(moment, place, step.instructions);
      if (!instructions.ok) return instructions;
      const agent = agentFor(moment.state, place.frame, step);
      const schema = step.output_schema ? { output_schema: step.output_schema } : {};
      return {
        ok: true,
        value: { activity: "agent", agent, instructions: instructions.value, ...schema },
      };
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
    case "shell":
      return "once";
  }
}

function agentFor(state: RunState, frame: Frame, step: DelegateStep): string {
  return step.agent ?? frame.body.agent ?? state.started.default_agent;
}

function shellRequest(moment: Moment, place: Place, step: ShellStep): Evaluated<ActivityRequest> {
  const command = renderCommand(moment, place, step.command);
  if (!command.ok) return command;
  const cwd = step.cwd === undefined ? undefined : renderText(moment, place, step.cwd);
  if (cwd && !cwd.ok) return cwd;
  const env = step.env === undefined ? undefined : renderSecrets(moment, place, step.env);
  if (env && !env.ok) return env;
  return {
    ok: true,
    value: {
      activity: "shell",
      command: command.value,
      ...(cwd ? { cwd: cwd.value } : {}),
      ...(env ? { env: env.value } : {}),
    },
  };
}

function gateRequest(moment: Moment, place: Place, step: GateStep): Evaluated<ActivityRequest> {
  const commands: { name: string; command: string | readonly string[] }[] = [];
  for (const gate of step.gates) {
    const { check } = gate;
    if (!isCommand(check)) continue;
    const command = renderCommand(moment, place, check.command);
    if (!command.ok) return command;
    commands.push({ name: gate.name, command: command.value });
  }
  return { ok: true, value: { activity: "gate", commands } };
}

/** A list is rendered word by word; in a string every value is quoted for where it stands. */
function renderCommand(
  moment: Moment,
  place: Place,
  command: string | readonly string[],
): Evaluated<string | readonly string[]> {
  if (typeof command === "string") {
    const line = render(moment, place, command, (text, before) => quoteAt(before, text));
    return line.ok ? { ok: true, value: String(line.value ?? "") } : line;
  }
  const words: string[] = [];
  for (const word of command) {
    const rendered = renderText(moment, place, word);
    if (!rendered.ok) return rendered;
    words.push(rendered.value);
  }
  return { ok: true, value: words };
}

/** Texts that may name secrets: what stands between the names is rendered, the names go to the performer. */
function renderSecrets(
  moment: Moment,
  place: Place,
  table: Readonly<Record<string, string>>,
): Evaluated<Record<string, SecretText>> {
  const rendered: Record<string, SecretText> = {};
  for (const [name, source] of Object.entries(table)) {
    const pieces: (string | { readonly secret: string })[] = [];
    for (const part of secretParts(source)) {
      if ("secret" in part) pieces.push(part);
      else {
        const text = render(moment, place, part.text);
        if (!text.ok) return text;
        pieces.push(typeof text.value === "string" ? text.value : JSON.stringify(text.value));
      }
    }
    rendered[name] = pieces.every((piece) => typeof piece === "string") ? pieces.join("") : pieces;
  }
  return { ok: true, value: rendered };
}

function timeoutOf(own: number | undefined, request: ActivityRequest): number | undefined {
  return own ?? (request.activity === "agent" ? undefined : DEFAULT_TIMEOUT);
}

function idleOf({ idle_timeout }: Step): { readonly idle_timeout?: number } {
  return idle_timeout === undefined ? {} : { idle_timeout };
}

function tokenOf(state: RunState, path: string, attempt: number): string {
  return shortHash(`${state.started.seed}\n${path}\n${attempt}`);
}
