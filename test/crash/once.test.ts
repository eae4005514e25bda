/**
 * Commands that may run only once, their host killed at every write of the journal: none runs again without a
 * person's word, and one that may be repeated runs at most once more.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { jsonLines, workflow } from "../integration/harness/product.ts";
import type { HostEnd, HostOrder } from "./host.ts";
import { runHost } from "./runHost.ts";

const STEPS = `
steps:
  - id: both
    type: parallel
    branches:
      - id: left
        steps: [{ id: a, type: shell, command: "echo a >> ran" }]
      - id: right
        steps: [{ id: b, type: shell, command: "sleep 0.1; echo b >> ran" }]
  - { id: c, type: shell, command: "echo c >> ran", effects: repeatable }
  - { id: end, type: return, value: finished }
`;
/** What a person says when asked what became of an attempt. */
const ANSWERS = { a: "retry", b: "retry" };
const WHENS = ["before", "between", "after"] as const;

interface Event {
  readonly type: string;
  readonly path?: string;
}

interface Played {
  readonly end: HostEnd;
  readonly killed: boolean;
  /** How often each command did its work. */
  readonly ran: (name: string) => number;
  readonly events: readonly Event[];
}

test("what may run once runs again only by a person's word, wherever the host dies", async () => {
  const whole = await play(undefined);
  assert.deepEqual([whole.end.status, whole.end.value], ["done", "finished"]);
  assert.ok(whole.end.writes >= 4, `only ${whole.end.writes} writes`);
  let asked = 0;
  for (let write = 1; write <= whole.end.writes; write += 1) {
    for (const when of WHENS) asked += await checkDeath({ write, when });
  }
  assert.ok(asked > 0, "no death left an outcome unknown");
});

/** Gives back how often a person was asked. */
async function checkDeath(death: NonNullable<HostOrder["death"]>): Promise<number> {
  const said = `killed ${death.when} write ${death.write}`;
  const { end, killed, ran, events } = await play(death);
  assert.equal(killed, true, said);
  assert.deepEqual([end.status, end.value], ["done", "finished"], said);
  const count = (type: string, step: string): number =>
    events.filter((event) => event.type === type && event.path?.endsWith(step)).length;
  for (const once of ["a", "b"]) {
    const allowed = 1 + count("breakpoint_answered", `/${once}`);
    assert.equal(count("task_started", `/${once}`), allowed, `${said}: ${once} was started`);
    assert.ok(ran(once) >= 1 && ran(once) <= allowed, `${said}: ${once} ran ${ran(once)} times`);
  }
  assert.ok(ran("c") >= 1 && ran("c") <= 2, `${said}: c ran ${ran("c")} times`);
  assert.equal(count("breakpoint_opened", "c"), 0, `${said}: nobody is asked about c`);
  return count("breakpoint_opened", "/a") + count("breakpoint_opened", "/b");
}

async function play(death: HostOrder["death"]): Promise<Played> {
  const root = await mkdtemp(join(tmpdir(), "fermata-once-"));
  try {
    const workspace = join(root, "work");
    await mkdir(join(workspace, "workflows"), { recursive: true });
    await writeFile(join(workspace, "workflows", "it.workflow.yaml"), workflow("it", STEPS));
    const order: HostOrder = {
      workspace,
      template: "it",
      inputs: {},
      answers: ANSWERS,
      settings: {},
    };
    const killed =
      death !== undefined && (await runHost(root, { ...order, death })).signal === "SIGKILL";
    const last = await runHost(root, order);
    assert.equal(last.code, 0, `${JSON.stringify(death)}: ${last.stderr}`);
    const end: HostEnd = JSON.parse(last.stdout.trim().split("\n").at(-1) ?? "");
    const [folder = ""] = await readdir(join(root, "state", "fermata"));
    const journal = join(root, "state", "fermata", folder, "runs", end.run, "journal.jsonl");
    const ran = (await readFile(join(workspace, "ran"), "utf8")).split("\n");
    return {
      end,
      killed,
      ran: (name) => ran.filter((line) => line === name).length,
      events: (await jsonLines(journal)).flatMap(({ event }) => (event ? [Object(event)] : [])),
    };
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}
