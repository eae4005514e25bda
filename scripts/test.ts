/**
 * `npm test [-- --only STAGE[,STAGE] PATH...]`: everything that CI runs, in one command. Owns the order of the stages and
 * the last line, `N passed, N failed, N skipped`, over all of them; a check that is no test file counts as one test.
 * Paths narrow the test files to those that contain one of them. What it came to is also told in test-results/report.md.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./bootstrap.mjs";
import type { CommandResult } from "./command.ts";
import { checkFormat, checkLint } from "./lint.ts";
import { packageProduct } from "./packageProduct.ts";
import { watchTree } from "./testing/cleanTree.ts";
import { runSuite, type Tally } from "./testing/runSuite.ts";
import { filesOf, SUITES } from "./testing/suites.ts";
import { type StageResult, testReport } from "./testing/testReport.ts";
import { checkTypes } from "./typecheck.ts";

interface Stage {
  readonly name: string;
  readonly run: () => Promise<Tally>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" } },
});

const treeIsAsBefore = watchTree();
// Compiling what is loaded is half of what a short process costs, of the tests' own and of those that they start.
process.env.NODE_COMPILE_CACHE ??= join(ROOT, ".cache", "compiled");
const stages: readonly Stage[] = [
  { name: "format", run: () => check("format", checkFormat) },
  { name: "lint", run: () => check("lint", checkLint) },
  { name: "types", run: () => check("types", checkTypes) },
  suite("walls"),
  suite("unit"),
  { name: "package", run: packageForTests },
  suite("integration"),
  suite("crash"),
  suite("e2e"),
  { name: "tree", run: () => check("tree", treeIsAsBefore) },
];

process.exitCode = await runStages(chosen());

function chosen(): readonly Stage[] {
  const names = values.only?.split(",");
  const unknown = names?.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    console.error(`no stage "${unknown}"; one of: ${stages.map(({ name }) => name).join(", ")}`);
    process.exit(2);
  }
  // The browser tests install what the package stage made.
  const wanted = names?.includes("e2e") ? [...names, "package"] : names;
  return stages.filter(({ name }) => wanted === undefined || wanted.includes(name));
}

async function runStages(all: readonly Stage[]): Promise<number> {
  const results: StageResult[] = [];
  for (const stage of all) {
    const start = performance.now();
    const tally = await stage.run();
    const seconds = (performance.now() - start) / 1000;
    console.log(`${stage.name.padEnd(12)} ${counts(tally)} (${seconds.toFixed(1)} s)`);
    for (const line of stage.name === "unit" ? tally.slow : []) {
      console.log(`  slow: ${line}`);
    }
    results.push({ name: stage.name, tally, seconds });
  }
  writeReport(results);
  const tallies = results.map(({ tally }) => tally);
  const total: Tally = {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failures: tallies.flatMap(({ failures }) => failures),
    skipped: tallies.flatMap(({ skipped }) => skipped),
    slow: [],
  };
  console.log("");
  for (const text of total.failures) {
    console.log(text.split("\n")[0]);
  }
  for (const text of total.skipped) {
    console.log(`skipped ${text}`);
  }
  console.log(counts(total));
  return total.failures.length > 0 || total.passed === 0 ? 1 : 0;
}

function writeReport(stages: readonly StageResult[]): void {
  const folder = join(ROOT, "test-results");
  mkdirSync(folder, { recursive: true });
  const pictures = readdirSync(folder).filter((name) => name.endsWith(".png"));
  const environment = {
    system: `${process.platform} ${process.arch} ${release()}`,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    commit: commit(),
    ci: process.env.CI ? "yes" : "no",
  };
  const facts = { at: new Date().toISOString(), environment, stages, pictures };
  writeFileSync(join(folder, "report.md"), testReport(facts));
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      cwd: ROOT,
      encoding: "utf8",
    }).trim();
  } catch {
    return "none";
  }
}

function suite(name: string): Stage {
  const found = SUITES.find((candidate) => candidate.name === name);
  if (!found) {
    throw new Error(`no suite ${name}`);
  }
  return {
    name,
    run: async () => {
      const files = filesOf(found, positionals);
      return files.length === 0
        ? { passed: 0, failures: [], skipped: [], slow: [] }
        : runSuite({ ...found, files, onFailure: (text) => console.log(text) });
    },
  };
}

async function check(name: string, work: () => Promise<CommandResult>): Promise<Tally> {
  const { code, output } = await work();
  if (code === 0) {
    return { passed: 1, failures: [], skipped: [], slow: [] };
  }
  console.log(output.trimEnd());
  return { passed: 0, failures: [`FAILED ${name}: see above`], skipped: [], slow: [] };
}

/** Builds and packs once; the suites that follow find the package by FERMATA_VSIX. */
async function packageForTests(): Promise<Tally> {
  const vsix = join(ROOT, ".cache", "test", "fermata.vsix");
  return check("package", async () => {
    try {
      const lines = await packageProduct(vsix);
      if (existsSync(vsix)) {
        process.env.FERMATA_VSIX = vsix;
      }
      return { code: 0, output: lines.join("\n") };
    } catch (error) {
      return { code: 1, output: error instanceof Error ? error.message : String(error) };
    }
  });
}

function counts({ passed, failures, skipped }: Tally): string {
  return `${passed} passed, ${failures.length} failed, ${skipped.length} skipped`;
}
