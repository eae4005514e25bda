/**
 * When a group of items or branches has come to a decision before all of them ended, and what becomes of the rest.
 * Counts alone decide; the rest is told to stop, and given up once nothing of it runs.
 */
import type { GroupMode } from "../../../workflow/definition/controlSteps.ts";
import type { Command } from "../../command.ts";
import { itemsOf } from "../../evolve/open.ts";
import { type Failure, failure } from "../../failure.ts";
import { taskPath } from "../../path.ts";
import type { Frame, OpenTask } from "../../state.ts";
import { stopAttempt } from "../stop.ts";

/** `won`: enough have succeeded; `lost`: so many have failed that enough never will. */
export function verdictOf(task: OpenTask, total: number, mode: GroupMode): "open" | "won" | "lost" {
  const needed = neededOf(mode);
  if (needed === undefined) return "open";
  const ended = task.opened - task.again.length - task.active - task.stopped.length;
  if (ended - task.failures >= needed) return "won";
  return task.failures > total - needed ? "lost" : "open";
}

/** Successes that are enough; undefined where all must end. */
export function neededOf(mode: GroupMode): number | undefined {
  if (typeof mode === "object") return mode.quorum;
  return mode === "first_success" ? 1 : undefined;
}

/** The outermost task around a list that has come to its decision, so that nothing in the list matters any more. */
export function decidedAround(frame: Frame): OpenTask | undefined {
  let outermost: OpenTask | undefined;
  for (let { owner } = frame; owner; owner = owner.frame.owner)
    if (isDecided(owner)) outermost = owner;
  return outermost;
}

/** True when a group waits only for the rest of it to stop. */
export function isDecided(task: OpenTask): boolean {
  const { step, opening } = task;
  if (step.kind === "foreach" && opening?.kind === "foreach")
    return verdictOf(task, itemsOf(task).length, step.mode) !== "open";
  if (opening?.kind === "graph") return task.returning !== undefined;
  if (step.kind === "parallel" && opening?.kind === "parallel")
    return verdictOf(task, step.branches.length, step.mode) !== "open";
  return false;
}

/** Stops what still runs in a group, and gives up each item or branch in which nothing does. */
export function stopRest(task: OpenTask): readonly Command[] {
  const commands: Command[] = [];
  for (const frame of task.frames.values()) {
    if (frame.ended !== "no") continue;
    const running = runningIn(frame);
    for (const inner of running) commands.push(...stopAttempt(inner));
    if (running.length > 0) continue;
    const { index } = frame;
    const path = frame.kind === "node" ? nodePath(frame) : frame.path;
    commands.push({ event: { type: "frame_cancelled", path, owner: task.path, index } });
  }
  return commands;
}

/** The failure that a container fails with: a rejection before any other, then as they stand in the file, whichever came first. */
export function firstFailure(task: OpenTask): Failure {
  const frames = [...task.frames.values()].sort((a, b) => a.index - b.index);
  const failures = frames.flatMap((frame) => frame.failure ?? []);
  const worst = failures.find(({ code }) => code === "rejected") ?? failures[0];
  return worst ?? failure("child_failed", `Something inside ${task.path} failed.`);
}

function nodePath({ path, steps, current }: Frame): string {
  return current?.path ?? taskPath(path, steps[0]?.id ?? "", 1);
}

function runningIn({ current: task }: Frame): readonly OpenTask[] {
  if (!task) return [];
  if (task.state.is === "running") return [task];
  return [...task.frames.values()].flatMap(runningIn);
}
