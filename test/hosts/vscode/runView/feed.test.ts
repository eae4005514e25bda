import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunChange, RunWatch } from "../../../../src/app/app.ts";
import { createFeed } from "../../../../src/hosts/vscode/runView/feed.ts";
import type { ToView } from "../../../../src/protocol/runView.ts";
import type { Recorded, RunEvent } from "../../../../src/run/event.ts";
import type { RunState } from "../../../../src/run/state.ts";

function recorded(seq: number): Recorded {
  const event: RunEvent = { type: "run_paused", by: "x" };
  return { seq, at: seq, event };
}

/** A run on disk and in memory, with a way to let more happen in it. */
function world() {
  const disk = [recorded(1), recorded(2)];
  const listeners = new Set<(change: RunChange) => void>();
  const told: ToView[] = [];
  let arrived: () => void = () => undefined;
  let opened = 0;
  const watch: RunWatch = {
    run: "run_1",
    // The feed only passes it by.
    state: {} as RunState,
    ownership: "here",
    busy: true,
    stopped: undefined,
    live: new Map([["a", "reading"]]),
    refused: new Map(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => undefined,
  };
  let release: (() => void) | undefined;
  let removed = false;
  const feed = createFeed({
    app: () => ({
      watchRun: async () => {
        opened += 1;
        return removed ? undefined : watch;
      },
      readEvents: async () => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return [...disk];
      },
    }),
    run: "run_1",
    me: "me",
    post: (message) => {
      told.push(message);
      arrived();
    },
    locked: () => undefined,
    now: Date.now,
  });
  return {
    feed,
    remove: () => {
      removed = true;
      feed.gone();
    },
    told,
    listeners,
    opened: () => opened,
    happen: (...seqs: number[]) => {
      const records = seqs.map(recorded);
      disk.push(...records);
      for (const listener of listeners) listener({ type: "records", records });
    },
    /** Lets the disk be read, once somebody reads it. */
    read: async () => {
      while (!release) await new Promise<void>((resolve) => setImmediate(resolve));
      release();
      release = undefined;
    },
    next: async (count: number) => {
      while (told.length < count)
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
    },
  };
}

const seqs = (message: ToView | undefined) =>
  message && "events" in message ? message.events.map(({ seq }) => seq) : [];

test("everything once, then what comes, gathered; nothing is lost while the disk is read", async () => {
  const { feed, told, happen, read, next } = world();
  const begun = feed.begin();
  await read();
  await begun;
  assert.deepEqual(seqs(told[0]), [1, 2]);
  happen(3);
  happen(4, 5);
  assert.equal(told.length, 1, "told at once instead of gathered");
  await next(2);
  assert.equal(told[1]?.type, "more");
  assert.deepEqual(seqs(told[1]), [3, 4, 5]);
  feed.dispose();
});

test("after a pause the next is told before any timer rings, and what a page does not show is no news", async () => {
  const { feed, told, happen, read, listeners } = world();
  const begun = feed.begin();
  await read();
  await begun;
  for (const listener of listeners) listener({ type: "quiet" });
  await Promise.resolve();
  assert.equal(told.length, 1);
  happen(3);
  await Promise.resolve();
  assert.deepEqual(seqs(told[1]), [3]);
  feed.dispose();
});

test("what happens before the snapshot is in it or follows it", async () => {
  const { feed, told, happen, read, next, listeners } = world();
  const begun = feed.begin();
  while (listeners.size === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  happen(3);
  await read();
  await begun;
  await next(2);
  assert.deepEqual([...new Set([...seqs(told[0]), ...seqs(told[1])])], [1, 2, 3]);
  feed.dispose();
});

test("a page that nobody looks at is told nothing, and the rest when it is looked at", async () => {
  const { feed, told, happen, read, next } = world();
  const begun = feed.begin();
  await read();
  await begun;
  feed.show(false);
  happen(3);
  happen(4);
  await new Promise<void>((resolve) => setTimeout(resolve, 100));
  assert.equal(told.length, 1);
  feed.show(true);
  await next(2);
  assert.deepEqual(seqs(told[1]), [3, 4]);
  feed.dispose();
});

test("a long run is told in pieces, in order, and not more than thirty times a second", async () => {
  const { feed, told, happen, read, next } = world();
  const more = Array.from({ length: 1800 }, (_, index) => index + 3);
  happen(...more);
  const begun = feed.begin();
  await read();
  await begun;
  const start = Date.now();
  await next(4);
  const took = Date.now() - start;
  assert.deepEqual(told.flatMap(seqs), [1, 2, ...more]);
  assert.ok(told.every((message) => seqs(message).length <= 500));
  assert.ok(took >= 2 * 33, `three messages in ${took} ms`);
  feed.dispose();
});

test("when another app comes, the run is watched and told anew, and once only", async () => {
  const { feed, told, happen, read, next, listeners, opened } = world();
  await feed.renew();
  assert.equal(opened(), 0, "watched for a page that is not there");
  const begun = feed.begin();
  await read();
  await begun;
  const renewed = feed.renew();
  await read();
  await renewed;
  assert.deepEqual([opened(), listeners.size], [2, 1]);
  assert.deepEqual(seqs(told[1]), [1, 2]);
  happen(3);
  await next(3);
  assert.deepEqual(seqs(told[2]), [3]);
  feed.dispose();
});

test("a run that was removed is said to be gone, and what the page has stays", async () => {
  const { feed, told, read, next, listeners, remove } = world();
  const begun = feed.begin();
  await read();
  await begun;
  remove();
  await next(2);
  const [, more] = told;
  assert.ok(more?.type === "more" && more.driving.driven === false, JSON.stringify(more));
  assert.match(more.driving.locked ?? "", /no run run_1/);
  assert.equal(listeners.size, 0);
  feed.gone();
  await feed.renew();
  assert.equal(told.length, 2, "said once, however often it is heard");
  await feed.begin();
  assert.deepEqual(
    told.slice(2).map(({ type }) => type),
    ["failed"],
    "a page without anything",
  );
  feed.dispose();
});

test("a run that is restored is told anew to the page that was told it is gone", async () => {
  const { feed, told, read, listeners } = world();
  const begun = feed.begin();
  await read();
  await begun;
  await feed.back();
  assert.equal(told.length, 1, "a run that was there all along is not told again");
  feed.gone();
  const back = feed.back();
  await read();
  await back;
  assert.deepEqual(
    told.map(({ type }) => type),
    ["snapshot", "more", "snapshot"],
  );
  assert.equal(listeners.size, 1);
  feed.dispose();
});
