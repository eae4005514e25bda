/** The report of a run of the tests: all that the seed's phase 5 asks a test report to hold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Tally } from "../../scripts/testing/runSuite.ts";
import { testReport } from "../../scripts/testing/testReport.ts";

const tally = (more: Partial<Tally> = {}): Tally => ({
  ...{ passed: 0, failures: [], skipped: [], slow: [] },
  ...more,
});

test("a report has environment, tests, results, issues, what was left out, times, pictures and the next moves", () => {
  const report = testReport({
    at: "2026-11-27T20:00:00.000Z",
    environment: { node: "v24.21.0", machine: "2 × A|B" },
    stages: [
      { name: "lint", tally: tally({ failures: ["FAILED lint: see above"] }), seconds: 3 },
      {
        name: "integration",
        tally: tally({
          passed: 41,
          failures: ["FAILED test/integration/a.test.ts: it works\n    no ``` luck"],
          skipped: ["test/integration/real/realAgents.test.ts: codex (the real codex is missing)"],
          slow: ["8.0 s  test/integration/b.test.ts", "61.5 s  test/integration/a.test.ts"],
        }),
        seconds: 70.25,
      },
    ],
    pictures: ["steering-1-form.png"],
  });
  const parts = report.split(/^## /m).map((part) => part.trim().split("\n"));
  assert.deepEqual(
    parts.map(([title]) => title),
    [
      ...["# Test report", "Environment", "Tests executed", "Issues", "Left out, and why"],
      ...["Performance", "Pictures", "What to do next"],
    ],
  );
  assert.match(report, /: 41 passed, 2 failed, 1 skipped, in 73 s\./);
  assert.match(report, /\| machine \| 2 × A\\\|B \|/);
  assert.match(report, /\| integration \| 41 \| 1 \| 1 \| 70\.3 \|/);
  assert.match(
    report,
    /```text\nFAILED test\/integration\/a\.test\.ts: it works\n {4}no ''' luck\n```/,
  );
  assert.match(report, /- .*codex \(the real codex is missing\)/);
  assert.ok(report.indexOf("61.5 s") < report.indexOf("8.0 s"), "the slowest first");
  assert.match(report, /\[steering-1-form\.png\]\(steering-1-form\.png\)/);
  assert.deepEqual(parts.at(-1)?.slice(2), [
    "- Look at it alone: `npm test -- --only lint`.",
    "- Look at it alone: `npm test -- test/integration/a.test.ts`.",
    "- Set up what the reasons above name, and run it again.",
  ]);
});

test("a run without issues says so in every part", () => {
  const stages = [{ name: "unit", tally: tally({ passed: 2 }), seconds: 1 }];
  const report = testReport({ at: "now", environment: {}, stages, pictures: [] });
  for (const said of ["None.", "Nothing.", "No file took longer", "None were taken."])
    assert.ok(report.includes(said), said);
});
