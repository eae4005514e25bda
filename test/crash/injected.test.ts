/**
 * A real host whose system calls fail or kill it: SIGKILL and EIO at every fdatasync, a full disk, no handles left. It
 * says so in words, and the next host finishes the run; what was done is not done again. One thread of the pool, so that
 * the n-th sync of the process is the n-th of that thread.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { jsonLines, workflow } from "../integration/harness/product.ts";
import { findStrace } from "../integration/harness/strace.ts";
import { readText } from "../process/until.ts";
import type { HostEnd, HostOrder } from "./host.ts";
import { type HostRun, runHost } from "./runHost.ts";

const STRACE = findStrace();
const skip = STRACE.missing ?? false;

const STEPS = `
steps:
  - { id: one, type: delegate, agent: "@task", instructions: first }
  - { id: two, type: delegate, agent: "@task", instructions: second }
  - { id: end, type: return, value: finished }
`;

interface Place {
  readonly root: string;
  readonly order: HostOrder;
  /** Starts the host with these injections, `inject=...` or other expressions of strace. */
  host(expressions: readonly string[], path?: string): Promise<HostRun>;
  journal(): Promise<string>;
  /** The system calls that strace saw of the last host. */
  calls(): readonly string[];
}

async function place(t: TestContext): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), "fermata-inject-"));
  t.after(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const workspace = join(root, "work");
  await mkdir(join(workspace, "workflows"), { recursive: true });
  await writeFile(join(workspace, "workflows", "it.workflow.yaml"), workflow("it", STEPS));
  const script = join(root, "script.json");
  await writeFile(script, JSON.stringify({ log: "calls.log", rules: [{ response: "ok" }] }));
  const agents = { "@task": { adapter: "scripted", script } };
  const order = { workspace, template: "it", inputs: {}, answers: {}, settings: { agents } };
  const seen = join(root, "calls");
  const host: Place["host"] = (expressions, path) => {
    const where = path === undefined ? [] : ["-P", path];
    const words = ["-f", "-qq", "-y", "-o", seen, ...where];
    const under = [STRACE.path ?? "", ...words, ...expressions.flatMap((each) => ["-e", each])];
    return runHost(root, order, expressions.length > 0 ? under : []);
  };
  const journal = async (): Promise<string> => {
    const home = join(root, "state", "fermata");
    const [folder = ""] = (await readdir(home)).filter((name) => name.startsWith("work-"));
    const [run = ""] = await readdir(join(home, folder, "runs"));
    return join(home, folder, "runs", run, "journal.jsonl");
  };
  const calls = (): readonly string[] => readText(seen).split("\n");
  return { root, order, host, journal, calls };
}

/** The next host, unhurt, brings a run to its end; each task was called twice at most, and always with one key. */
async function finishes({ root, host }: Place, what: string): Promise<void> {
  const last = await host([]);
  assert.equal(last.code, 0, `${what}: ${last.stderr}`);
  const end: HostEnd = JSON.parse(last.stdout.trim().split("\n").at(-1) ?? "");
  assert.deepEqual([end.status, end.value], ["done", "finished"], what);
  const calls = await jsonLines(join(root, "calls.log"));
  for (const path of ["one", "two"]) {
    const own = calls.filter((call) => call.path === path && String(call.key).startsWith(end.run));
    assert.ok(
      own.length >= 1 && own.length <= 2,
      `${what}: ${path} was called ${own.length} times`,
    );
    assert.equal(new Set(own.map(({ key }) => key)).size, 1, `${what}: ${path} has one key`);
  }
}

test("a host that the system kills at any fdatasync loses nothing", { skip }, async (t) => {
  for (let when = 1; ; when += 1) {
    const made = await place(t);
    const what = `killed at fdatasync ${when}`;
    const run = await made.host([`inject=fdatasync:signal=KILL:when=${when}`]);
    if (run.code === 0 && run.signal === null) {
      assert.ok(when > 4, `only ${when - 1} syncs`);
      return;
    }
    assert.ok(run.signal === "SIGKILL" || run.code === 137, `${what}: ${run.stderr}`);
    await finishes(made, what);
  }
});

test("a host whose fdatasync fails with EIO stops, says so, and loses nothing", {
  skip,
}, async (t) => {
  let struck = 0;
  for (let when = 1; ; when += 1) {
    const made = await place(t);
    const what = `EIO at fdatasync ${when}`;
    const run = await made.host([`inject=fdatasync:error=EIO:when=${when}`]);
    if (!made.calls().some((line) => line.includes("(INJECTED)"))) break;
    assert.match(run.stderr, /EIO/, what);
    // The scripted agent syncs a log of its own; where it cannot, its task fails, and nothing else.
    if (/"status":"failed"/.test(run.stdout)) continue;
    struck += 1;
    assert.notEqual(run.code, 0, what);
    await finishes(made, what);
  }
  assert.ok(struck >= 4, `only ${struck} syncs of a run`);
});

for (const [name, call, says] of [
  ["a full disk", "inject=write:error=ENOSPC:when=2+", /the disk is full \(ENOSPC\).*Make room/],
  ["no file handle left", "inject=openat:error=EMFILE:when=2+", /EMFILE.*Close programs/],
] as const) {
  test(`${name} under the journal stops the run in words, and the next host goes on`, {
    skip,
  }, async (t) => {
    const made = await place(t);
    const death = { write: 1, when: "after" } as const;
    const first = await runHost(made.root, { ...made.order, death });
    assert.equal(first.signal, "SIGKILL");
    const run = await made.host([call], await made.journal());
    assert.notEqual(run.code, 0, name);
    assert.match(run.stderr, says);
    await finishes(made, name);
  });
}
