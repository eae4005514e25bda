/**
 * `npm run simulate -- SEED [TO]`: plays the simulated crash of one seed, or of all from SEED to TO, and says what befell
 * the run. The same seed plays the same way every time; with FERMATA_TRACE=1 it tells every operation of the disk.
 */
import { crashRun } from "../test/simulation/crashRun.ts";
import { runSeeds } from "../test/simulation/seeds.ts";

const [from, to] = process.argv.slice(2).map(Number);
if (from === undefined || !Number.isSafeInteger(from)) {
  console.error("which seed? npm run simulate -- SEED [TO]");
  process.exit(2);
}
try {
  if (to === undefined) {
    const trace = process.env.FERMATA_TRACE ? (line: string) => console.log(line) : undefined;
    console.log(await crashRun(from, trace));
  } else {
    const { outcomes, broken } = await runSeeds({ from, to });
    console.log(`${outcomes.length} seeds kept every promise`);
    if (broken !== undefined) throw new Error(broken);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
