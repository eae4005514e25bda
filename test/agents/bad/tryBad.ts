/**
 * Bad agents of many kinds at once, through the whole product and real processes: each attempt ends as a typed failure, in its
 * time, leaves no process behind, and costs no memory to speak of. Owns that run and what is measured; knows no kind.
 */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import type { FailureCode } from "../../../src/run/failure.ts";
import { isObject, type JsonObject } from "../../../src/util/json.ts";
import { processesIn } from "../../integration/harness/processes.ts";
import {
  ends,
  jsonLines,
  play,
  type Scene,
  scene,
  start,
  workflow,
} from "../../integration/harness/product.ts";
import { isAlive, until } from "../../process/until.ts";

/** The guard's source; it is bundled as it is shipped, because so it starts in a third of the time. */
const GUARD = fileURLToPath(new URL("../../../src/process/guardMain.ts", import.meta.url));
/** Agents at once. */
const TOGETHER = 24;
/** What may stay of one that has ended, in KiB: its prompt, its failure and its place in the state; no output of it. */
const MOST_AFTER = 16;
/** What may stay in all, in MiB: code that was compiled for the first of them. */
const MOST_ONCE = 3;

export interface Bad {
  readonly kind: string;
  readonly code: FailureCode;
  /** Its settings; `pids`: where its processes write their numbers, `nth`: of an agent of its own. */
  readonly settings: (place: Scene, pids: string, nth: number) => JsonObject;
  /** It would never end by itself. */
  readonly endless?: true;
  readonly attempts?: number;
  /** Starts no process that writes its number. */
  readonly quiet?: true;
  /** Each time by an agent of its own, whose circuit no other one opens. */
  readonly apart?: true;
  readonly instructions?: string;
}

const stepOf = (bad: Bad, agent: string, limit: number): string =>
  JSON.stringify({
    id: bad.kind,
    type: "delegate",
    agent,
    instructions: bad.instructions ?? "Count.",
    output_schema: { type: "object", required: ["n"], properties: { n: { type: "integer" } } },
    on_error: "continue",
    timeout: bad.endless ? `${limit}ms` : "10m",
    retry: { max_attempts: bad.attempts ?? 1, retry_on: ["invalid_output"], delay: "1ms" },
  });

const agentOf = (kind: string, nth: number): string => `@${kind}-${nth}`;

/** How often each kind is tried, and the time of those that would never end, in ms. */
interface Trial {
  readonly times: number;
  readonly limit: number;
}

const branch = (bad: Bad, { limit, times }: Trial): string => {
  const { kind, apart } = bad;
  const steps = apart
    ? `
            type: parallel
            max_parallel: ${times}
            branches:${Array.from({ length: times }, (_, nth) => `\n              - { id: b${nth}, steps: [${stepOf(bad, agentOf(kind, nth), limit)}] }`).join("")}`
    : `
            type: foreach
            items: "{{ range(${times}) | list }}"
            max_parallel: ${times}
            steps: [${stepOf(bad, agentOf(kind, 0), limit)}]`;
  return `
      - id: ${kind}
        steps:
          - id: each-${kind}${steps}`;
};

const allOf = (kinds: readonly Bad[], trial: Trial): string =>
  workflow(
    "bad",
    `
limits: { max_parallel: 1000, timeout: 30m }
steps:
  - id: all
    type: parallel
    max_parallel: 100
    branches: ${kinds.map((kind) => branch(kind, trial)).join("")}
  - { id: end, type: return, value: ok }
`,
  );

const probeOf = (kind: string): string =>
  workflow(
    "probe",
    `
steps:
  - { id: ask, type: delegate, agent: "${agentOf(kind, 0)}", instructions: Count., on_error: continue }
`,
  );

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Bytes that something in this process still holds. */
function held(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How long after its time was up each attempt was ended, in ms; from the journal's own times. */
function lateness(records: readonly JsonObject[], limit: number): readonly number[] {
  const begun = new Map<string, number>();
  const late: number[] = [];
  for (const { at, event } of records) {
    if (!isObject(event)) continue;
    const { type, path, attempt } = event;
    const key = `${path} ${attempt}`;
    if (type === "task_started" || type === "attempt_begun") begun.set(key, Number(at));
    if (type === "attempt_timed_out") late.push(Number(at) - (begun.get(key) ?? 0) - limit);
  }
  return late;
}

export interface Tried {
  /** A kind that ends at once, by which the machine's speed is known. */
  readonly probe: string;
  /** How often each kind is tried. */
  readonly times: number;
  /** What one at work may keep in this process, in MiB: twice the longest line, which is read as a whole, and the ends of both streams. */
  readonly mostAtWork: number;
}

/** Tries each kind so many times. */
export async function tryBad(
  t: TestContext,
  kinds: readonly Bad[],
  { probe, times, mostAtWork }: Tried,
): Promise<void> {
  const place = await scene(t, {
    "workflows/probe.workflow.yaml": probeOf(probe),
    "notes.txt": "no program",
  });
  const pids = (kind: string): string => join(place.root, `${kind}.pids`);
  const agents = Object.fromEntries(
    kinds.flatMap(({ kind, apart, settings }) =>
      Array.from({ length: apart ? times : 1 }, (_, nth) => [
        agentOf(kind, nth),
        { effects: "repeatable", ...settings(place, pids(kind), nth) },
      ]),
    ),
  );
  const guardScript = join(place.root, "guard.mjs");
  await build({
    entryPoints: [GUARD],
    outfile: guardScript,
    ...{ bundle: true, platform: "node", format: "esm" },
  });
  const app = await place.open({ settings: { agents, maxAgents: TOGETHER }, guardScript });
  const from = performance.now();
  await play(app, "probe");
  // They shall have begun before their time is up, on a slow machine, too.
  const limit = Math.max(1000, Math.round((TOGETHER / 4) * (performance.now() - from)));
  await place.write("workflows/bad.workflow.yaml", allOf(kinds, { times, limit }));
  const before = held();
  let most = before;
  const lag = monitorEventLoopDelay();
  lag.enable();
  const watch = setInterval(() => {
    most = Math.max(most, held());
  }, 500).unref();
  const run = await start(app, "bad");
  const state = await ends(app, run, 280_000);
  clearInterval(watch);
  lag.disable();
  assert.equal(state.status, "done", JSON.stringify(state.failure));

  const wrong = kinds.flatMap(({ kind, code, attempts = 1 }) => {
    const tasks = [...state.tasks.values()].filter(
      ({ id, kind: step }) => id === kind && step === "delegate",
    );
    assert.equal(tasks.length, times, kind);
    return tasks.flatMap(({ failure, attempts: made }) =>
      failure?.code === code && made === attempts
        ? []
        : [`${kind}: ${failure?.code} after ${made}: ${failure?.message}`],
    );
  });
  assert.deepEqual([...new Set(wrong)], []);
  const [journal = ""] = globSync(join(place.root, "state", "**", run, "journal.jsonl"));
  const late = lateness(await jsonLines(journal), limit);
  assert.equal(late.length, times * kinds.filter(({ endless }) => endless).length);
  const slack = 1000 + lag.max / 1e6;
  assert.ok(Math.max(...late) <= slack, `${Math.max(...late)} ms after its time, with ${slack}`);
  const atWork = (most - before) / TOGETHER / 2 ** 20;
  assert.ok(atWork <= mostAtWork, `${atWork.toFixed(1)} MiB for each at work`);
  // What has been let go is not all gone with the first collection.
  const bound = MOST_AFTER * kinds.length * times * 2 ** 10 + MOST_ONCE * 2 ** 20;
  await until("the memory to be free again", () => held() - before <= bound, 20_000);
  for (const { kind, quiet, endless } of kinds) {
    if (quiet) continue;
    const started = (await readFile(pids(kind), "utf8")).trim().split("\n").map(Number);
    assert.ok(started.length >= (endless ? times / 2 : times), `${kind}: ${started.length} begun`);
    await until(`all of ${kind} to be gone`, () => !started.some(isAlive));
  }
  await until("nothing to run in the workspace", () => processesIn(place.workspace).length === 0);
}
