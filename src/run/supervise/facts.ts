/**
 * What supervision finds out, as facts: the shapes that its parts hand on and that the journal keeps.
 * Owns the shapes only. All scores are 0 to 100.
 */
import type { Json } from "../../util/json.ts";
import type { AgentRequest, Effects, WorkerRequest } from "../request.ts";
import type { CommandSeen } from "./evidence.ts";

/** Something to mend, worded for whoever makes the next iteration. */
export interface Finding {
  readonly code:
    | "no_answer"
    | "empty"
    | "refusal"
    | "question"
    | "off_task"
    | "truncated"
    | "not_validated"
    | "rejected_by_reviewer"
    | "incomplete"
    | "requirement"
    | "vague"
    | "incorrect"
    | "untested"
    | "tests_failed"
    | "unproven";
  readonly message: string;
}

export interface Validation {
  /** `unvalidated`: whoever was to say could not be understood; it counts as invalid. */
  readonly verdict: "valid" | "invalid" | "unvalidated";
  /** `heuristic`, or the agent's name. */
  readonly by: string;
  readonly task_unclear: boolean;
  /** What would have to be known to go on. */
  readonly question?: string;
  readonly findings: readonly Finding[];
}

export type StageName = "complete" | "requirements" | "correctness" | "tests";

export interface Stage {
  readonly name: StageName;
  /** Null where it says nothing about this task; it then weighs nothing. */
  readonly score: number | null;
  readonly weight: number;
  readonly findings: readonly Finding[];
}

export interface Quality {
  readonly score: number;
  readonly stages: readonly Stage[];
}

export interface Proof {
  readonly name:
    | "validated"
    | "quality"
    | "schema"
    | "files_changed"
    | "commands_run"
    | "tests_passed"
    | "citations"
    | "no_hedging"
    | "worker";
  /** From 0 to 1; null where there is nothing to look at. */
  readonly held: number | null;
  readonly weight: number;
  readonly detail: string;
}

export interface Confidence {
  readonly score: number;
  readonly evidence: readonly Proof[];
  /** What an agent was asked to add; `score` null when it could not be understood. */
  readonly judgement?: {
    readonly agent: string;
    readonly score: number | null;
    readonly weight: number;
  };
}

export type Decision = "escalate" | "clarify" | "retry" | "proceed";

/** What a decision was made from. */
export interface DecisionInputs {
  readonly iteration: number;
  readonly max_iterations: number;
  readonly calls_left: boolean;
  readonly verdict: Validation["verdict"];
  readonly task_unclear: boolean;
  readonly clarifications: number;
  readonly clarify_limit: number;
  readonly quality?: number;
  readonly confidence?: number;
  /** Why the agent itself is not sure of its answer. */
  readonly doubt?: string;
  readonly thresholds: {
    readonly quality: number;
    readonly confidence: number;
    readonly quality_too_low: number;
    readonly low_confidence: number;
  };
}

/** One part of a prompt, and what it came to. */
export interface PromptPart {
  readonly name: string;
  readonly tokens: number;
  /** Before it was made shorter; absent where it was not. */
  readonly whole?: number;
}

type OfIteration = { readonly path: string; readonly iteration: number };

/** The events of supervision; `task_started` is the one that says that the agent was called. */
export type SupervisionEvent =
  | (OfIteration & {
      readonly type: "prompt_generated";
      readonly request: AgentRequest | WorkerRequest;
      readonly effects: Effects;
      readonly parts: readonly PromptPart[];
    })
  | (OfIteration & { readonly type: "response_validated" } & Validation)
  | (OfIteration & {
      readonly type: "quality_checked";
      /** What the command of `quality.tests` came to. */
      readonly tests?: CommandSeen;
    } & Quality)
  | (OfIteration & { readonly type: "confidence_scored" } & Confidence)
  | (OfIteration & {
      readonly type: "decision_made";
      readonly decision: Decision;
      readonly reason: string;
      /** What the next iteration is told to mend. */
      readonly findings: readonly Finding[];
      /** Absent when a person decided. */
      readonly inputs?: DecisionInputs;
      readonly by?: string;
      /** What a person wants the next iteration to know. */
      readonly guidance?: string;
      /** The agent that is to make it. */
      readonly agent?: string;
      /** The result as a person left it. */
      readonly result?: Json;
    });

/** One iteration as those after it see it. */
export interface IterationNote {
  readonly iteration: number;
  /** The response, shortened. */
  readonly said: string;
  readonly files: readonly string[];
  readonly quality?: number;
  readonly confidence?: number;
  readonly findings: readonly Finding[];
  /** What a person added after it: an answer to a question, or guidance. */
  readonly guidance?: string;
}

/** What the next visit of a supervised step begins with. */
export interface Carried {
  /** The number of that visit's iteration, from 1. */
  readonly iteration: number;
  /** Agent calls made before it. */
  readonly calls: number;
  readonly clarifications: number;
  /** A person allowed one iteration more than the settings do. */
  readonly extra: number;
  readonly notes: readonly IterationNote[];
  /** The agent that a person chose instead. */
  readonly agent?: string;
  /** Time left of a `total_timeout`, in ms. */
  readonly time_left?: number;
}

/** Where the present iteration stands. */
export interface Supervised extends Carried {
  readonly validation?: Validation;
  readonly quality?: Quality;
  readonly confidence?: Confidence;
  readonly decision?: Extract<SupervisionEvent, { type: "decision_made" }>;
  /** What the command of `quality.tests` came to. */
  readonly tests?: CommandSeen;
}
