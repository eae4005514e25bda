import assert from "node:assert/strict";
import { test } from "node:test";
import { createQuestions, MOST_ASKED, MOST_OPEN } from "../../../src/engine/embedded/questions.ts";

const ATTEMPT = { path: "ask", attempt: 1, token: "t" };
const QUESTION = { message: "May I?", options: [] };

function questions() {
  let last = 0;
  const report = async (input: { readonly type: string }) => {
    if (input.type === "asked") last += 1;
    return { ok: true, events: [] } as const;
  };
  const made = createQuestions(ATTEMPT, report, new AbortController().signal);
  return { ...made, asked: () => last };
}

test("who asks without waiting for answers is not heard any more", async () => {
  const { ask, asked } = questions();
  for (let number = 0; number < MOST_OPEN; number++) void ask(QUESTION);
  const reply = await ask(QUESTION);
  assert.match(reply.kind === "none" ? reply.reason : reply.kind, /20 questions open at once/);
  assert.equal(asked(), MOST_OPEN);
});

test("who asks again and again is heard so often and no more", async () => {
  const { ask, tell } = questions();
  for (let number = 1; number <= MOST_ASKED; number++) {
    const reply = ask(QUESTION);
    tell(number, { kind: "permission", decision: "dismiss" });
    assert.equal((await reply).kind, "permission");
  }
  const reply = await ask(QUESTION);
  assert.match(reply.kind === "none" ? reply.reason : reply.kind, /asked 500 questions/);
});
