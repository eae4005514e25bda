import assert from "node:assert/strict";
import { test } from "node:test";
import { workOf } from "../../../src/run/supervise/evidence.ts";
import { readReview, validateResponse } from "../../../src/run/supervise/validate.ts";

const TASK = "Write parser.py that parses dates in ISO format and rejects impossible days.";

function judged(response: string, more: object = {}): string {
  const { verdict, findings, task_unclear } = validateResponse(TASK, workOf({ response, ...more }));
  return [verdict, ...findings.map(({ code }) => code), ...(task_unclear ? ["unclear"] : [])].join(
    " ",
  );
}

test("what is no answer is told without a model", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "invalid empty"],
    ["   \n", "invalid empty"],
    ["I can't do that.", "invalid refusal"],
    ["I'm sorry, but I cannot help with that request.", "invalid refusal"],
    ["I am unable to write this file.", "invalid refusal"],
    ["Could you please clarify which dates you mean?", "invalid question unclear"],
    ["Which format should I use for the dates?", "invalid question unclear"],
    ["I need more information about the days.", "invalid question unclear"],
    ["```python\ndef parse(text):\n    return 1", "invalid truncated"],
    ["```python\nparse((1, 2)\n```", "invalid truncated"],
    ["```python\ndef parse(text): ...\n# rest of the code\n```", "invalid truncated"],
    [
      "Bananas are rich in potassium and taste best when they are yellow all over.",
      "invalid off_task",
    ],
  ];
  for (const [response, expected] of cases) assert.equal(judged(response), expected, response);
});

test("what only looks like one of those is an answer", () => {
  const answers = [
    "parser.py cannot be broken by impossible days any more: dates are checked.",
    "I can't find any problem with the dates: parser.py rejects impossible days already.",
    "Done. The parser rejects days that cannot exist. What a day!",
    "```js\nconst parse = (text) => text.match(/[(]/);\n```\nparses dates in ISO format",
    "```python\nif '(' in text:  # a ( in a comment\n    pass_days(text)\n```\nrejects impossible days in ISO format",
  ];
  for (const response of answers) assert.equal(judged(response), "valid", response);
});

test("an agent that did the work need not say much", () => {
  assert.equal(judged("", { files_changed: ["parser.py"] }), "valid");
  assert.equal(judged("", { data: { ok: true } }), "valid");
});

test("a reviewer that cannot be understood has not validated", () => {
  for (const result of [
    undefined,
    null,
    {},
    { data: "yes" },
    { data: { valid: "yes" } },
    { response: "valid" },
  ])
    assert.equal(readReview("@r", result, "").verdict, "unvalidated");
  assert.equal(readReview("@r", { data: { valid: true } }, "").verdict, "valid");
  const said = readReview("@r", { data: { valid: false } }, "");
  assert.equal(said.verdict, "invalid");
  assert.equal(said.findings.length, 1);
});
