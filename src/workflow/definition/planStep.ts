/** The step that lets an agent plan, and who may work on the plan. Owns the shapes only. */
import { agentIn } from "../agents/agentKey.ts";
import type { StepBase } from "../workflow.ts";

/** Exactly one of `agent`, `tool` and `worker`; `operation` goes with `worker`. */
export interface PlanWorker {
  readonly agent?: string;
  readonly tool?: string;
  readonly worker?: string;
  readonly operation?: string;
  /** What it does and what it takes; the planning agent reads it. */
  readonly description?: string;
  /** Of one attempt at a task of its, in ms. */
  readonly timeout?: number;
}

export interface PlanStep extends StepBase {
  readonly kind: "plan";
  readonly goal: string;
  /** Who plans; none: the agent of the foreach around it, else the default agent. */
  readonly agent?: string;
  readonly workers: readonly PlanWorker[];
  /** Who answers from the evidence; none: who planned. */
  readonly solver?: string;
  /** Steps of a plan at most. */
  readonly max_steps: number;
  readonly max_parallel: number;
}

/** The name by which a plan speaks of a worker: `@task`, `web.search`, `florida_data.download`. */
export function workerName({ agent, tool, worker = "", operation = "" }: PlanWorker): string {
  return (agent && agentIn(agent)) ?? tool ?? `${worker}.${operation}`;
}
