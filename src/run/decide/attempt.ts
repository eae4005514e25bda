/** The start of an attempt: its request rendered, its token drawn, its deadline set. */

import { shortHash } from "../../util/hash.ts";
import type { Step } from "../../workflow/workflow.ts";
import type { Command } from "../command.ts";
import type { ActivityRequest, Effects } from "../request.ts";
import type { OpenTask, RunState } from "../state.ts";
import { supervisionOf } from "../supervise/supervised.ts";
import { inItsRound } from "../worker/anotherRound.ts";
import { timeoutOf } from "./request/attemptTime.ts";
import { withTried } from "./request/contextRequest.ts";
import type { Moment } from "./scope.ts";
import { callsSpent, finallyFail, tooManyCalls } from "./settle.ts";
import { type Standing, standingAt } from "./standing.ts";

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
  const correction = task?.guidance;
  const guided = request.activity === "agent" && correction !== undefined;
  const told = guided ? { ...request, correction } : inItsRound(request, task?.asked);
  const attempt = (task?.attempts ?? 0) + 1;
  const token = tokenOf(moment.state, path, attempt);
  const timeout = timeoutOf(step.timeout, request);
  const deadline = timeout === undefined ? {} : { deadline: moment.at + timeout };
  return [
    {
      event: { type: "task_started", path, attempt, token, request: told, effects, ...deadline },
      effect: {
        type: "perform",
        path,
        attempt,
        token,
        request: withTried(told, task),
        ...idleOf(step),
      },
    },
  ];
}

/** Makes another attempt with the recorded request (an automatic retry, or a person's word), within the same limit. */
export function repeatAttempt(
  moment: Moment,
  task: OpenTask,
  mend: string | undefined,
): readonly Command[] {
  const recorded = task.request;
  const correction = mend ?? task.guidance;
  if (!recorded) return [];
  if (callsSpent(moment.state, task, recorded)) {
    return finallyFail(standingAt(task), tooManyCalls(moment.state, task));
  }
  const attempt = task.attempts + 1;
  const token = tokenOf(moment.state, task.path, attempt);
  const timeout = attemptTime(task);
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
        request: withTried(corrected ? { ...recorded, correction } : recorded, task),
        ...idleOf(task.step),
      },
    },
  ];
}

/** Time for one attempt of a task whose request is recorded, in ms; undefined: as much as it takes. */
export function attemptTime({ step, frame, request }: OpenTask): number | undefined {
  const own = step.timeout ?? supervisionOf(step, frame.body)?.iteration_timeout;
  return request ? timeoutOf(own, request) : own;
}

function idleOf({ idle_timeout }: Step): { readonly idle_timeout?: number } {
  return idle_timeout === undefined ? {} : { idle_timeout };
}

function tokenOf(state: RunState, path: string, attempt: number): string {
  return shortHash(`${state.started.seed}\n${path}\n${attempt}`);
}
