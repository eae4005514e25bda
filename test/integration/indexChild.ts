/**
 * A process that reads and writes the index of a state folder as fast as it can, until it is killed.
 * Usage: indexChild.ts STATE SEED. Says `ready` once it has written for the first time.
 */
import { randomBytes } from "node:crypto";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { openRunDisk } from "../../src/app/runs/runDisk.ts";
import { createDisk } from "../../src/journal/disk.ts";
import { openRunIndex } from "../../src/journal/history/runIndex.ts";
import { systemClock } from "../../src/journal/machine/clock.ts";
import { createMachine } from "../../src/journal/machine/machine.ts";
import { createRandom } from "../simulation/random.ts";

const [, , state = "", seed = "1"] = process.argv;
const storage = {
  ...{ disk: createDisk(), state, machine: createMachine(), clock: systemClock },
  random: randomBytes,
  report: (message: string, cause?: unknown) => {
    process.stdout.write(`failed ${message} ${cause}\n`);
  },
};
const disk = openRunDisk(storage);
const index = openRunIndex({ ...storage, read: disk.state, live: () => undefined });
const random = createRandom(Number(seed));
const runs = await disk.list();
for (let round = 0; ; round += 1) {
  const run = runs[random.below(runs.length)] ?? "";
  // Another time makes its lines void: there is something to write.
  const at = 1_700_000_000 + random.below(1_000_000);
  await utimes(join(state, "runs", run, "journal.jsonl"), at, at);
  const { runs: listed } = await index.refresh();
  if (listed([]).length !== runs.length) process.stdout.write("failed a run is missing\n");
  await index.save();
  if (round === 0) process.stdout.write("ready\n");
}
