/** What a task that unfolded does next: open more items or branches, end, or fail. In constant time per thing opened. */
import type { Json, JsonObject } from "../../util/json.ts";
import type {
  ForeachStep,
  GroupMode,
  ParallelStep,
  WhileStep,
} from "../../workflow/definition/controlSteps.ts";
import type { Command } from "../command.ts";
import { definitionOf, itemsOf, loopOf } from "../evolve/open.ts";
import { isolatedResult } from "../isolation/isolatedSteps.ts";
import { branchPath, itemPath } from "../path.ts";
import { bodyStart } from "../start/start.ts";
import type { OpenTask } from "../state.ts";
import { approvalResult, presentRevision } from "./approve.ts";
import { decideGraph } from "./flow/graph.ts";
import { firstFailure, stopRest, verdictOf } from "./flow/group.ts";
import { beginTurn } from "./flow/loop.ts";
import { afterGates } from "./gates/afterWork.ts";
import { workDone, workReplaced } from "./gates/workEnd.ts";
import { closePlan } from "./plan.ts";
import { type Evaluated, type Moment, renderObject } from "./scope.ts";
import { finallyFail } from "./settle.ts";
import { placeOf, standingAt } from "./standing.ts";
import { afterReview } from "./supervise/review.ts";

/** The next commands of an open container, from its counts alone. */
export function decideContainer(moment: Moment, task: OpenTask): readonly Command[] {
  const { step, opening } = task;
  if (!opening) return [];
  switch (opening.kind) {
    case "foreach":
      return step.kind === "foreach" ? decideItems(moment, task, step) : [];
    case "parallel":
      return step.kind === "parallel" ? decideBranches(task, step) : [];
    case "graph":
      return step.kind === "graph" ? decideGraph(moment, task, step) : [];
    case "while":
      return step.kind === "while" ? decideTurn(moment, task, step, opening.turn) : [];
    default:
      return decideSingle(moment, task);
  }
}

function decideTurn(
  moment: Moment,
  task: OpenTask,
  step: WhileStep,
  turn: number,
): readonly Command[] {
  if (task.active > 0) return [];
  const standing = standingAt(task);
  if (task.failures > 0) return finallyFail(standing, firstFailure(task));
  if (task.left) return [workDone(standing)];
  const next = beginTurn(moment, standing, placeOf(standing), step, turn + 1);
  return next.ok ? next.value : finallyFail(standing, next.failure);
}

function decideSingle(moment: Moment, task: OpenTask): readonly Command[] {
  if (task.active > 0) return [];
  const { opening, answer } = task;
  const failed = task.failures > 0 ? firstFailure(task) : undefined;
  if (opening?.kind === "gates") return afterGates(moment, task, failed);
  if (opening?.kind === "review") return afterReview(moment, task, failed);
  const standing = standingAt(task);
  if (failed) return finallyFail(standing, failed);
  if (opening?.kind === "plan") return closePlan(task);
  if (opening?.kind === "isolated")
    return [workDone(standing, isolatedResult(task.frames.get(0)?.results ?? {}))];
  if (opening?.kind === "revision") return presentRevision(moment, task, task.results[0] ?? null);
  if (opening?.kind === "handler") return [workReplaced(standing)];
  const rejected = opening?.kind === "rejection" && answer;
  return [rejected ? workDone(standing, approvalResult(task, answer)) : workDone(standing)];
}

function decideBranches(task: OpenTask, step: ParallelStep): readonly Command[] {
  const total = step.branches.length;
  const next = nextIndexes(task, total, step.max_parallel, step.mode);
  if (next === "stop") return stopRest(task);
  if (next === "end") return end(task, total, step.mode);
  return next.map((index) => ({
    event: {
      type: "frame_opened",
      path: branchPath(task.path, step.branches[index]?.id ?? ""),
      owner: task.path,
      index,
    },
  }));
}

/** An item whose inputs or first state do not come out begins as a failed one. */
function decideItems(moment: Moment, task: OpenTask, step: ForeachStep): readonly Command[] {
  const items = itemsOf(task);
  const width = step.sequential ? 1 : step.max_parallel;
  const next = nextIndexes(task, items.length, width, step.mode);
  if (next === "stop") return stopRest(task);
  if (next === "end") return end(task, items.length, step.mode);
  const commands: Command[] = [];
  for (const index of next) {
    const path = itemPath(task.path, index);
    const started = itemStart(moment, task, step, items, index);
    const begins = started.ok ? started.value : { failure: { ...started.failure, path } };
    commands.push({ event: { type: "frame_opened", path, owner: task.path, index, ...begins } });
    if (!started.ok && step.mode === "all") break;
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
    chance: {},
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

/** The places to open now; "end" when nothing is left to wait for, "stop" when what is left is not needed. */
function nextIndexes(
  task: OpenTask,
  total: number,
  width: number,
  mode: GroupMode,
): readonly number[] | "end" | "stop" {
  const { again, opened, active } = task;
  if (verdictOf(task, total, mode) !== "open") return active === 0 ? "end" : "stop";
  const stopped = task.left || task.rejected || (mode === "all" && task.failures > 0);
  const left = again.length + total - opened;
  if (active === 0 && (stopped || left === 0)) return "end";
  const room = stopped ? 0 : Math.max(0, Math.min(width - active, left));
  return Array.from({ length: room }, (_, nth) => again[nth] ?? opened + nth - again.length);
}

function end(task: OpenTask, total: number, mode: GroupMode): readonly Command[] {
  const lost = verdictOf(task, total, mode) === "lost";
  if (task.rejected || lost || (mode === "all" && task.failures > 0)) {
    return finallyFail(standingAt(task), firstFailure(task));
  }
  return [workDone(standingAt(task))];
}
