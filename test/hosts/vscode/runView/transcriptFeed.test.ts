/** A transcript in a page: the end of it as it grows, an earlier page as it was asked for. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createTranscriptFeed } from "../../../../src/hosts/vscode/runView/transcriptFeed.ts";
import { type ToView, TRANSCRIPT_PAGE } from "../../../../src/protocol/runView.ts";

/** A transcript of so many lines that grows while it is told to, on a clock of the test's own. */
function world(context: TestContext) {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const told: Extract<ToView, { type: "transcript" }>[] = [];
  const size = { lines: 3, grows: true, reads: 0 };
  const line = (_: unknown, index: number) => ({
    at: 0,
    attempt: 1,
    kind: "text",
    text: `${index}`,
  });
  const feed = createTranscriptFeed({
    read: async () => {
      size.reads += 1;
      return Array.from({ length: size.lines }, line);
    },
    grows: () => size.grows,
    post: (message) => message.type === "transcript" && told.push(message),
    fault: (error) => assert.fail(String(error)),
  });
  context.after(() => feed.dispose());
  const pass = async (): Promise<void> => {
    context.mock.timers.tick(500);
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { feed, told, size, pass };
}

test("the end of a transcript is told again as it grows, once more when it has ended, and then no more", async (t) => {
  const { feed, told, size, pass } = world(t);
  await feed.show("a", undefined);
  await pass();
  assert.equal(told.length, 1, "nothing was said meanwhile");
  size.lines = TRANSCRIPT_PAGE + 5;
  await pass();
  assert.deepEqual([told[1]?.from, told[1]?.total], [5, TRANSCRIPT_PAGE + 5]);
  assert.equal(told[1]?.lines.length, TRANSCRIPT_PAGE);
  size.lines += 1;
  size.grows = false;
  await pass();
  assert.equal(told[2]?.total, TRANSCRIPT_PAGE + 6, "the last words");
  const { reads } = size;
  await pass();
  assert.equal(size.reads, reads, "read on although nothing more is said");
});

test("an earlier page stays as it is, and another task's transcript takes the place of the first", async (t) => {
  const { feed, told, size, pass } = world(t);
  await feed.show("a", undefined);
  await feed.show("a", 0);
  size.lines = 9;
  await pass();
  assert.equal(told.length, 2);
  await feed.show("b", undefined);
  size.lines = 10;
  await pass();
  assert.deepEqual(
    told.map(({ path, total }) => `${path} ${total}`),
    ["a 3", "a 3", "b 9", "b 10"],
  );
});
