import assert from "node:assert/strict";
import { test } from "node:test";
import { type Examined, findings } from "../../src/app/doctor.ts";
import type { ShellPath } from "../../src/app/machine/searchPath.ts";
import type { Room } from "../../src/journal/machine/room.ts";

function examined(room: Room, shellPath?: ShellPath): Examined {
  return {
    node: "24.0.0",
    ...{ workspace: "/w", stateFolder: "/s", trusted: true, room },
    ...{ settingsProblems: [], agents: [], servers: [], workers: [], serverProblems: [] },
    ...{ secretsProblem: undefined, secretsPlace: "", missingSecrets: new Map() },
    ...{ templates: 0, brokenTemplates: [], shellPath },
  };
}

const storageOf = (room: Room) =>
  findings(examined(room)).find(({ about }) => about === "Storage") ?? assert.fail();

test("the doctor is content with storage only while there is room for runs", () => {
  const fine = storageOf({ free: 50_000_000_000 });
  assert.deepEqual(fine, { about: "Storage", status: "ok", message: "Runs are kept in /s." });

  const full = storageOf({ problem: "ENOSPC: no space left on device" });
  assert.equal(full.status, "problem");
  assert.match(full.message, /^\/s cannot be written: ENOSPC/);
  assert.match(full.fix ?? "", /^Free space/);

  assert.equal(storageOf({ free: 500_000_000 }).status, "warning");
  assert.equal(storageOf({ free: 5_000_000 }).status, "problem");
});

test("the doctor tells what the login shell's PATH adds, and that it said nothing", () => {
  const of = (seen?: ShellPath) =>
    findings(examined({ free: 50_000_000_000 }, seen)).find(({ about }) => about === "PATH");
  const shell = "/bin/zsh";
  assert.equal(of(), undefined);
  assert.equal(of({ outcome: "same", shell })?.status, "ok");
  assert.match(
    of({ outcome: "differs", shell, added: ["/a", "/b"] })?.message ?? "",
    /: \/a, \/b\. /,
  );
  const silent = of({ outcome: "silent", shell, waited: 5000 });
  assert.equal(silent?.status, "warning");
  assert.match(silent?.message ?? "", /within 5 s/);
  assert.match(silent?.fix ?? "", /profile/);
});

test("the doctor says of each worker how it is, and what to do about one that is not well", () => {
  const workers = [
    { name: "data", url: "http://127.0.0.1:8001", says: "healthy" },
    { name: "slow", url: "http://127.0.0.1:8002", says: "degraded" },
    { name: "gone", url: "http://127.0.0.1:8003", problem: "It is not well." },
    { name: "none", problem: "There is no worker none." },
  ];
  const found = findings({ ...examined({ free: 50_000_000_000 }), workers })
    .filter(({ about }) => about.startsWith("Worker"))
    .map(({ about, status, message, fix }) => `${about} ${status}: ${message}${fix ? " FIX" : ""}`);
  assert.deepEqual(found, [
    "Worker data ok: http://127.0.0.1:8001: healthy.",
    "Worker slow warning: http://127.0.0.1:8002: degraded.",
    "Worker gone problem: http://127.0.0.1:8003: It is not well. FIX",
    "Worker none problem: There is no worker none. FIX",
  ]);
});
