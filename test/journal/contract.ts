/**
 * What every journal promises, whatever it stands on. An adapter's test calls `journalContract` with a way to open one.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Journal,
  type JournalEvent,
  JournalFailure,
  type JournalRecord,
} from "../../src/engine/journal.ts";

export interface Subject {
  readonly journal: Journal;
  /** What a new owner would read after this one is gone. */
  recover(): Promise<readonly JournalRecord[]>;
  /** Makes the next write or sync fail. */
  failNext(): void;
  dispose(): Promise<void>;
}

export function event(n: number, more: Record<string, string> = {}): JournalEvent {
  return { type: "noted", n, ...more };
}

async function refusal(promise: Promise<unknown>): Promise<JournalFailure> {
  const error = await promise.then(
    () => undefined,
    (why: unknown) => why,
  );
  assert.ok(error instanceof JournalFailure, `a JournalFailure, not ${String(error)}`);
  return error;
}

export function journalContract(name: string, open: () => Promise<Subject>): void {
  const test = (title: string, body: (subject: Subject) => Promise<void>) =>
    it(title, async () => {
      const subject = await open();
      try {
        await body(subject);
      } finally {
        await subject.journal.close();
        await subject.dispose();
      }
    });

  describe(`journal contract: ${name}`, () => {
    test("starts empty and numbers from 1 without gaps", async ({ journal }) => {
      assert.equal(journal.seq, 0);
      const first = await journal.append([event(1), event(2)], 1000);
      assert.deepEqual(first, [
        { seq: 1, fence: 1, at: 1000, event: event(1) },
        { seq: 2, fence: 1, at: 1000, event: event(2) },
      ]);
      const [third] = await journal.append([event(3)], 1001);
      assert.equal(third?.seq, 3);
      assert.equal(journal.seq, 3);
    });

    test("gives back what was acknowledged, in order and in full", async ({ journal, recover }) => {
      const odd: JournalEvent = {
        type: "odd",
        text: 'line\nbreak \u2028 \u{1F3BC} \ud800 \u0000 "quoted" \\',
        list: [null, true, -0.5, 1e300, [], {}],
        nested: { $blob: "not a blob", $$blob: [{ $blob: 7 }], __proto__x: 1, crc: "x" },
      };
      const written = [
        ...(await journal.append([odd], 5)),
        ...(await journal.append([event(2, { long: "é".repeat(40_000) })], 6)),
      ];
      assert.deepEqual(await recover(), written);
    });

    test("keeps a key named __proto__", async ({ journal, recover }) => {
      const planted: JournalEvent = JSON.parse(
        '{"type":"x","value":{"__proto__":{"a":1},"$blob":true}}',
      );
      await journal.append([planted], 1);
      const [record] = await recover();
      assert.equal(JSON.stringify(record?.event), JSON.stringify(planted));
    });

    test("orders appends made at once as they were made", async ({ journal, recover }) => {
      const numbers = Array.from({ length: 50 }, (_, n) => n + 1);
      const written = await Promise.all(numbers.map((n) => journal.append([event(n)], n)));
      assert.deepEqual(
        written.flat().map(({ seq, event: e }) => [seq, e.n]),
        numbers.map((n) => [n, n]),
      );
      assert.deepEqual(await recover(), written.flat());
    });

    test("takes an event as it was when appended", async ({ journal, recover }) => {
      const changing = { type: "noted", n: 1 };
      const appended = journal.append([changing], 1);
      changing.n = 2;
      await appended;
      changing.n = 3;
      assert.equal((await recover())[0]?.event.n, 1);
    });

    test("acknowledges nothing for nothing", async ({ journal }) => {
      assert.deepEqual(await journal.append([], 1), []);
      assert.equal(journal.seq, 0);
    });

    test("a failed write stops it for good and loses nothing acknowledged", async (subject) => {
      const { journal, recover } = subject;
      const kept = await journal.append([event(1)], 1);
      subject.failNext();
      const failed = journal.append([event(2)], 2);
      const queued = journal.append([event(3)], 2);
      const first = await refusal(failed);
      assert.equal(first.code, "write_failed");
      assert.equal((await refusal(queued)).code, "write_failed");
      assert.equal((await refusal(journal.append([event(4)], 3))).message, first.message);
      assert.equal(journal.failure, first);
      assert.equal(journal.seq, 1);
      assert.deepEqual(await recover(), kept);
    });

    test("close waits for what was appended, then refuses", async ({ journal, recover }) => {
      const appended = journal.append([event(1)], 1);
      await journal.close();
      const written = await appended;
      assert.equal((await refusal(journal.append([event(2)], 2))).code, "closed");
      assert.deepEqual(await recover(), written);
    });

    test("an event that is not JSON harms nobody else", async ({ journal }) => {
      const loop: Record<string, unknown> = { type: "loop" };
      loop.self = loop;
      const circular: JournalEvent = loop as unknown as JournalEvent;
      await assert.rejects(journal.append([circular], 1), TypeError);
      await journal.append([event(1)], 1);
      assert.equal(journal.seq, 1);
    });
  });
}
