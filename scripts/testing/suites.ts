/**
 * Which test files make up which suite, and what each suite may take. A file belongs to exactly one.
 */
import { globSync } from "node:fs";
import { sep } from "node:path";
import { ROOT } from "../bootstrap.mjs";

export interface Suite {
  readonly name: string;
  /** A file belongs to the first suite that it fits. Paths relative to the root, with `/`. */
  readonly holds: (path: string) => boolean;
  /** Processes at once. */
  readonly concurrency: number;
  /** The longest files, so that none of them begins when all others are done. */
  readonly first?: readonly string[];
  /** Names the process that a file shares with others: starting one and loading the product costs most of a small test. */
  readonly shares?: (path: string) => string | undefined;
  /** After this a process is ended and counts as failed. */
  readonly timeoutMs: number;
}

const MINUTE_MS = 60_000;

/** Tests that start real servers, agents and processes: seconds each, so not part of the minute of the unit tests. */
const REAL = [
  "test/integration/",
  "test/agents/cli/",
  "test/agents/acp/",
  "test/agents/bad/",
  "test/mcp/client/",
  "test/process/",
];

/** Unit tests that need a process of their own: they judge time or what is loaded, or are long and run beside the others. */
const ALONE = [
  "test/app/lazyIndex.test.ts",
  "test/expression/budget.test.ts",
  "test/expression/fuzz.test.ts",
  "test/run/chaos.test.ts",
  "test/run/prefix.test.ts",
  "test/views/runPage/keptRows.test.ts",
  "test/workflow/growth.test.ts",
  "test/workflow/mutations.test.ts",
];

/** In the order in which they run: what is quick and general first. */
export const SUITES: readonly Suite[] = [
  {
    name: "walls",
    holds: (path) => path === "test/walls.test.ts",
    concurrency: 1,
    timeoutMs: MINUTE_MS,
  },
  {
    name: "e2e",
    holds: (path) => path.startsWith("test/e2e/"),
    // An editor mostly waits: for its own start, for what a person would look at, for steps that take their time.
    concurrency: 2,
    first: ["test/e2e/planning.test.ts", "test/e2e/robustness.test.ts"],
    timeoutMs: 10 * MINUTE_MS,
  },
  {
    name: "crash",
    holds: (path) => path.startsWith("test/crash/") || path.endsWith("/crash.test.ts"),
    concurrency: 2,
    first: ["test/simulation/crash.test.ts"],
    timeoutMs: 15 * MINUTE_MS,
  },
  {
    name: "integration",
    holds: (path) => REAL.some((folder) => path.startsWith(folder)),
    concurrency: 2,
    first: [
      "test/integration/expression/bombs.test.ts",
      "test/integration/hostile/yamlFuzz.test.ts",
    ],
    timeoutMs: 5 * MINUTE_MS,
  },
  {
    name: "unit",
    holds: () => true,
    concurrency: 2,
    shares: (path) => (ALONE.includes(path) ? undefined : path.split("/")[1]),
    timeoutMs: 3 * MINUTE_MS,
  },
];

function rank({ first = [] }: Suite, path: string): number {
  return first.includes(path) ? 0 : 1;
}

/** The test files of a suite, sorted, the longest first; with `filters`, those whose path contains one of them. */
export function filesOf(suite: Suite, filters: readonly string[]): readonly string[] {
  return globSync("test/**/*.test.ts", { cwd: ROOT })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => SUITES.find(({ holds }) => holds(path)) === suite)
    .filter((path) => filters.length === 0 || filters.some((part) => path.includes(part)))
    .sort((a, b) => rank(suite, a) - rank(suite, b) || (a < b ? -1 : 1));
}
