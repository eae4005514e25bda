/** Lines of the log: what belongs together is tied together, secrets go, and every event has its words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recorded, RunEvent } from "../../../src/run/event.ts";
import {
  describeError,
  isWanted,
  logLevelOf,
  logRecord,
  logText,
  redacted,
} from "../../../src/run/log/entry.ts";
import { eventEntry } from "../../../src/run/log/eventEntry.ts";
import { recordsOf } from "../../journal/history/storedRuns.ts";

const AT = Date.UTC(2026, 10, 27, 5, 30);
const RUN = "run_aaaaaaaaaaaa";

test("lines of one run share its trace, lines of one attempt its span, in every process", () => {
  const line = (path: string, attempt: number, pid: number) =>
    logRecord({ level: "info", message: "m", run: RUN, path, attempt }, AT, pid);
  const [a, b, c, d] = [line("x", 1, 7), line("x", 1, 8), line("x", 2, 7), line("y", 1, 7)];
  assert.match(String(a.trace), /^[0-9a-f]{32}$/);
  assert.match(String(a.span), /^[0-9a-f]{16}$/);
  assert.equal(new Set([a, b, c, d].map(({ trace }) => trace)).size, 1);
  assert.equal(a.span, b.span);
  assert.equal(new Set([a, c, d].map(({ span }) => span)).size, 3);
  assert.equal(a.at, "2026-11-27T05:30:00.000Z");
  assert.deepEqual(Object.keys(logRecord({ level: "warn", message: "m" }, AT, 1)), [
    ...["at", "level", "message", "pid"],
  ]);
});

test("a level lets through what is as grave or graver", () => {
  assert.deepEqual(
    ["debug", "info", "warn", "error"].filter((level) =>
      isWanted(logLevelOf(level) ?? assert.fail(), "warn"),
    ),
    ["warn", "error"],
  );
  assert.equal(logLevelOf("loud"), undefined);
});

test("an error is told whole, with its causes", () => {
  const inner = Object.assign(new Error("no space"), { code: "ENOSPC" });
  const told = describeError(new TypeError("cannot write", { cause: inner }));
  assert.equal(told.name, "TypeError");
  assert.match(String(told.stack), /entry\.test\.ts/);
  assert.deepEqual(
    { ...(told.cause as object), stack: undefined },
    { name: "Error", message: "no space", code: "ENOSPC", stack: undefined },
  );
  assert.deepEqual(describeError("just a text"), { message: "just a text" });
  const endless = new Error("again");
  endless.cause = endless;
  assert.ok(JSON.stringify(describeError(endless)).length < 20_000);
});

test("every text of a line passes through the redaction, keys do not", () => {
  const hide = (text: string) => text.replaceAll("hunter2", "***");
  assert.deepEqual(redacted({ hunter2: ["a hunter2", { deep: "hunter2" }], n: 1, z: null }, hide), {
    hunter2: ["a ***", { deep: "***" }],
    n: 1,
    z: null,
  });
});

test("every event of runs has a line with its place, and none holds what a person or an agent said", () => {
  const types = new Set<string>();
  for (let number = 0; number < 12; number += 1) {
    for (const record of recordsOf(number)) {
      const entry = eventEntry(RUN, record);
      types.add(entry.event ?? "");
      assert.equal(entry.event, record.event.type);
      assert.equal(entry.seq, record.seq);
      assert.ok(entry.message.length > 5, entry.message);
      assert.ok(!JSON.stringify(entry).includes("fine"), "a result is in the log");
      assert.ok(!JSON.stringify(entry).toLowerCase().includes("rate limits"), "an input is");
    }
  }
  assert.ok(types.size >= 9, [...types].join());
});

test("what goes wrong is told as gravely as it is, with its evidence", () => {
  const failure = {
    code: "command_failed",
    message: "make ended with 2.",
    detail: { exit: 2 },
  } as const;
  const attempt = { path: "build", attempt: 2, token: "t" };
  const line = (event: RunEvent) => {
    const recorded: Recorded = { seq: 9, at: AT, event };
    const { level, message, error } = eventEntry(RUN, recorded);
    return [level, message, error];
  };
  assert.deepEqual(line({ type: "attempt_failed", ...attempt, failure }), [
    ...["warn", "An attempt failed: make ended with 2.", { ...failure }],
  ]);
  assert.deepEqual(line({ type: "run_finished", status: "failed", failure }).slice(0, 2), [
    ...["error", "The run failed: make ended with 2."],
  ]);
  assert.deepEqual(line({ type: "run_finished", status: "done" }).slice(0, 2), [
    ...["info", "The run is done."],
  ]);
  const huge = { ...failure, detail: { output: "x".repeat(100_000) } };
  assert.ok(
    JSON.stringify(line({ type: "attempt_failed", ...attempt, failure: huge })).length < 5000,
  );
});

test("a line for people says where, then what, then what is known of it", () => {
  const entry = {
    level: "warn",
    message: "It failed.",
    run: RUN,
    path: "a/b",
    attempt: 2,
  } as const;
  assert.equal(logText(entry), "[run_aaaaaaaaaaaa a/b attempt 2] It failed.");
  assert.equal(logText({ level: "info", message: "Hello." }), "Hello.");
  assert.equal(
    logText({ ...entry, error: { code: "x" } }),
    '[run_aaaaaaaaaaaa a/b attempt 2] It failed.\n{\n  "code": "x"\n}',
  );
});
