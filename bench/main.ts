/**
 * The product's figures beside their goals, as ratios taken in alternating runs: `npm run bench [-- PART...]`.
 * Exits with 1 when a goal is missed. Needs the yardstick `loop.mjs`: in ../shared/bench, or where FERMATA_BENCH_LOOP
 * says. FERMATA_BENCH_ROUNDS rounds; see bench/README.md for what each figure is.
 */
import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { contextSaved } from "./contextSaved.ts";
import { decideCost } from "./decideCost.ts";
import { longRun } from "./editor/longRun.ts";
import { startUp } from "./editor/startUp.ts";
import { expressionCost } from "./expressionCost.ts";
import { growthCost } from "./growthCost.ts";
import { parseCost, startCost } from "./launchCost.ts";
import { listingCost } from "./listingCost.ts";
import { loopDelay } from "./loopDelay.ts";
import { memoryCost } from "./memoryCost.ts";
import { planTokens } from "./plan/planTokens.ts";
import { recoveryCost } from "./recoveryCost.ts";
import { createScorecard, type Scorecard } from "./scorecard.ts";
import { speedUp } from "./speedUp.ts";
import { manyRuns, stepCost } from "./stepCost.ts";
import { loadYardstick } from "./yardstick.ts";

const ROUNDS = Number(process.env.FERMATA_BENCH_ROUNDS ?? 11);

/** In the order in which they run: what compiles for the first time comes first. */
const PARTS: Readonly<Record<string, (card: Scorecard) => unknown>> = {
  launch: async (card) => {
    parseCost(card);
    await startCost(card);
  },
  steps: async (card) => stepCost(card, await loadYardstick(yardstickFile()), ROUNDS),
  runs: async (card) => manyRuns(card, await loadYardstick(yardstickFile()), ROUNDS),
  growth: async (card) => {
    await growthCost(card, Math.ceil(ROUNDS / 2));
    decideCost(card, ROUNDS);
  },
  expressions: (card) => expressionCost(card, ROUNDS),
  memory: memoryCost,
  delay: (card) => loopDelay(card, ROUNDS),
  speedup: (card) => speedUp(card, Math.ceil(ROUNDS / 2)),
  recovery: (card) => recoveryCost(card, Math.ceil(ROUNDS / 2)),
  plan: planTokens,
  context: contextSaved,
  listing: (card) => listingCost(card, ROUNDS),
  editor: async (card) => {
    await startUp(card, ROUNDS);
    await longRun(card);
  },
};

await main(process.argv.slice(2));

async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) {
    console.error(`no part "${unknown}"; one of: ${Object.keys(PARTS).join(", ")}`);
    process.exit(2);
  }
  const card = createScorecard((line) => console.log(line));
  const machine = `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}`;
  console.log(`${ROUNDS} rounds, alternating; medians of the ratios within a round. ${machine}.`);
  for (const [name, measure] of Object.entries(PARTS)) {
    if (asked.length === 0 || asked.includes(name)) await measure(card);
  }
  console.log(`\nload at the end ${loadavg()[0]?.toFixed(1)}`);
  process.exitCode = card.close() ? 0 : 1;
}

function yardstickFile(): string {
  const file = resolve(
    process.env.FERMATA_BENCH_LOOP ??
      join(import.meta.dirname, "..", "..", "shared", "bench", "loop.mjs"),
  );
  if (existsSync(file)) return file;
  console.error(
    `The yardstick ${file} is not there. Say where loop.mjs is with FERMATA_BENCH_LOOP.`,
  );
  process.exit(2);
}
