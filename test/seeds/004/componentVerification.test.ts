/** The seed's test_component_verification: each part of supervision alone, with real inputs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreConfidence } from "../../../src/run/supervise/confidence.ts";
import { decideNext } from "../../../src/run/supervise/decision.ts";
import { workOf } from "../../../src/run/supervise/evidence.ts";
import type { DecisionInputs } from "../../../src/run/supervise/facts.ts";
import { generatePrompt } from "../../../src/run/supervise/prompt.ts";
import { checkQuality } from "../../../src/run/supervise/quality.ts";
import { validateResponse } from "../../../src/run/supervise/validate.ts";

const CODE = "Here's the code:\n```python\nprint('hello')\n```";

test("test_prompt_generator: not empty, and it names the task", () => {
  const { text } = generatePrompt({ title: "Create calculator", instructions: "...", notes: [] });
  assert.ok(text.length > 0);
  assert.match(text.toLowerCase(), /calculator/);
});

test("test_response_validator: code is valid, a refusal is not", () => {
  const verdict = (response: string) => validateResponse("Say hello", workOf({ response })).verdict;
  assert.equal(verdict(CODE), "valid");
  assert.equal(verdict("I can't do that"), "invalid");
});

test("test_quality_controller: a score from 0 to 100", () => {
  const response = "```python\ndef add(a, b):\n    return a + b\n```";
  const { score } = checkQuality({ instructions: "Create calculator" }, workOf({ response }));
  assert.ok(score > 0 && score <= 100, String(score));
});

test("test_confidence_scorer: a score from 0 to 100", () => {
  const { score } = scoreConfidence({
    work: workOf({ response: "Complete calculator implementation" }),
    validation: { verdict: "valid", by: "heuristic", task_unclear: false, findings: [] },
    quality: { score: 85, stages: [] },
    schema: false,
  });
  assert.ok(score >= 0 && score <= 100, String(score));
});

test("test_decision_engine: proceed, retry, clarify or escalate, in the order that the language says", () => {
  const { decision } = decideNext({ ...INPUTS, quality: 85, confidence: 75 });
  assert.equal(decision, "proceed");
  const decided = (more: Partial<DecisionInputs>) => decideNext({ ...INPUTS, ...more }).decision;
  assert.equal(decided({ quality: 49, confidence: 90 }), "escalate");
  assert.equal(decided({ quality: 90, confidence: 29 }), "escalate");
  assert.equal(decided({ quality: 49, confidence: 90, task_unclear: true }), "escalate");
  assert.equal(decided({ quality: 60, confidence: 90, task_unclear: true }), "clarify");
  assert.equal(
    decided({ quality: 60, confidence: 90, task_unclear: true, clarifications: 2 }),
    "retry",
  );
  assert.equal(decided({ quality: 60, confidence: 90 }), "retry");
  assert.equal(decided({ quality: 90, confidence: 49 }), "retry");
  assert.equal(decided({ quality: 60, confidence: 90, iteration: 5 }), "escalate");
  assert.equal(decided({ quality: 90, confidence: 90, iteration: 5 }), "proceed");
  assert.equal(decided({ verdict: "invalid" }), "retry");
  assert.equal(decided({ verdict: "unvalidated" }), "retry");
  assert.equal(decided({ verdict: "invalid", iteration: 5 }), "escalate");
});

const INPUTS: DecisionInputs = {
  ...{ iteration: 1, max_iterations: 5, calls_left: true, verdict: "valid", task_unclear: false },
  ...{ clarifications: 0, clarify_limit: 2 },
  thresholds: { quality: 70, confidence: 50, quality_too_low: 50, low_confidence: 30 },
};
