import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, bakery, planPrompt, REQUIREMENTS, shop, TASK } from "./shop.ts";

const RESULTS = [
  {
    query: "What exists today for rate limiting?",
    findings: [{ text: "The limit", path: "src/limits.ts", line: 12 }],
  },
  { query: "Which store keeps the counters?", findings: "Nothing found.", sources: [] },
  {
    query: "Where is the public API today?",
    findings:
      "- `src/server.ts:4`: `/** The public API: routes under /v1. */`\n- src/gone.ts:3: whatever",
    sources: ["src/server.ts:4"],
  },
];

function section(plan: string, heading: RegExp): string {
  const from = plan.search(heading);
  assert.notEqual(from, -1, `no section ${heading}`);
  const rest = plan.slice(from + 3);
  const to = rest.search(/^## /m);
  return to < 0 ? rest : rest.slice(0, to);
}

test("a plan has the four sections, names real files, and keeps each citation by its step", async (t) => {
  const { response } = await ask(await shop(t), planPrompt(RESULTS, REQUIREMENTS, TASK));
  assert.match(response, /^Offline agent \(no model\): /);
  assert.match(response, /^# Plan: Add rate limiting to the public API$/m);
  const overview = section(response, /^## 1\. Overview/m);
  assert.match(
    overview,
    /`src\/limits\.ts:12`: `\/\/ The public API allows 100 requests per minute per key`/,
  );
  assert.equal(response.match(/Which store keeps the counters\?/g)?.length, 1);

  const steps = section(response, /^## 2\. Step-by-step approach/m);
  assert.match(steps, /Open: Which store keeps the counters\? Nothing in this repository says\./);
  assert.match(
    steps,
    /the research cites `src\/gone\.ts:3`, which does not stand in the workspace/,
  );
  assert.match(steps, /\*\*Change `src\/limits\.ts`\*\*\n {3}- Now: `src\/limits\.ts:12`/);
  assert.match(steps, /Used by `src\/server\.ts:2`/);
  assert.match(steps, /`src\/server\.ts` is tested in `test\/server\.test\.ts:1`/);
  assert.match(steps, /add `test\/limits\.test\.ts` \(new\)/);
  assert.match(steps, /R2: Refused requests get status 429\. So far only `README\.md:5`/);
  assert.match(steps, /R3 is kept: No new infrastructure/);

  assert.match(section(response, /^## 3\. Risk mitigation/m), /\*\*Counting under load\*\*/);
  const criteria = section(response, /^## 4\. Success criteria/m);
  assert.match(criteria, /- \[ \] R1 holds: At most 100 requests per minute per key\./);
  assert.match(criteria, /`npm test` ends without an error \(`package\.json:3`\)/);
});

test("each step is one top-level list item, numbered from one", async (t) => {
  const { response } = await ask(await shop(t), planPrompt(RESULTS));
  const numbers = [...response.matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number));
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
  assert.ok(numbers.length >= 5);
});

test("a plan in a repository that says nothing says so, and cites nothing", async (t) => {
  const results = [{ query: "What rate limits exist?", findings: [] }];
  const { response } = await ask(
    await bakery(t),
    planPrompt(results, "Keys get 100 calls a minute", TASK),
  );
  assert.match(response, /no line of it speaks of this task/);
  assert.match(response, /R1: Keys get 100 calls a minute\. Nothing speaks of it yet\./);
  assert.doesNotMatch(response, /\w\.\w+:\d/);
});

test("a review finds what is missing, what is false and where, and looks citations up", async (t) => {
  const plan = [
    "# Plan",
    "## Overview",
    "The limit stands at `src/limits.ts:12`: `The public API allows 100 requests per minute per key`.",
    "`src/limits.ts:9` reads `the counters are kept in Redis for a minute`.",
    "## Approach",
    "1. Change `src/missing.ts`.",
    "2. TODO: the rest.",
    "## Success criteria",
    "- It works well.",
    "Also see src/server.ts:400.",
  ].join("\n");
  const prompt = `Review this plan for:
- Technical correctness
- Security considerations
- Best practices
- Completeness

Plan:
${plan}

Provide specific feedback and suggestions.
`;
  const { response, data } = await ask(await shop(t), prompt, {
    type: "object",
    required: ["approved", "issues"],
    properties: {
      approved: { type: "boolean" },
      score: { type: "number" },
      issues: { type: "array", items: { type: "string" } },
    },
  });
  assert.match(response, /^Offline agent \(no model\): held the plan's 10 lines/);
  for (const heading of [
    "Technical correctness",
    "Security considerations",
    "Best practices",
    "Completeness",
  ]) {
    assert.match(response, new RegExp(`^## ${heading}$`, "m"));
  }
  assert.match(
    response,
    /line 4: `src\/limits\.ts:9` reads `export const UPLOAD_BYTES = 1_000_000;`/,
  );
  assert.match(response, /line 10: `src\/server\.ts:400` is cited, but the file has no such line/);
  assert.match(response, /line 6: `src\/missing\.ts` is not in the workspace/);
  assert.match(response, /line 7: Unfinished: "2\. TODO: the rest\."/);
  assert.match(response, /line 9: "It works well\." cannot be measured/);
  assert.match(response, /Section Risks is missing/);
  assert.match(response, /\*\*must\*\* Way back: no line speaks of it/);
  assert.doesNotMatch(response, /`src\/limits\.ts:12` (?:reads|is cited)/);
  assert.equal(Object(data).approved, false);
  assert.ok(Object(data).issues.length >= 8);
});

test("a plan of this agent stands its own citation check", async (t) => {
  const workspace = await shop(t);
  const plan = await ask(workspace, planPrompt(RESULTS.slice(0, 1), REQUIREMENTS, TASK));
  const { response } = await ask(workspace, `Review this plan.\n\nPlan:\n${plan.response}`);
  assert.match(response, /fine: All \d+ cited lines stand in the files/);
  assert.match(response, /fine: .*Section Overview/);
});
