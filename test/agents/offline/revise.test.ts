import assert from "node:assert/strict";
import { test } from "node:test";
import { commentsIn } from "../../../src/agents/offline/plan/comments.ts";
import { ask, bakery, shop } from "./shop.ts";

const PLAN = [
  "# Plan",
  "",
  "## Steps",
  "",
  "1. Change `src/limits.ts`",
  "   - Count in memory",
  "2. Buy a bigger server",
  "   - Ask three vendors",
  "3. Tell the users",
  "",
  "## Risks",
  "",
  "- Counts are lost at a restart.",
].join("\n");

function revision(comments: string, plan = PLAN): string {
  return `Revise the plan below. Address every comment, keep what was not commented on, and answer with the whole revised
plan in markdown and nothing else.

Comments:
${comments}

Plan:
${plan}`;
}

test("comments are carried out or carried in at their line, and quoted word for word", async (t) => {
  const { response } = await ask(
    await bakery(t),
    revision(
      [
        '- line 6: replace "in memory" with "in Redis"',
        "- line 7: Remove this step.",
        "- line 9: Mail them a week ahead",
        "- Say what an attacker could do",
      ].join("\n"),
    ),
  );
  const body = response.slice(response.indexOf("# Plan"));
  assert.equal(
    body,
    [
      "# Plan",
      "",
      "## Steps",
      "",
      "1. Change `src/limits.ts`",
      "   - Count in Redis",
      "2. Tell the users",
      "   - To do, from review: Mail them a week ahead",
      "",
      "## Risks",
      "",
      "- Counts are lost at a restart.",
      "- To do, from review: Say what an attacker could do",
      "",
      "## Changes in this version",
      "",
      '- line 6, "replace "in memory" with "in Redis"": replaced once.',
      '- line 7, "Remove this step.": removed the item (2 lines).',
      '- line 9, "Mail them a week ahead": carried in under "Tell the users".',
      '- "Say what an attacker could do": carried in under "Risks".',
      "",
    ].join("\n"),
  );
});

test("a comment that the repository can answer gets a citation; a second revision keeps one list of changes", async (t) => {
  const workspace = await shop(t);
  const first = await ask(
    workspace,
    revision("- line 6: How many requests per minute does a key get?"),
  );
  assert.match(
    first.response,
    /Asked in review: How many requests per minute does a key get\?\n\s+- See `src\/limits\.ts:12`/,
  );
  const line = first.response.split("\n").findIndex((text) => text.includes("Tell the users")) + 1;
  const second = await ask(
    workspace,
    revision(`- line ${line}: add: a changelog entry`, first.response),
  );
  assert.match(second.response, /Tell the users\n {3}- A changelog entry/);
  assert.equal(second.response.match(/^## Changes/gm)?.length, 1);
  assert.equal(second.response.match(/Offline agent \(no model\)/g)?.length, 1);
  assert.doesNotMatch(second.response, /line 6, /);
});

test("what is put in breaks neither a code block nor the numbering", async (t) => {
  const plan = [
    "# Plan",
    "## Steps",
    "1. Run this",
    "   ```sh",
    "   npm test",
    "   ```",
    "2. Ship it",
    "   - on Monday",
  ].join("\n");
  const comments = [
    "- line 5: which shell?",
    "- **should** Owner: no line speaks of it. Name one.",
  ].join("\n");
  const { response } = await ask(await bakery(t), revision(comments, plan));
  const steps = response.slice(response.indexOf("1. Run"), response.indexOf("\n\n## Changes"));
  assert.equal(
    steps,
    [
      "1. Run this",
      "   ```sh",
      "   npm test",
      "   ```",
      "",
      "   - Asked in review: which shell?",
      "2. Ship it",
      "   - on Monday",
      "",
      "3. Name one.",
    ].join("\n"),
  );
});

test("comments are read as JSON, as a review's list and as plain words", () => {
  assert.deepEqual(commentsIn('[{"line": 3, "text": "shorter"}, {"text": "more tests"}]'), [
    { line: 3, text: "shorter" },
    { text: "more tests" },
  ]);
  assert.deepEqual(
    commentsIn("## Security\n\n- **must** line 4: name the header\n- fine: Tests (line 2)\n"),
    [{ line: 4, text: "name the header" }],
  );
  assert.deepEqual(commentsIn("Make it shorter.\n\nAnd name an owner."), [
    { text: "Make it shorter." },
    { text: "And name an owner." },
  ]);
});
