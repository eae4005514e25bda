/**
 * `npm run accept [-- PATH...]`: runs the unit tests with FERMATA_ACCEPT=1, under which a test with a golden file writes
 * what it sees instead of comparing. Review the difference before you commit it.
 */
import { runSuite } from "./testing/runSuite.ts";
import { filesOf, SUITES } from "./testing/suites.ts";

process.env.FERMATA_ACCEPT = "1";
for (const suite of SUITES.filter(({ name }) => name === "unit")) {
  const files = filesOf(suite, process.argv.slice(2));
  const tally = await runSuite({ ...suite, files, onFailure: (text) => console.log(text) });
  console.log(`${tally.passed} passed, ${tally.failures.length} failed; now read: git diff test`);
  process.exitCode = tally.failures.length > 0 ? 1 : 0;
}
