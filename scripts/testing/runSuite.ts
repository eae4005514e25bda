/**
 * Runs test files in processes, of their own or shared, and counts what came of them. Knows node:test's events; not which files.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { run } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { ROOT } from "../bootstrap.mjs";

/** What a stage came to. The texts are ready to print. */
export interface Tally {
  readonly passed: number;
  readonly failures: readonly string[];
  /** `file: test (reason)` */
  readonly skipped: readonly string[];
  /** Files that took long, slowest first: `12.3 s  file`. */
  readonly slow: readonly string[];
}

export interface SuiteRun {
  /** Relative to the root. */
  readonly files: readonly string[];
  /** Names the process that a file shares with all others of that name; without a name it has one of its own. */
  readonly shares?: ((path: string) => string | undefined) | undefined;
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** Called at once for each failure. */
  readonly onFailure: (text: string) => void;
}

const SLOW_MS = 5_000;

/** Runs the files and counts every test; suites (`describe`) are not counted, only what is in them. */
export async function runSuite(job: SuiteRun): Promise<Tally> {
  const failures: string[] = [];
  const skipped: string[] = [];
  const times: (readonly [file: string, ms: number])[] = [];
  let passed = 0;
  const printed = new Map<string, string>();
  const entries = entriesOf(job);
  const processOf = (file = "") => entries.get(file) ?? file;
  const stream = run({
    files: [...new Set(entries.values())],
    concurrency: job.concurrency,
    timeout: job.timeoutMs,
    isolation: "process",
    cwd: ROOT,
  });
  for await (const event of stream) {
    if (event.type === "test:stdout" || event.type === "test:stderr") {
      printed.set(event.data.file, (printed.get(event.data.file) ?? "") + event.data.message);
    } else if (event.type === "test:summary" && event.data.file) {
      times.push([relative(ROOT, event.data.file), event.data.duration_ms]);
    } else if (event.type === "test:pass" || event.type === "test:fail") {
      const test = readTest(event.data);
      if (test.skipped !== undefined) {
        skipped.push(`${test.title} (${test.skipped})`);
      } else if (event.type === "test:fail" && !isEcho(event.data.details.error)) {
        const text = describeFailure(test.title, event.data.details.error);
        failures.push(text);
        job.onFailure(text + tail(printed.get(processOf(event.data.file))));
      } else if (event.type === "test:pass" && !test.isSuite) {
        passed++;
      }
    }
  }
  return { passed, failures, skipped, slow: slowest(times) };
}

/** By test file, both absolute: what its process loads, the file itself or one that loads all who share it. Those alone come first. */
function entriesOf({ files, shares }: SuiteRun): ReadonlyMap<string, string> {
  const shared = Map.groupBy(files, (file) => shares?.(file) ?? "");
  const alone = shared.get("") ?? [];
  shared.delete("");
  return new Map([
    ...alone.map((file) => [resolve(ROOT, file), resolve(ROOT, file)] as const),
    ...[...shared].flatMap(([name, together]) => {
      const entry = entryOf(name, together);
      return together.map((file) => [resolve(ROOT, file), entry] as const);
    }),
  ]);
}

function entryOf(name: string, files: readonly string[]): string {
  const [only] = files;
  if (files.length === 1 && only !== undefined) return resolve(ROOT, only);
  const folder = join(ROOT, ".cache", "test", "together");
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, `${name}.mjs`);
  const lines = files.map(
    (file) => `import ${JSON.stringify(pathToFileURL(resolve(ROOT, file)))};\n`,
  );
  writeFileSync(entry, lines.join(""));
  return entry;
}

interface TestData {
  readonly name: string;
  readonly file?: string | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined };
}

function readTest(data: TestData) {
  const file = data.file ? relative(ROOT, data.file) : "";
  const mark = data.skip ?? data.todo;
  return {
    title:
      data.name.startsWith(ROOT) || file === ""
        ? relative(ROOT, data.name)
        : `${file}: ${data.name}`,
    isSuite: data.details.type === "suite",
    skipped: mark === undefined || mark === false ? undefined : reason(mark),
  };
}

function slowest(times: readonly (readonly [file: string, ms: number])[]): readonly string[] {
  return times
    .filter(([, ms]) => ms > SLOW_MS)
    .sort(([, a], [, b]) => b - a)
    .map(([file, ms]) => `${(ms / 1000).toFixed(1)} s  ${file}`);
}

/** A parent fails because a child did; the child is reported. A `describe` whose own body throws is not such a case. */
function isEcho(error: unknown): boolean {
  return error instanceof Error && "failureType" in error && error.failureType === "subtestsFailed";
}

function reason(mark: string | true): string {
  return typeof mark === "string" && mark !== "" ? mark : "no reason given";
}

function describeFailure(title: string, error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
  const lines = text.split("\n").filter((line) => !/^\s+at .*node:internal/.test(line));
  return `FAILED ${title}\n${lines.map((line) => `    ${line}`).join("\n")}`;
}

/** The last words of a failing file's process. */
function tail(printed: string | undefined): string {
  const lines = (printed ?? "").trimEnd().split("\n").slice(-20);
  return lines.join("") === ""
    ? ""
    : `\n    it printed:\n${lines.map((line) => `    | ${line}`).join("\n")}`;
}
