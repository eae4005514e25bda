/** "Supervision" of the language, sentence by sentence. */
import type { Sentence } from "./sentence.ts";

export const SUPERVISION: readonly Sentence[] = [
  ["supervise on delegate", "supervise", "one iteration that is good enough proceeds"],
  ["supervise on foreach with an agent", "supervise", "supervision of a foreach holds for the"],
  ["supervise on worker_call", "workerCall", "a supervised worker's answer is validated, checked"],
  [
    "prompt, call, validated, checked, scored, decided: each part an event with its inputs and its score",
    "supervise",
    "one iteration that is good enough proceeds, each part an event in its order",
  ],
  ["max_iterations is 5", "decisions", "without a word the defaults hold, five iterations"],
  ["max_iterations as it is set", "supervise", "out of iterations it is escalated"],
  ["iteration_timeout is 300 s", "decisions", "without a word the defaults hold"],
  [
    "an iteration whose time is up",
    "supervise",
    "an iteration that takes too long is one without an answer",
  ],
  ["the validator is heuristic", "run/supervise/validate.test.ts", "what is no answer is told"],
  ["the validator is an agent", "supervise", "a reviewer validates"],
  [
    "its malformed answer counts as could not validate, never as valid",
    "supervise",
    "a reviewer validates, and what it cannot say is never valid",
  ],
  [
    "quality threshold 70 of 100",
    "supervise",
    "below a threshold it is visited once more, with the findings in its context",
  ],
  [
    "stages: complete, requirements met, correctness",
    "run/supervise/quality.test.ts",
    "placeholders, errors and false claims cost",
  ],
  ["stages: tests", "supervise", "tests are run for the quality"],
  [
    "confidence threshold 50 of 100",
    "decisions",
    "below the threshold of its confidence it is visited once more",
  ],
  [
    "breakpoint quality_too_low 50",
    "supervise",
    "below a breakpoint it is escalated at once, and a person approves what is shown",
  ],
  [
    "breakpoint low_confidence 30",
    "decisions",
    "below the breakpoint of its confidence it is escalated",
  ],
  ["clarify_limit is 2", "decisions", "two questions about an unclear task, then it retries"],
  ["clarify_limit as it is set", "supervise", "after clarify_limit questions it retries"],
  ["first: below a breakpoint escalates", "decisions", "a breakpoint comes before a question"],
  ["or out of iterations", "decisions", "out of iterations an unclear task is escalated"],
  [
    "a breakpoint in the escalation queue",
    "integration/escalations.test.ts",
    "an escalation is listed, claimed and edited from another process",
  ],
  [
    "with owner, priority, deadline",
    "supervise",
    "out of iterations it is escalated, and a person",
  ],
  [
    "then: task_unclear and clarify_limit is left asks the person",
    "supervise",
    "a question of the agent is put to the person, and the answer goes into the next iteration",
  ],
  [
    "then: invalid or below a threshold retries with the findings in the context",
    "supervise",
    "below a threshold it is visited once more, with the findings in its context",
  ],
  ["else proceeds", "supervise", "one iteration that is good enough proceeds"],
  [
    "an invalid response is not scored and retries",
    "supervise",
    "an invalid response is not scored and retries",
  ],
  [
    "a worker's 0-1 confidence is scaled at the edge",
    "activities/worker/worker.test.ts",
    "a call asks for health first, then posts the contract's body",
  ],
  [
    "worker_call has a confidence threshold of 70",
    "workerCall",
    "an answer that the worker is not sure of is put before a person",
  ],
  [
    "supervised, too",
    "workerCall",
    "supervised, a worker below the threshold of 70 is asked once more",
  ],
  ["a validator who is not sure has validated nothing", "doubt", "a validator who is not sure"],
  [
    "stages: tests whose program is not there",
    "supervise",
    "tests whose program is not there are nobody's fault",
  ],
  [
    "worker_call: a threshold that is set asks for a confidence",
    "workerCall",
    "a step that asks for a confidence does not take an answer without one",
  ],
];
