import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreConfidence, withJudgement } from "../../../src/run/supervise/confidence.ts";
import { workOf } from "../../../src/run/supervise/evidence.ts";
import { checkQuality, findingsOf } from "../../../src/run/supervise/quality.ts";
import type { Json } from "../../../src/util/json.ts";

const TASK = "Write sum.py with a function that sums two numbers. Write tests in test_sum.py.";
const SUM = {
  path: "sum.py",
  change: "created",
  text: "def sums(a, b):\n    # sums two numbers\n    return a + b\n",
};
const TEST = {
  path: "test_sum.py",
  change: "created",
  text: "def test_sums():\n    assert sums(1, 2) == 3\n",
};
const SAID = "sum.py has a function that sums two numbers; the tests are in test_sum.py.";

function work(files: Json[], more: object = {}) {
  return workOf({ response: SAID, evidence: { watched: true, files, commands: [] }, ...more });
}

test("vague tasks are worth less than 50, whatever was done", () => {
  for (const instructions of [
    "Make it better",
    "Improve the code",
    "Improve the code\n\nMake it better",
    "Fix this",
  ]) {
    const { score, stages } = checkQuality({ instructions }, work([SUM, TEST]));
    assert.ok(score < 50, `${instructions}: ${score}`);
    assert.equal(stages[1]?.findings[0]?.code, "vague");
  }
});

test("a named file that is not there lets nothing pass", () => {
  const half = checkQuality({ instructions: TASK }, work([SUM]));
  const whole = checkQuality({ instructions: TASK }, work([SUM, TEST]));
  assert.ok(half.score < 70, String(half.score));
  assert.ok(whole.score >= 70, String(whole.score));
  assert.match(JSON.stringify(findingsOf(half)), /Not there yet: test_sum\.py/);
});

test("a file that was there before and stays counts as there", () => {
  const kept = checkQuality({ instructions: TASK }, work([{ ...SUM, change: "earlier" }, TEST]));
  assert.ok(kept.score >= 70, String(kept.score));
});

test("tests that fail cost, and say what they said", () => {
  const tests = { command: "pytest", exit_code: 1, output: "1 failed, 3 passed\nE assert 2 == 3" };
  const result = { response: SAID, evidence: { watched: true, files: [SUM, TEST], commands: [] } };
  const checked = checkQuality({ instructions: TASK }, workOf(result, tests));
  assert.equal(checked.stages[3]?.score, 38);
  assert.match(JSON.stringify(findingsOf(checked)), /E assert 2 == 3/);
});

test("placeholders, errors and false claims cost", () => {
  const score = (files: Json[], more: object = {}) =>
    checkQuality({ instructions: TASK }, work(files, more)).score;
  const full = score([SUM, TEST]);
  assert.ok(score([{ ...SUM, text: "def sums(a, b):\n    pass  # TODO\n" }, TEST]) < full);
  assert.ok(score([{ ...SUM, text: "def sums(a, b:\n    return a\n" }, TEST]) < full);
  assert.ok(score([SUM, TEST], { response: `${SAID}\nTypeError: no` }) < full);
  assert.ok(score([SUM, TEST], { files_changed: ["other.py"] }) < full);
});

test("requirements that were said beside the task count as its own", () => {
  const asked = { instructions: TASK, requirements: ["Handles overflow of decimals"] };
  const unmet = findingsOf(checkQuality(asked, work([SUM, TEST])));
  assert.match(JSON.stringify(unmet), /Not met yet: Handles overflow of decimals/);
});

test("confidence follows what was seen", () => {
  const validation = {
    verdict: "valid",
    by: "heuristic",
    task_unclear: false,
    findings: [],
  } as const;
  const score = (result: Json, schema = false, exit?: number) => {
    const tests =
      exit === undefined ? undefined : { command: "pytest", exit_code: exit, output: "" };
    const seen = workOf(result, tests);
    return scoreConfidence({ work: seen, validation, quality: { score: 90, stages: [] }, schema })
      .score;
  };
  const evidence = { watched: true, files: [SUM], commands: [] };
  const words = score({ response: SAID });
  assert.ok(words <= 80, "words alone never reach the top");
  assert.ok(score({ response: SAID, files_changed: ["sum.py"], evidence }) > words);
  assert.ok(score({ response: SAID, files_changed: ["else.py"], evidence }) < words);
  assert.ok(score({ response: SAID }, false, 0) > score({ response: SAID }, false, 1));
  assert.ok(score({ response: SAID, data: {} }, true) > score({ response: SAID }, true));
  const unsure = "I think sum.py might work, probably; I have not tested it.";
  assert.ok(score({ response: unsure }) < words);
  const failed = { ...evidence, commands: [{ command: "make", exit_code: 2, output: "" }] };
  assert.ok(score({ response: SAID, evidence: failed }) < score({ response: SAID, evidence }));
});

test("a judgement is weighed in, and one that cannot be read changes nothing", () => {
  const base = { score: 80, evidence: [] };
  assert.equal(withJudgement(base, { agent: "@j", score: 20, weight: 0.5 }).score, 50);
  assert.equal(withJudgement(base, { agent: "@j", score: null, weight: 0.5 }).score, 80);
});
