/** The fold of containers coming to life: what a task unfolds into, and the bodies of items and branches. */
import type { Json, JsonObject } from "../../util/json.ts";
import type { ForeachStep } from "../../workflow/definition/controlSteps.ts";
import type { BodyRef, Step, TaskDefinition } from "../../workflow/workflow.ts";
import { isAccounted, workflowKey } from "../account.ts";
import type { Opening, ReviewPart, RunEvent } from "../event.ts";
import { gateStepOf } from "../gate/ownGates.ts";
import { isolatedAtFirst } from "../isolation/atFirst.ts";
import { isolatedSteps } from "../isolation/isolatedSteps.ts";
import { stepId } from "../path.ts";
import { planSteps } from "../plan/planSteps.ts";
import type { Body, FrameKind, OpenTask, RunState } from "../state.ts";
import { reviewItem, reviewSteps } from "../supervise/reviewSteps.ts";
import { supervisionOf, taskOf, workAt } from "../supervise/supervised.ts";
import { closeAccounts, openAccount } from "./accounts.ts";
import { stopBlocked } from "./flow/blocked.ts";
import { openGraph, openNode } from "./flow/nodes.ts";
import { forget, openFrame, stopWaiting, taskAt } from "./tree.ts";
import { sizeOf } from "./write.ts";

/** The body that a `task:` or `workflow:` leads to. Throws when the bundle lacks it: linking guarantees it. */
export function definitionOf(state: RunState, ref: BodyRef): TaskDefinition {
  const workflow = state.started.bundle.workflows[ref.workflow];
  const found = ref.task === undefined ? workflow : workflow?.tasks[ref.task];
  if (!found) throw new Error(`The bundle lacks ${ref.name}`);
  return found;
}

/** Folds `task_opened`. */
export function openTask(
  state: RunState,
  event: Extract<RunEvent, { type: "task_opened" }>,
  at: number,
): void {
  const task = taskAt(state, event.path, at);
  const { opening } = event;
  stopWaiting(state, task);
  clearFrames(state, task);
  if (opening.kind !== "gates" && opening.kind !== "review") delete task.output;
  task.state = { is: "open" };
  task.opening = opening;
  const record = state.tasks.get(task.path);
  if (record) record.status = "open";
  const { body } = task.frame;
  switch (opening.kind) {
    case "foreach":
      task.around = { ...body.state };
      task.around_bytes = sizeOf(body);
      return;
    case "parallel":
      return;
    case "graph":
      return openGraph(state, task, at);
    case "while":
      if (task.step.kind !== "while") return;
      return single(state, task, "turn", task.step.steps, body);
    case "condition": {
      const { step } = task;
      if (step.kind !== "condition" || opening.branch === "none") return;
      return single(
        state,
        task,
        "condition",
        opening.branch === "then" ? step.then : step.else,
        body,
      );
    }
    case "workflow":
      return openWorkflow(state, task, opening, at);
    case "handler":
      // What replaces the task's work has its own time.
      closeAccounts(state, task.path);
      task.account = task.frame.account;
      task.cut = false;
      return single(
        state,
        task,
        "handler",
        Array.isArray(task.step.on_error) ? task.step.on_error : [],
        body,
      );
    case "rejection":
      return single(
        state,
        task,
        "rejection",
        (task.step.kind === "approve" && task.step.on_reject) || [],
        body,
      );
    case "revision":
      return openRevision(state, task);
    case "gates":
      return openGates(state, task);
    case "review":
      return openReview(state, task, opening.part);
    case "isolated":
      return openIsolated(state, task, opening);
    case "plan":
      if (task.step.kind !== "plan") return;
      return single(state, task, "plan", planSteps(task.step, opening.goal, opening.steps), body);
  }
}

/** What a person said to a plan, for the steps that revise it. */
function openRevision(state: RunState, task: OpenTask): void {
  const { step, frame, plan = "", comments } = task;
  const revise = step.kind === "approve" ? step.revise : undefined;
  const said = { plan, comments: comments.map((comment) => ({ ...comment })) };
  // What is isolated may stand in a foreach, whose `item` its instructions are about.
  const more = frame.kind === "isolated" ? { task: said } : { item: said };
  const inner: Body = { ...frame.body, ...more };
  single(state, task, "revision", typeof revise === "object" ? revise : [], inner);
}

function openIsolated(
  state: RunState,
  task: OpenTask,
  { form }: Extract<Opening, { kind: "isolated" }>,
): void {
  if (task.step.kind !== "delegate") return;
  const unfold = form === 2 ? isolatedSteps : isolatedAtFirst;
  const steps = unfold(task.step, `${state.started.run}/${task.path}`);
  single(state, task, "isolated", steps, task.frame.body);
}

function openWorkflow(
  state: RunState,
  task: OpenTask,
  { inputs, state: initial }: Extract<Opening, { kind: "workflow" }>,
  at: number,
): void {
  if (task.step.kind !== "workflow") return;
  const { body } = task.frame;
  const ref = task.step.workflow;
  const account = openWorkflowAccount(state, task, ref, at);
  const inner: Body = {
    workflow: ref.workflow,
    inputs,
    state: { ...initial },
    size: { bytes: -1 },
    strict: state.started.bundle.workflows[ref.workflow]?.strict ?? true,
    ...(body.agent === undefined ? {} : { agent: body.agent }),
    ...(body.supervise === undefined ? {} : { supervise: body.supervise }),
  };
  single(state, task, "workflow", definitionOf(state, ref).steps, inner, account);
}

/** Folds `frame_opened`. */
export function openItem(
  state: RunState,
  event: Extract<RunEvent, { type: "frame_opened" }>,
  at: number,
): void {
  const owner = taskAt(state, event.owner, at);
  const { step } = owner;
  if (step.kind === "graph") return openNode(state, owner, event, at);
  const branch = step.kind === "parallel" ? step.branches[event.index] : undefined;
  state.tasks.set(event.path, {
    path: event.path,
    kind: branch ? "branch" : "item",
    id: branch?.id ?? stepId(event.path),
    title: branch?.id ?? itemTitle(owner, event.index),
    parent: owner.path,
    status: "open",
    started_at: at,
    attempts: 0,
    tokens: 0,
    cost_usd: 0,
  });
  const place = { path: event.path, owner, index: event.index, failure: event.failure };
  if (branch) {
    const { body } = owner.frame;
    openFrame(state, { ...place, kind: "branch", steps: branch.steps, body });
  } else if (step.kind === "foreach") {
    const body = itemBody(state, owner, step, event.index, event.inputs ?? {}, event.state ?? {});
    openFrame(state, { ...place, kind: "item", steps: itemSteps(state, step), body });
  }
}

/** What an item of a foreach sees of the loop around it, as Jinja names it: `index` counts from 1. */
export function loopOf(index: number, length: number): JsonObject {
  return {
    index: index + 1,
    index0: index,
    first: index === 0,
    last: index === length - 1,
    length,
  };
}

/** The items that a foreach expanded to; none before it did. */
export function itemsOf(task: OpenTask): readonly Json[] {
  return task.opening?.kind === "foreach" ? task.opening.items : [];
}

function itemSteps(state: RunState, step: ForeachStep): readonly Step[] {
  return step.task ? definitionOf(state, step.task).steps : (step.steps ?? []);
}

function itemBody(
  state: RunState,
  owner: OpenTask,
  step: ForeachStep,
  index: number,
  inputs: JsonObject,
  initial: JsonObject,
): Body {
  const { body } = owner.frame;
  const agent = step.agent ?? body.agent;
  const supervise = step.supervise ?? body.supervise;
  const shared = {
    item: itemsOf(owner)[index] ?? null,
    loop: loopOf(index, itemsOf(owner).length),
    ...(agent === undefined ? {} : { agent }),
    ...(supervise === undefined ? {} : { supervise }),
  };
  if (!step.task)
    return {
      ...shared,
      workflow: body.workflow,
      inputs: body.inputs,
      state: { ...owner.around },
      size: { bytes: owner.around_bytes ?? -1 },
      strict: body.strict,
      ...(body.task === undefined ? {} : { task: body.task }),
    };
  const { workflow } = step.task;
  const strict = state.started.bundle.workflows[workflow]?.strict ?? true;
  const size = { bytes: -1 };
  return { ...shared, workflow, inputs, state: { ...initial }, size, strict };
}

/** What an item is called: by its key, itself when it is a text, else its foreach and its number. */
export function itemTitle(owner: OpenTask, index: number): string {
  const item = itemsOf(owner)[index];
  const key = owner.opening?.kind === "foreach" ? owner.opening.keys?.[index] : undefined;
  if (key !== undefined) return key;
  return typeof item === "string" ? item : `${owner.step.name ?? owner.step.id} ${index + 1}`;
}

function single(
  state: RunState,
  owner: OpenTask,
  kind: FrameKind,
  steps: readonly Step[],
  body: Body,
  account = owner.account,
): void {
  openFrame(state, { path: owner.path, kind, steps, body, owner, index: 0, account });
}

/** A sub-workflow is held to its own limits, inside those of what is around it. */
function openWorkflowAccount(
  state: RunState,
  { path, account }: OpenTask,
  ref: BodyRef,
  at: number,
): string {
  const limits = ref.task === undefined && state.started.bundle.workflows[ref.workflow]?.limits;
  if (!limits || !isAccounted(limits)) return account;
  const key = workflowKey(path);
  openAccount(state, { key, around: account, limits }, at);
  return key;
}

/** The gates see the output as that of the step before them. */
function openGates(state: RunState, task: OpenTask): void {
  single(state, task, "gates", [gateStepOf(task.step)], task.frame.body);
  const frame = task.frames.get(0);
  if (frame) frame.last = task.output ?? null;
}

/** Reviewers see the answer as `item`; the tests are a command like any other of the step's. */
function openReview(state: RunState, task: OpenTask, part: ReviewPart): void {
  const { body } = task.frame;
  const settings = supervisionOf(task.step, body);
  if (!settings) return;
  const { supervise: _, ...plain } = body;
  const item = reviewItem(taskOf(task), workAt(task));
  const inner: Body = part === "tests" ? plain : { ...plain, item };
  const folder = task.step.kind === "delegate" ? task.step.folder : undefined;
  single(state, task, "review", reviewSteps(part, settings, folder), inner);
}

/** What a task came to counts no more: its work is made again. */
export function forgetWork(state: RunState, task: OpenTask): void {
  clearFrames(state, task);
  delete task.opening;
  delete task.output;
  task.written = false;
}

/** Takes all that is open inside a task out of the tree, so that it can unfold anew. */
export function clearFrames(state: RunState, task: OpenTask): void {
  for (const frame of task.frames.values()) {
    if (frame.current) forget(state, frame.current);
    if (state.frames.get(frame.key) === frame) state.frames.delete(frame.key);
  }
  stopBlocked(state, task);
  delete task.graph;
  delete task.returning;
  task.frames = new Map();
  task.opened = 0;
  task.active = 0;
  task.failures = 0;
  task.results = [];
  task.again = [];
  task.stopped = [];
  task.left = false;
}
