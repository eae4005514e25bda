import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { createDisk } from "../../src/journal/disk.ts";
import {
  type InboxOptions,
  openInbox,
  type ReceivedSignal,
  sendSignal,
} from "../../src/journal/inbox.ts";
import { systemClock } from "../../src/journal/machine/clock.ts";
import { createRunFolder, newRunId, runPaths } from "../../src/journal/runFolder.ts";
import type { Json } from "../../src/util/json.ts";
import { inScratch } from "./scratch.ts";

const random = (count: number) => randomBytes(count);

/** A run's folder, who owns it and who sends to it. */
async function withRun(
  body: (run: {
    readonly folder: string;
    readonly inbox: string;
    readonly delivered: ReceivedSignal[];
    readonly reports: string[];
    readonly receive: (options?: Partial<InboxOptions>) => ReturnType<typeof openInbox>;
    readonly send: (
      signal: Json,
      timeoutMs?: number,
      isLeft?: () => Promise<boolean>,
    ) => ReturnType<typeof sendSignal>;
  }) => Promise<void>,
): Promise<void> {
  await inScratch(async (state) => {
    const disk = createDisk();
    const { folder, inbox } = await createRunFolder({ disk, state, run: newRunId(random), random });
    const place = { disk, folder, clock: systemClock, random };
    const delivered: ReceivedSignal[] = [];
    const reports: string[] = [];
    const opened: ReturnType<typeof openInbox>[] = [];
    const receive = (options: Partial<InboxOptions> = {}) => {
      const inboxOf = openInbox({
        ...place,
        pollMs: 30,
        deliver: async (received) => {
          delivered.push(received);
          return { admitted: received.signal };
        },
        isKnown: () => false,
        report: (message) => reports.push(message),
        ...options,
      });
      opened.push(inboxOf);
      return inboxOf;
    };
    try {
      const send = (signal: Json, timeoutMs = 10_000, isLeft?: () => Promise<boolean>) =>
        sendSignal({ ...place, signal, timeoutMs, ...(isLeft ? { isLeft } : {}) });
      await body({ folder, inbox, delivered, reports, receive, send });
    } finally {
      for (const each of opened) await each.dispose();
    }
  });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("inbox", () => {
  it("brings a signal to the owner and the answer back, and leaves nothing", () =>
    withRun(async ({ receive, send, delivered, inbox }) => {
      receive();
      const reply = await send({ type: "answer", text: "yes é" });
      assert.deepEqual(reply, {
        status: "answered",
        reply: { admitted: { type: "answer", text: "yes é" } },
      });
      assert.match(delivered[0]?.id ?? "", /^sig_/);
      await until(async () => (await fs.readdir(inbox)).length === 0);
    }));

  it("keeps what was sent before there was an owner, in order", () =>
    withRun(async ({ receive, send, delivered, inbox }) => {
      const sent: Promise<unknown>[] = [];
      for (let n = 1; n <= 5; n += 1) {
        sent.push(send(n));
        await until(async () => (await fs.readdir(inbox)).length === n);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      receive();
      await Promise.all(sent);
      assert.deepEqual(
        delivered.map(({ signal }) => signal),
        [1, 2, 3, 4, 5],
      );
    }));

  it("takes a signal back as soon as nobody is left who could read it", () =>
    withRun(async ({ send, inbox }) => {
      let owned = true;
      const sent = send("anyone?", 60_000, async () => !owned);
      await until(async () => (await fs.readdir(inbox)).length === 1);
      owned = false;
      assert.deepEqual(await sent, { status: "unanswered", withdrawn: true, left: true });
      assert.deepEqual(await fs.readdir(inbox), []);
    }));

  it("withdraws a signal that nobody took in time", () =>
    withRun(async ({ send, inbox }) => {
      assert.deepEqual(await send("anyone?", 30), { status: "unanswered", withdrawn: true });
      assert.deepEqual(await fs.readdir(inbox), []);
    }));

  it("drops a signal that the journal has already", () =>
    withRun(async ({ receive, send, delivered }) => {
      receive({ isKnown: () => true });
      assert.deepEqual(await send("again"), { status: "answered", reply: { repeated: true } });
      assert.deepEqual(delivered, []);
    }));

  it("leaves a signal that could not be journaled to the next owner", () =>
    withRun(async ({ receive, send, delivered, reports, inbox }) => {
      const first = receive({ deliver: () => Promise.reject(new Error("the disk is full")) });
      const sent = send("keep me");
      await until(() => reports.length > 0);
      assert.match(reports[0] ?? "", /was not taken: Error: the disk is full/);
      await first.dispose();
      assert.equal((await fs.readdir(inbox)).length, 1);
      receive();
      assert.equal((await sent).status, "answered");
      assert.equal(delivered.length, 1);
    }));

  it("obeys no file that lacks the key's seal, has another's name, or is no file", () =>
    withRun(async ({ receive, send, delivered, reports, inbox, folder }) => {
      const sent = send("original");
      await until(async () => (await fs.readdir(inbox)).some((name) => name.endsWith(".signal")));
      const [name = ""] = (await fs.readdir(inbox)).filter((each) => each.endsWith(".signal"));
      const copy = name.replace(/.{4}\.signal$/, "0000.signal");
      await fs.copyFile(path.join(inbox, name), path.join(inbox, copy));
      const planted = "sig_000000001_0123456789abcdef.signal";
      await fs.writeFile(path.join(inbox, planted), `${"0".repeat(64)}\n{"signal":"approve"}\n`);
      await fs.mkdir(path.join(inbox, "sig_000000002_0123456789abcdef.signal"));
      receive();
      await sent;
      await until(() => reports.length === 3);
      assert.deepEqual(
        delivered.map(({ signal }) => signal),
        ["original"],
      );
      assert.match(reports.join("\n"), /was dropped: it is not sealed with this run's key/);
      assert.match(reports.join("\n"), /was dropped: it is not a message/);
      const mode = (await fs.stat(runPaths(folder).inboxKey)).mode & 0o777;
      if (process.platform !== "win32") assert.equal(mode, 0o600);
    }));

  it("survives that its folder is removed", () =>
    withRun(async ({ receive, send, delivered, inbox }) => {
      receive();
      await send(1);
      for (let round = 0; round < 3; round += 1) {
        await fs.rename(inbox, `${inbox}.${round}`);
        await until(() =>
          fs.stat(inbox).then(
            () => true,
            () => false,
          ),
        );
        await send(2 + round);
      }
      assert.equal(delivered.length, 4);
    }));

  it("lets a removed run stay removed", () =>
    withRun(async ({ receive, send, folder }) => {
      const inbox = receive();
      await send(1);
      await fs.rename(folder, `${folder}.gone`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await assert.rejects(fs.stat(folder));
      await inbox.dispose();
    }));

  it("is found again after its key was lost", () =>
    withRun(async ({ receive, send, folder }) => {
      await fs.rm(runPaths(folder).inboxKey);
      receive();
      assert.equal((await send("hello")).status, "answered");
    }));

  it("refuses what is too large, with the next move", () =>
    withRun(async ({ send }) => {
      await assert.rejects(send("x".repeat(1024 * 1024)), /Put the text into a file/);
    }));
});
