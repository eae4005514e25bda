/** What counts as well, as worth a look and as broken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type HealthCheck,
  healthOf,
  indexHealth,
  memoryHealth,
  ownersHealth,
  queuesHealth,
  storageHealth,
} from "../../../src/views/machine/health.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

test("the whole is as bad as its worst part", () => {
  const check = (status: HealthCheck["status"]): HealthCheck => ({
    about: "x",
    status,
    message: ".",
  });
  assert.equal(healthOf([]).status, "healthy");
  assert.equal(healthOf([check("ok"), check("ok")]).status, "healthy");
  assert.equal(healthOf([check("ok"), check("warning")]).status, "degraded");
  assert.equal(healthOf([check("problem"), check("warning")]).status, "unhealthy");
});

test("storage: writable with room, scarce, full, refused", () => {
  const at = (free?: number, problem?: string) =>
    storageHealth({
      folder: "/s",
      ...(free === undefined ? {} : { free }),
      ...(problem === undefined ? {} : { problem }),
    });
  assert.deepEqual(
    [at(5e9), at(999e6), at(99e6), at(), at(5e9, "EACCES")].map(({ status }) => status),
    ["ok", "warning", "problem", "ok", "problem"],
  );
  assert.equal(at(5e9).message, "/s can be written. 5.0 GB are free.");
  assert.match(at(undefined, "EROFS").fix ?? "", /XDG_STATE_HOME/);
});

test("owners: a run that waits for a person needs none; one that should go on does", () => {
  const run = (owner: "here" | "live" | "stale" | "dead", waits: boolean) => ({
    run: "r",
    owner,
    waits,
  });
  assert.equal(ownersHealth([]).status, "ok");
  assert.equal(
    ownersHealth([run("dead", true), run("live", false), run("here", true)]).status,
    "ok",
  );
  const interrupted = ownersHealth([run("dead", false), run("dead", true)]);
  assert.equal(interrupted.status, "warning");
  assert.equal(interrupted.message, "2 unfinished, 0 driven, 1 interrupted (r).");
  assert.deepEqual(interrupted.figures, {
    unfinished: 2,
    live: 0,
    stale: 0,
    dead: 2,
    interrupted: 1,
  });
  assert.match(
    ownersHealth([run("stale", false)]).message,
    /1 by a process that does not stir \(r\)/,
  );
});

test("queues: what is open long or escalated is worth a look", () => {
  const idle = { unread: 0, running: 0, queued: 0 };
  const question = (hours: number, escalated = false) => ({
    ...{ run: "r", path: "p", kind: "prompt", opened_at: NOW - hours * HOUR, escalated },
  });
  assert.equal(queuesHealth({ ...idle, questions: [] }, NOW).status, "ok");
  assert.equal(queuesHealth({ ...idle, questions: [question(1)], unread: 2 }, NOW).status, "ok");
  assert.equal(
    queuesHealth({ ...idle, questions: [question(1), question(25)] }, NOW).status,
    "warning",
  );
  const doubted = { ...question(1), kind: "escalation" };
  assert.equal(queuesHealth({ ...idle, questions: [doubted] }, NOW).figures?.escalated, 1);
  const escalated = queuesHealth(
    { questions: [question(2, true)], unread: 1, running: 3, queued: 2 },
    NOW,
  );
  assert.equal(escalated.status, "warning");
  assert.deepEqual(escalated.figures, {
    ...{ running: 3, queued: 2, questions: 1, escalated: 1, oldest: 2 * HOUR, unread: 1 },
  });
  assert.equal(
    escalated.message,
    "3 tasks at work, 2 in line; 1 open question, the oldest for 2h; 1 of them escalated; 1 unread message.",
  );
});

test("memory and index", () => {
  assert.equal(memoryHealth({ used: 1e8, available: 4e9 }).status, "ok");
  assert.equal(memoryHealth({ used: 1e8, available: 2e8 }).status, "warning");
  assert.equal(memoryHealth({ used: 1e8, available: 1e7 }).status, "problem");
  assert.equal(memoryHealth({ used: 1e8 }).message, "This process takes 100 MB.");
  assert.equal(indexHealth({ found: "whole", runs: 1, bytes: 2000 }).message, "1 run in 2.0 KB.");
  assert.match(
    indexHealth({ found: "broken", runs: 2, bytes: 0 }).message,
    /was broken and is made anew\.$/,
  );
  assert.equal(indexHealth({ damaged: ["run_x"] }).status, "warning");
  assert.equal(indexHealth({ problem: "no wasm" }).status, "problem");
  const unwritten = indexHealth({ found: "none", runs: 3, unwritten: "EISDIR: a folder" });
  assert.equal(unwritten.status, "warning");
  assert.match(unwritten.message, /^3 runs in 0 B; it cannot be written \(EISDIR: a folder\)/);
});
