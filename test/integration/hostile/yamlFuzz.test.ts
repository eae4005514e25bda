/**
 * Five thousand spoilt workflow files through everything that happens to a file before a step runs: parse, link,
 * validate, and where it is still a workflow, its first event and its fold. FERMATA_FUZZ_SEED=N plays one again;
 * FERMATA_FUZZ_FROM=N takes the five thousand from there.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadOf } from "../../../src/report/percentile.ts";
import { evolve } from "../../../src/run/evolve/evolve.ts";
import { prepareRun } from "../../../src/run/start/prepare.ts";
import { createProgram } from "../../../src/run/start/program.ts";
import { stateHash } from "../../../src/run/stateHash.ts";
import { formatDiagnostic } from "../../../src/workflow/diagnostic.ts";
import type { Linked } from "../../../src/workflow/link.ts";
import { validateWorkflow } from "../../../src/workflow/validate.ts";
import { settingOf } from "../../run/simulate.ts";
import { createRandom } from "../../simulation/random.ts";
import { yardstick } from "../harness/yardstick.ts";
import { type Mutated, mutate } from "./mutations.ts";
import { type ValidFile, validFiles } from "./validFiles.ts";

const FILES = 5000;
// In yardsticks; the goals are 50 and 500 ms on a quiet machine, and the milliseconds are printed beside.
const MOST_P99 = 6;
const MOST = 20;
const LEAST_INSIDE = 0.95;

interface Spoilt extends Mutated {
  readonly seed: number;
  readonly file: ValidFile;
}

const files = validFiles();
const only = process.env.FERMATA_FUZZ_SEED;
const from = Number(only ?? process.env.FERMATA_FUZZ_FROM ?? 1);

test(`${FILES} spoilt workflow files from seed ${from} on`, (t) => {
  assert.ok(files.length > 150, `${files.length} valid files to start from`);
  const found = Array.from({ length: only === undefined ? FILES : 1 }, (_, n) => tryOut(from + n));
  const slowest = found.toSorted((a, b) => b.ms - a.ms);
  const p99 = spreadOf(found.map(({ ms }) => ms))?.p99;
  const judged = found.filter(({ inside }) => inside !== undefined);
  const inside = judged.filter((one) => one.inside).length / judged.length;
  const [worst] = slowest;
  const unit = yardstick();
  t.diagnostic(
    `a yardstick is ${unit.toFixed(1)} ms; p99 ${p99?.toFixed(1)} ms, slowest ${worst?.ms.toFixed(0)} ms (seed ${worst?.seed}), ` +
      `${(inside * 100).toFixed(1)} % of ${judged.length} found inside the spoilt node`,
  );
  if (only !== undefined) return;
  assert.ok(worst && worst.ms <= MOST * unit, `seed ${worst?.seed}: ${worst?.ms} ms`);
  assert.ok(p99 !== undefined && p99 <= MOST_P99 * unit, `p99 ${p99} ms; ${slowest[10]?.seed}`);
  assert.ok(judged.length > FILES / 2, `${judged.length} files could be judged`);
  const outside = judged.filter((one) => !one.inside).slice(0, 20);
  assert.ok(inside >= LEAST_INSIDE, `${inside}: seeds ${outside.map(({ seed }) => seed)}`);
});

/** Processor time, in ms: what other processes take from the machine is not the file's doing. */
function tryOut(seed: number) {
  const spoilt = spoil(seed);
  const { file, text } = spoilt;
  const before = process.threadCpuUsage();
  const linked = guarded(spoilt, () =>
    validateWorkflow({ fileName: file.fileName, text, load: file.load }),
  );
  const used = process.threadCpuUsage(before);
  if (only !== undefined) tell(spoilt, linked);
  guarded(spoilt, () => {
    checkRanges(spoilt, linked);
    runOn(linked);
  });
  return { seed, ms: (used.user + used.system) / 1000, inside: isInside(spoilt, linked) };
}

function spoil(seed: number): Spoilt {
  const random = createRandom(seed);
  const file = files[random.below(files.length)];
  assert.ok(file);
  // Where several things are spoilt at once, nobody can say which one a finding is about.
  const times = random.next() < 0.25 ? 2 + random.below(3) : 1;
  return { seed, file, ...mutate(file.text, random, times) };
}

function guarded<T>({ seed, file, kind }: Spoilt, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const again = `FERMATA_FUZZ_SEED=${seed} node --test test/integration/hostile/yamlFuzz.test.ts`;
    throw new Error(`${file.fileName}, ${kind}. Again: ${again}`, { cause });
  }
}

function checkRanges({ text, file }: Spoilt, { diagnostics }: Linked): void {
  for (const { fileName, range, message } of diagnostics) {
    if (fileName !== file.fileName) continue;
    assert.ok(range.start.offset >= 0 && range.end.offset <= text.length, message);
    assert.ok(range.start.offset <= range.end.offset && range.start.line >= 1, message);
  }
}

/** What is still a workflow begins: its inputs are checked, its bundle hashed, its first event folded. */
function runOn({ bundle }: Linked): void {
  if (!bundle) return;
  const prepared = prepareRun(createProgram(), settingOf(bundle), {}, 0);
  if (!prepared.ok) return;
  const event = JSON.parse(JSON.stringify(prepared.value));
  assert.equal(stateHash(evolve(undefined, { seq: 1, at: 0, event })).length, 64);
}

/** Whether an error stands on the lines of the spoilt node; undefined when there is no one node, or no error. */
function isInside({ node, text, file }: Spoilt, { diagnostics }: Linked): boolean | undefined {
  const errors = diagnostics.filter(
    ({ fileName, severity }) => fileName === file.fileName && severity === "error",
  );
  if (!node || errors.length === 0) return undefined;
  const first = text.lastIndexOf("\n", node[0] - 1) + 1;
  const stop = text.indexOf("\n", node[1]);
  const last = stop < 0 ? text.length : stop;
  return errors.some(({ range }) => range.start.offset >= first && range.start.offset <= last);
}

function tell({ text, kind, node }: Spoilt, { diagnostics }: Linked): void {
  console.log(`${kind} at ${node}\n${text.slice(0, 5000)}`);
  for (const diagnostic of diagnostics) console.log(formatDiagnostic(diagnostic));
}
