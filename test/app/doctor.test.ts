import assert from "node:assert/strict";
import { test } from "node:test";
import { type Examined, findings } from "../../src/app/doctor.ts";
import type { Room } from "../../src/journal/machine/room.ts";

function examined(room: Room): Examined {
  return {
    node: "24.0.0",
    ...{ workspace: "/w", stateFolder: "/s", trusted: true, room },
    ...{ settingsProblems: [], agents: [], servers: [], serverProblems: [] },
    ...{ secretsProblem: undefined, secretsPlace: "", missingSecrets: new Map() },
    ...{ templates: 0, brokenTemplates: [] },
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
