/** Two processes write one index and are killed at any moment: what is left is whole or made anew, never wrong. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isSealed } from "../../src/journal/history/seal.ts";
import { runIdOf, storeRun } from "../journal/history/storedRuns.ts";
import { createRandom } from "../simulation/random.ts";
import { scene } from "./harness/product.ts";

const CHILD = fileURLToPath(new URL("indexChild.ts", import.meta.url));
const COMPILED = fileURLToPath(new URL("../../.cache/compiled", import.meta.url));
const BUNDLE = fileURLToPath(new URL("../../dist/fermata.mjs", import.meta.url));
const BUILT = existsSync(BUNDLE) ? {} : { skip: "needs npm run build" };
const RUNS = 40;
const ROUNDS = 8;

interface Writer {
  readonly child: ChildProcess;
  readonly failures: readonly string[];
}

/** Resolves once it has written the index. */
async function startWriter(t: TestContext, state: string, seed: number): Promise<Writer> {
  const child = spawn(process.execPath, [CHILD, state, String(seed)], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const failures: string[] = [];
  await new Promise<void>((ready, fail) => {
    child.on("exit", () => fail(new Error("the writer ended by itself")));
    createInterface({ input: child.stdout ?? assert.fail() }).on("line", (line) => {
      if (line === "ready") ready();
      else failures.push(line);
    });
  });
  return { child, failures };
}

test("two writers that are killed at any moment leave an index that answers right", async (t) => {
  const place = await scene(t);
  const app = await place.open();
  const { stateFolder: state } = app;
  for (let number = 0; number < RUNS; number += 1) await storeRun(state, number);
  const wanted = Array.from({ length: RUNS }, (_, index) => runIdOf(RUNS - 1 - index));
  const random = createRandom(5);
  for (let round = 0; round < ROUNDS; round += 1) {
    const writers = await Promise.all(
      [1, 2].map((seed) => startWriter(t, state, round * 2 + seed)),
    );
    // Any moment will do: what is waited for is chance, not a condition.
    await delay(random.below(60));
    for (const { child } of writers) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    assert.deepEqual(
      writers.flatMap(({ failures }) => failures),
      [],
      `round ${round}`,
    );
    const image = await readFile(join(state, "index.sqlite"));
    assert.ok(isSealed(image), `round ${round}: half an image under the real name`);
    const next = await place.open();
    const listed = await next.listRuns();
    assert.deepEqual(
      listed.map(({ run }) => run),
      wanted,
      `round ${round}`,
    );
    await next.dispose();
  }
  // A lock may be left where nothing had to be written any more; who next has something to write takes it away.
  await utimes(join(state, "runs", runIdOf(0), "journal.jsonl"), 1_800_000_000, 1_800_000_000);
  const last = await place.open();
  await last.listRuns();
  await last.health();
  await last.dispose();
  const names = await readdir(state);
  assert.ok(!names.includes("index.lock"), "the lock of a dead process was left in the way");
});

test("the bundle's own index works: its WebAssembly lies where it looks", BUILT, async (t) => {
  const root = await mkdtemp(join(tmpdir(), "fermata-bundle-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const env = { ...process.env, XDG_STATE_HOME: root, XDG_CACHE_HOME: root, XDG_CONFIG_HOME: root };
  const run = async (...args: readonly string[]): Promise<string> => {
    const child = spawn(process.execPath, [BUNDLE, ...args], { cwd: root, env });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        said += chunk;
      });
    const [code] = await once(child, "close");
    assert.equal(code, 0, said);
    return said;
  };
  const state = (await run("where")).trim();
  await storeRun(state, 3);
  assert.match(await run("runs", "--query", `run:${runIdOf(3)}`), new RegExp(runIdOf(3)));
});
