/**
 * Every kind of bad agent, many times at once, through the whole product and real processes: each attempt ends as a typed
 * failure, in its time, leaves no process behind, and costs no memory to speak of.
 */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test } from "node:test";
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
  scene,
  start,
  workflow,
} from "../../integration/harness/product.ts";
import { isAlive, until } from "../../process/until.ts";

const PROGRAM = fileURLToPath(new URL("badAgent.sh", import.meta.url));
const TIMES = 20;
/** The guard's source; it is bundled as it is shipped, because so it starts in a third of the time. */
const GUARD = fileURLToPath(new URL("../../../src/process/guardMain.ts", import.meta.url));
/** Agents at once. */
const TOGETHER = 24;
/** What one at work may keep in this process, in MiB: a line of 4 MiB in the making, and the ends of both streams. */
const MOST_AT_WORK = 8;
/** What may stay of one that has ended, in KiB: its prompt, its failure and its place in the state; no output of it. */
const MOST_AFTER = 48;

interface Bad {
  readonly kind: string;
  readonly code: FailureCode;
  readonly adapter?: "acp" | "codex";
  /** It would never end by itself. */
  readonly endless?: true;
  /** A program in place of the script. */
  readonly program?: string;
  readonly attempts?: number;
}

const KINDS: readonly Bad[] = [
  { kind: "hangs", code: "timeout", endless: true },
  { kind: "ignores-term", code: "timeout", endless: true },
  { kind: "forks", code: "timeout", endless: true },
  { kind: "deaf", code: "timeout", endless: true },
  { kind: "talks-forever", code: "timeout", endless: true },
  { kind: "lingers", code: "timeout", endless: true },
  { kind: "mute", code: "timeout", endless: true, adapter: "acp" },
  { kind: "asks-forever", code: "agent_error" },
  { kind: "leaves-daemon", code: "agent_error" },
  { kind: "leaves-pipe-open", code: "agent_error" },
  { kind: "floods-errors", code: "agent_error" },
  { kind: "floods-output", code: "agent_error" },
  { kind: "endless-line", code: "agent_error" },
  { kind: "says-nothing", code: "agent_error" },
  { kind: "exits", code: "agent_error" },
  { kind: "crashes", code: "agent_error" },
  { kind: "breaks-off", code: "agent_error" },
  { kind: "fails-wordless", code: "agent_error", adapter: "codex" },
  { kind: "wrong-schema", code: "invalid_output", attempts: 2 },
  { kind: "no-json", code: "invalid_output" },
  { kind: "deep-data", code: "invalid_output" },
  { kind: "not-there", code: "agent_unavailable", program: "/nowhere/agent" },
  { kind: "not-executable", code: "agent_unavailable", program: "notes.txt" },
];

/** `limit`: the time of those that would never end, in ms. */
const branch = ({ kind, endless, attempts = 1 }: Bad, limit: number): string => `
      - id: ${kind}
        steps:
          - id: each-${kind}
            type: foreach
            items: "{{ range(${TIMES}) | list }}"
            max_parallel: ${TIMES}
            steps:
              - id: ${kind}
                type: delegate
                agent: "@${kind}"
                instructions: ${kind === "deaf" ? "y".repeat(100_000) : "Count."}
                output_schema: { type: object, required: [n], properties: { n: { type: integer } } }
                on_error: continue
                timeout: ${endless ? `${limit}ms` : "10m"}
                retry: { max_attempts: ${attempts}, retry_on: [invalid_output], delay: 1ms }`;

const allOf = (limit: number): string =>
  workflow(
    "bad",
    `
limits: { max_parallel: 1000, timeout: 30m }
steps:
  - id: all
    type: parallel
    max_parallel: 100
    branches: ${KINDS.map((kind) => branch(kind, limit)).join("")}
  - { id: end, type: return, value: ok }
`,
  );

const PROBE = workflow(
  "probe",
  `
steps:
  - { id: ask, type: delegate, agent: "@exits", instructions: Count., on_error: continue }
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

test("bad agents of every kind fail by name, in time, and are gone", {
  skip: process.platform === "win32" && "the bad agents are written for a POSIX shell",
}, async (t) => {
  const place = await scene(t, {
    "workflows/probe.workflow.yaml": PROBE,
    "notes.txt": "no program",
  });
  const pids = (kind: string): string => join(place.root, `${kind}.pids`);
  const agents = Object.fromEntries(
    KINDS.map(({ kind, adapter = "claude", program }) => {
      const command = program
        ? [join(place.workspace, program)]
        : ["sh", PROGRAM, kind, pids(kind)];
      return [`@${kind}`, { adapter, command, effects: "repeatable" }];
    }),
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
  await place.write("workflows/bad.workflow.yaml", allOf(limit));
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

  for (const { kind, code, attempts = 1 } of KINDS) {
    const tasks = [...state.tasks.values()].filter(
      ({ id, kind: step }) => id === kind && step === "delegate",
    );
    const seen = tasks.map(({ failure, attempts: made }) => `${failure?.code} ${made}`);
    const said = tasks.map(({ failure }) => failure?.message ?? "").find((text) => text !== "");
    assert.deepEqual(seen, Array(TIMES).fill(`${code} ${attempts}`), `${kind}: ${said}`);
  }
  const [journal = ""] = globSync(join(place.root, "state", "**", run, "journal.jsonl"));
  const late = lateness(await jsonLines(journal), limit);
  assert.equal(late.length, TIMES * KINDS.filter(({ endless }) => endless).length);
  const slack = 1000 + lag.max / 1e6;
  assert.ok(Math.max(...late) <= slack, `${Math.max(...late)} ms after its time, with ${slack}`);
  const atWork = (most - before) / TOGETHER / 2 ** 20;
  assert.ok(atWork <= MOST_AT_WORK, `${atWork.toFixed(1)} MiB for each at work`);
  const after = (held() - before) / (KINDS.length * TIMES) / 2 ** 10;
  assert.ok(after <= MOST_AFTER, `${after.toFixed(1)} KiB stay of each`);
  for (const { kind, program, endless } of KINDS) {
    if (program) continue;
    const started = (await readFile(pids(kind), "utf8")).trim().split("\n").map(Number);
    assert.ok(started.length >= (endless ? TIMES / 2 : TIMES), `${kind}: ${started.length} begun`);
    await until(`all of ${kind} to be gone`, () => !started.some(isAlive));
  }
  await until("nothing to run in the workspace", () => processesIn(place.workspace).length === 0);
});
