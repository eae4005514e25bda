/** What was begun of a plan becomes an answer that the run takes: comments with their lines, items, own wording. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  approvalAnswer,
  approvalFacts,
  commentsJson,
  type Draft,
  droppedItems,
  EMPTY_DRAFT,
  isEmptyDraft,
  readDraft,
  toggleItem,
  withDropped,
} from "../../../../src/hosts/vscode/plan/draft.ts";
import { readAnswer } from "../../../../src/run/ask/readAnswer.ts";

const PLAN = "# Build\n\n1. House\n2. Paint\n3. Paint\n4. Garden\n";
const FORM = {
  kind: "approval",
  title: "Build",
  plan: PLAN,
  version: 2,
  allow: ["edit", "comment", "partial"],
  revisable: true,
} as const;

test("comments go word for word, with their lines, top to bottom", () => {
  const draft: Draft = {
    ...EMPTY_DRAFT,
    threads: [
      { line: 4, end: 5, texts: ["  Why twice?\nReally.  ", "And *which* colour?"] },
      { line: 3, end: 3, texts: ["Brick"] },
    ],
  };
  const read = readAnswer(FORM, { request_changes: true, comments: commentsJson(draft) });
  assert.deepEqual(read.ok && read.answer, {
    kind: "approval",
    decision: "change",
    comments: [
      { line: 3, text: "Brick" },
      { line: 4, end_line: 5, text: "  Why twice?\nReally.  " },
      { line: 4, end_line: 5, text: "And *which* colour?" },
    ],
  });
});

test("items are left out by what they say, one of two alike too, and after an edit above them", () => {
  const draft = toggleItem(PLAN, 3, EMPTY_DRAFT);
  assert.deepEqual(droppedItems(PLAN, draft), [3]);
  assert.deepEqual(droppedItems(`1. Wall\n${PLAN}`, draft), [4]);
  assert.deepEqual(toggleItem(PLAN, 3, draft).dropped, []);
  assert.deepEqual(droppedItems(PLAN, withDropped(PLAN, [1, 4], draft)), [1, 4]);
  assert.equal(toggleItem(PLAN, 9, EMPTY_DRAFT), EMPTY_DRAFT);
});

test("an approval says what it approves, and the run takes just that", () => {
  const draft: Draft = withDropped(PLAN, [1, 2, 4], {
    ...EMPTY_DRAFT,
    threads: [{ line: 1, end: 1, texts: ["Go"] }],
  });
  const edited = PLAN.replace("Garden", "Pond");
  assert.deepEqual(approvalFacts(PLAN, PLAN.replaceAll("\n", "\r\n"), draft), {
    edited: false,
    dropped: 3,
    comments: 1,
  });
  assert.deepEqual(approvalFacts(PLAN, edited, draft), { edited: true, dropped: 2, comments: 1 });
  const read = readAnswer(FORM, approvalAnswer(PLAN, edited, draft));
  assert.ok(read.ok && read.answer.kind === "approval" && read.answer.decision === "approve");
  assert.equal(read.answer.plan, "# Build\n\n3. Paint\n4. Pond\n");
  assert.equal(read.answer.edited, true);
  assert.equal(read.answer.dropped, 2);
  assert.deepEqual(approvalAnswer(PLAN, PLAN, EMPTY_DRAFT), { approved: true });
});

test("what was stored comes back, and what does not fit is left out", () => {
  const draft: Draft = {
    threads: [{ line: 1, end: 2, texts: ["a"] }],
    dropped: ["1 x"],
    edit: "# Mine",
  };
  assert.deepEqual(readDraft(JSON.parse(JSON.stringify(draft))), draft);
  assert.ok(isEmptyDraft(readDraft({ threads: [{ line: "1" }, 3], dropped: [1], edit: 2 })));
  assert.ok(isEmptyDraft(readDraft(undefined)));
});
