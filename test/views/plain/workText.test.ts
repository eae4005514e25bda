/** The lines about parallel work at the end of a run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { workText } from "../../../src/views/plain/workText.ts";

const WORK = {
  elapsed: 60_000,
  sequential: 60_000,
  speedUp: 1,
  criticalPath: ["a", "b"],
  criticalTime: 60_000,
  phases: [],
};

test("one thing after the other without a plan is not worth a line, and neither is a moment", () => {
  assert.deepEqual(workText(WORK), []);
  assert.deepEqual(workText({ ...WORK, elapsed: 900, sequential: 4000, speedUp: 4.4 }), []);
});

test("speed-up, the path's last steps, phases and the plan", () => {
  const lines = workText({
    ...WORK,
    sequential: 150_000,
    speedUp: 2.5,
    estimate: 90_000,
    criticalPath: ["a", "b", "c", "d", "e", "f", "g"],
    phases: [
      { title: "Look\u001b[2J", elapsed: 10_000, speedUp: 1, estimate: 12_000 },
      { title: "Build", elapsed: 50_000, speedUp: 2 },
      { title: "Plain", elapsed: 5_000, speedUp: 1 },
    ],
  });
  assert.deepEqual(lines, [
    "Work    2m 30s in 1m, 2.5 times as fast as one after the other",
    "Path    … → b → c → d → e → f → g (1m)",
    "Phase   Look␛[2J: 10s of 12s planned",
    "Phase   Build: 50s, 2.0 times as fast",
    "Plan    1m 30s, took 1m",
  ]);
});
