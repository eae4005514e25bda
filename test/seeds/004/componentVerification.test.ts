/** The seed's test_component_verification: each part of supervision alone, with real inputs. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { changesBetween, takeSnapshot } from "../../../src/activities/watch/fileWatcher.ts";
import { createOutputMonitor } from "../../../src/activities/watch/outputMonitor.ts";
import { scoreConfidence } from "../../../src/run/supervise/confidence.ts";
import { decideNext } from "../../../src/run/supervise/decision.ts";
import { workOf } from "../../../src/run/supervise/evidence.ts";
import type { DecisionInputs } from "../../../src/run/supervise/facts.ts";
import { noteOf } from "../../../src/run/supervise/iteration.ts";
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

test("the page on supervision tells how to call each part alone, and each is there", async () => {
  const page = await readFile(new URL("../../../docs/supervision.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| [^|]+ \| (`\w+\([^|]+) \| `(src\/[^`]+)` \|$/gm)];
  assert.equal(rows.length, 9);
  for (const [, calls = "", file = ""] of rows) {
    const part: Record<string, unknown> = await import(`../../../${file}`);
    for (const [, name = ""] of calls.matchAll(/`(\w+)[(`]/g))
      if (name !== "workOf") assert.equal(typeof part[name], "function", `${name} of ${file}`);
  }
  assert.equal(typeof workOf, "function");
});

test("iteration context: what the next prompt knows of an iteration", () => {
  const work = workOf({ response: "I wrote add.", files_changed: ["add.py"] });
  const findings = [{ code: "incomplete", message: "There is no test." }] as const;
  const note = noteOf({ iteration: 1, work, findings });
  const { text } = generatePrompt({ title: "Add", instructions: "Write add", notes: [note] });
  for (const words of ["Iteration 1", "I wrote add.", "There is no test."])
    assert.ok(text.includes(words), text);
});

test("file watcher: created, changed and deleted, with diffs, where there is no git", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fermata-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "a.txt"), "one\n");
  await writeFile(join(folder, "b.txt"), "gone\n");
  const before = await takeSnapshot(folder);
  await writeFile(join(folder, "a.txt"), "two\n");
  await writeFile(join(folder, "c.txt"), "new\n");
  await rm(join(folder, "b.txt"));
  const seen = changesBetween(before, await takeSnapshot(folder));
  assert.deepEqual(
    seen.map(({ path, change }) => `${change} ${path}`),
    ["changed a.txt", "deleted b.txt", "created c.txt"],
  );
  assert.match(seen[0]?.diff ?? "", /-one\n\+two/);
});

test("output monitor: progress, errors, limits and silence", () => {
  const monitor = createOutputMonitor(0);
  const see = (text: string, at: number) => monitor.see({ kind: "text", text }, at)?.kind;
  assert.equal(see("Step 2 of 5", 10), "progress");
  assert.equal(see("TypeError: x is not a function", 20), "error");
  assert.equal(see("429 Too many requests, retry after 30 s", 30), "rate_limit");
  const { errors, rate_limits, stalls } = monitor.report(120_030);
  assert.deepEqual([errors.length, rate_limits, stalls], [1, 1, [120_000]]);
});

const INPUTS: DecisionInputs = {
  ...{ iteration: 1, max_iterations: 5, calls_left: true, verdict: "valid", task_unclear: false },
  ...{ clarifications: 0, clarify_limit: 2 },
  thresholds: { quality: 70, confidence: 50, quality_too_low: 50, low_confidence: 30 },
};
