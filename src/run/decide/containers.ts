/** What a task that unfolded does next: open more items or branches, end, or fail. In constant time per thing opened. */
import type { Json, JsonObject } from "../../util/json.ts";
import type { ForeachStep, ParallelStep } from "../../workflow/workflow.ts";
import type { Command } from "../command.ts";
import { definitionOf, itemsOf, loopOf } from "../evolve/open.ts";
import { type Failure, failure } from "../failure.ts";
import { branchPath, itemPath } from "../path.ts";
import { bodyStart } from "../start.ts";
import type { OpenTask } from "../state.ts";
import { approvalResult, presentRevision } from "./approve.ts";
import { type Evaluated, type Moment, renderObject } from "./scope.ts";
import { finallyFail } from "./settle.ts";
import { standingAt } from "./standing.ts";

/** The next commands of an open container, from its counts alone. */
export function decideContainer(moment: Moment, task: OpenTask): readonly Command[] {
  const { step, opening } = task;
  if (!opening) return [];
  switch (opening.kind) {
    case "foreach":
      return step.kind === "foreach" ? decideItems(moment, task, step) : [];
    case "parallel":
      return step.kind === "parallel" ? decideBranches(task, step) : [];
    default:
      return decideSingle(task);
  }
}

function decideSingle(task: OpenTask): readonly Command[] {
  if (task.active > 0) return [];
  if (task.failures > 0) return finallyFail(standingAt(task), firstFailure(task));
  const { path, opening } = task;
  if (opening?.kind === "revision") return presentRevision(task, task.results[0] ?? null);
  if (opening?.kind === "rejection" && task.answer) {
    return [
      {
        event: {
          type: "task_closed",
          path,
          status: "done",
          result: approvalResult(task, task.answer),
        },
      },
    ];
  }
  return [{ event: { type: "task_closed", path, status: "done" } }];
}

function decideBranches(task: OpenTask, step: ParallelStep): readonly Command[] {
  const next = nextCount(task, step.branches.length, step.max_parallel, step.mode);
  if (next === "end") return end(task);
  return step.branches.slice(task.opened, task.opened + next).map((branch, offset) => ({
    event: {
      type: "frame_opened",
      path: branchPath(task.path, branch.id),
      owner: task.path,
      index: task.opened + offset,
    },
  }));
}

function decideItems(moment: Moment, task: OpenTask, step: ForeachStep): readonly Command[] {
  const items = itemsOf(task);
  const next = nextCount(task, items.length, step.sequential ? 1 : step.max_parallel, step.mode);
  if (next === "end") return end(task);
  const commands: Command[] = [];
  for (let index = task.opened; index < task.opened + next; index++) {
    const started = itemStart(moment, task, step, items, index);
    if (!started.ok) {
      return task.active + commands.length > 0
        ? commands
        : finallyFail(standingAt(task), started.failure);
    }
    const path = itemPath(task.path, index);
    commands.push({
      event: { type: "frame_opened", path, owner: task.path, index, ...started.value },
    });
  }
  return commands;
}

function itemStart(
  moment: Moment,
  task: OpenTask,
  step: ForeachStep,
  items: readonly Json[],
  index: number,
): Evaluated<{ inputs?: JsonObject; state?: JsonObject }> {
  if (!step.task) return { ok: true, value: {} };
  const { body } = task.frame;
  const item = items[index] ?? null;
  const loop = loopOf(index, items.length);
  const place = {
    frame: task.frame,
    path: itemPath(task.path, index),
    attempt: 1,
    needs: step.needs_state,
  };
  const given = renderObject(
    moment,
    { ...place, body: { ...body, item, loop } },
    step.inputs ?? {},
  );
  if (!given.ok) return given;
  const strict = moment.state.started.bundle.workflows[step.task.workflow]?.strict ?? true;
  return bodyStart(moment, definitionOf(moment.state, step.task), given.value, {
    ...place,
    strict,
    item,
    loop,
  });
}

/** How many more to open now; "end" when nothing is left to wait for. */
function nextCount(
  task: OpenTask,
  total: number,
  width: number,
  mode: "all" | "continue",
): number | "end" {
  const stopped = mode === "all" && task.failures > 0;
  if (task.active === 0 && (stopped || task.opened === total)) return "end";
  return stopped ? 0 : Math.max(0, Math.min(width - task.active, total - task.opened));
}

function end(task: OpenTask): readonly Command[] {
  const mode = "mode" in task.step ? task.step.mode : "all";
  const rejected = [...task.frames.values()].find((frame) => frame.failure?.code === "rejected");
  if (task.failures > 0 && (mode === "all" || rejected)) {
    return finallyFail(standingAt(task), rejected?.failure ?? firstFailure(task));
  }
  return [{ event: { type: "task_closed", path: task.path, status: "done" } }];
}

function firstFailure(task: OpenTask): Failure {
  for (const frame of task.frames.values()) if (frame.failure) return frame.failure;
  return failure("child_failed", `Something inside ${task.path} failed.`);
}
