/**
 * The planning workflow, its host killed for real at every write of its journal, three ways each: the next start
 * finishes it, nothing finished is done again, and what was in flight is asked twice at most, with one key.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { HostEnd, HostOrder } from "./host.ts";
import { runHost } from "./runHost.ts";

const WHENS = ["before", "between", "after"] as const;
/** Two cores; each case is two processes, one after the other. */
const AT_ONCE = 2;

const SCRIPT = {
  log: "calls.log",
  rules: [
    {
      path: "generate-research-tasks/*",
      response: "",
      data: { questions: ["What is there?", "What is missing?"] },
    },
    { path: "update-plan/*", response: "# Plan\n\n1. Do it\n2. Check it" },
    { path: "review-plan", response: "Fine." },
    { path: "create-plan", response: "# Plan\n\n1. Do it" },
    {
      response: "Found.",
      data: {
        summary: "It is there.",
        findings: [{ text: "100 requests", path: "src/limits.ts", line: 1 }],
      },
    },
  ],
};

interface Call {
  readonly key: string;
  readonly path: string;
  readonly attempt: number;
}

test("a planning run survives kill -9 at every write of its journal", async () => {
  const whole = await play(undefined);
  assert.equal(whole.end.status, "done");
  assert.ok(whole.end.writes >= 10, `only ${whole.end.writes} writes`);
  const deaths = Array.from({ length: whole.end.writes }, (_, index) =>
    WHENS.map((when) => ({ write: index + 1, when })),
  ).flat();
  const next = deaths.values();
  let died = 0;
  const worker = async (): Promise<void> => {
    for (const death of next) if (await checkDeath(death, whole)) died += 1;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.ok(died >= deaths.length * 0.8, `only ${died} of ${deaths.length} hosts died`);
});

/**
 * Answers whether the host died. What two branches report at one moment is one write, so that a run may come to its end
 * in fewer writes than the one before; then there was no such write to die at.
 */
async function checkDeath(death: NonNullable<HostOrder["death"]>, whole: Played): Promise<boolean> {
  const said = `killed ${death.when} write ${death.write}`;
  const played = await play(death);
  if (!played.killed) assert.ok(played.firstWrites < death.write, `${said}: the host was to die`);
  assert.equal(played.end.status, "done", said);
  assert.deepEqual(scrub(played.end.value), scrub(whole.end.value), said);
  const outcomes = new Map<string, number>();
  const started = new Map<string, number>();
  for (const event of played.events) {
    if (event.type === "attempt_completed")
      outcomes.set(event.path, (outcomes.get(event.path) ?? 0) + 1);
    if (event.type === "task_started") started.set(event.path, (started.get(event.path) ?? 0) + 1);
  }
  for (const [path, count] of outcomes)
    assert.equal(count, 1, `${said}: ${path} has ${count} outcomes`);
  const again = [...started].filter(([, count]) => count > 1);
  for (const [path, count] of again)
    assert.equal(count, 2, `${said}: ${path} was started ${count} times`);
  const keys = new Map<string, Set<string>>();
  const calls = new Map<string, number>();
  for (const call of played.calls) {
    calls.set(call.path, (calls.get(call.path) ?? 0) + 1);
    keys.set(call.path, (keys.get(call.path) ?? new Set()).add(call.key));
  }
  for (const [path, count] of calls) {
    const allowed = started.get(path) ?? 1;
    assert.ok(
      count <= allowed && count <= 2,
      `${said}: ${path} was called ${count} times for ${allowed} recorded starts`,
    );
    assert.equal(keys.get(path)?.size, 1, `${said}: ${path} had several keys`);
  }
  assert.equal(played.saved, 1, `${said}: the plan was saved ${played.saved} times`);
  return played.killed;
}

interface Played {
  readonly killed: boolean;
  /** Writes of the host that was to die, where it came to the end instead. */
  readonly firstWrites: number;
  readonly end: HostEnd;
  readonly calls: readonly Call[];
  readonly events: readonly { readonly type: string; readonly path: string }[];
  /** Plans in the memory. */
  readonly saved: number;
}

/** Plays the run in a fresh workspace: once, dying when told to; then again, until its end. */
async function play(death: HostOrder["death"]): Promise<Played> {
  const root = await mkdtemp(join(tmpdir(), "fermata-crash-"));
  try {
    const workspace = join(root, "work");
    await mkdir(join(workspace, "src"), { recursive: true });
    await writeFile(
      join(workspace, "src", "limits.ts"),
      "// The public API allows 100 requests per minute per key\n",
    );
    await writeFile(join(root, "script.json"), JSON.stringify(SCRIPT));
    const scripted = { adapter: "scripted", script: join(root, "script.json") };
    const order: HostOrder = {
      workspace,
      template: "interactive-planning",
      inputs: { task_description: "Add rate limiting", max_research_tasks: 2 },
      answers: { "gather-requirements": "keep it simple", "request-approval": { approved: true } },
      settings: { agents: { "@task": scripted, "@code-standards-reviewer": scripted } },
    };
    const first = death ? await runHost(root, { ...order, death }) : undefined;
    const killed = first?.signal === "SIGKILL";
    const last = await runHost(root, order);
    assert.equal(last.signal, null, last.stderr);
    assert.equal(last.code, 0, `${JSON.stringify(death)}: ${last.stderr}`);
    const end = endIn(last.stdout);
    return {
      killed,
      firstWrites: first && !killed ? endIn(first.stdout).writes : 0,
      end,
      calls: await lines<Call>(join(root, "calls.log")),
      ...(await readState(root, end.run)),
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function endIn(stdout: string): HostEnd {
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

async function readState(root: string, run: string): Promise<Pick<Played, "events" | "saved">> {
  const home = join(root, "state", "fermata");
  const [folder] = (await readdir(home)).filter((name) => name.startsWith("work-"));
  assert.ok(folder);
  const records = await lines<{ event?: { type: string; path: string } }>(
    join(home, folder, "runs", run, "journal.jsonl"),
  );
  const memory = await readFile(join(home, folder, "memory.jsonl"), "utf8").catch(() => "");
  const plans = new Set(memory.match(/plan_[0-9a-f]{16}/g) ?? []);
  return {
    events: records.flatMap((record) => (record.event ? [record.event] : [])),
    saved: plans.size,
  };
}

async function lines<T>(file: string): Promise<T[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): T => JSON.parse(line));
}

/** A value without what differs from run to run. */
function scrub(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner) => (/_at$|^timestamp$|^run$/.test(key) ? undefined : inner)),
  );
}
