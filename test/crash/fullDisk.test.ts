/**
 * A disk that is full, read-only or gone under a run: it stops, says so, and keeps every fact that it told anyone.
 * On a small real file system where one can be mounted, otherwise on a disk that answers as a full one does.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { App, RunWatch } from "../../src/app/app.ts";
import type { ComposeOptions } from "../../src/app/compose.ts";
import { writeWholeFile } from "../../src/hosts/cli/session/wholeFile.ts";
import { createDisk, type Disk } from "../../src/journal/disk.ts";
import type { Recorded } from "../../src/run/event.ts";
import {
  asks,
  ends,
  reaches,
  resultOf,
  type Scene,
  scene,
  start,
  workflow,
} from "../integration/harness/product.ts";

const FILLING = workflow(
  "it",
  `
steps:
  - id: fill
    type: foreach
    items: "{{ range(60) }}"
    sequential: true
    agent: "@task"
    steps:
      - { id: say, type: delegate, instructions: "{{ item }}" }
  - { id: end, type: return, value: { count: "{{ steps.fill | length }}" } }
`,
);
/** Below what goes beside the journal, so that the journal itself fills the disk. */
const SAYING = { log: "calls.log", rules: [{ response: "x".repeat(12_000) }] };

const ASK = `steps: [{ id: ask, type: prompt, input: text, message: "?" }]`;

interface Small {
  /** What the product writes its runs to. */
  readonly disk: Disk | undefined;
  grow(): void;
  /** Lets nothing be written any more, where it is a file system. */
  lock(): void;
}

/** A file system of 300 KB in a folder of its own; undefined where this user cannot mount one. */
async function tmpfs(t: TestContext): Promise<[string, Small] | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "fermata-small-"));
  const mount = (...words: string[]) => execFileSync("mount", words, { stdio: "ignore" });
  try {
    mount("-t", "tmpfs", "-o", "size=300k", "tmpfs", folder);
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  t.after(async () => {
    execFileSync("umount", ["-l", folder], { stdio: "ignore" });
    await rm(folder, { recursive: true });
  });
  const grow = () => mount("-o", "remount,size=10m", folder);
  const lock = () => mount("-o", "remount,ro", folder);
  return [folder, { disk: undefined, grow, lock }];
}

/** The real disk with room for 300 KB in its journals: then it takes a part of a write, then nothing. */
function budgeted(): Small {
  const real = createDisk();
  let left = 300_000;
  const disk: Disk = {
    ...real,
    openAppend: async (path) => {
      const file = await real.openAppend(path);
      const write = async (bytes: Uint8Array): Promise<number> => {
        if (left === 0) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
        const taken = await file.write(bytes.subarray(0, left));
        left -= taken;
        return taken;
      };
      return { ...file, write };
    },
  };
  return {
    disk,
    grow: () => {
      left = 10_000_000;
    },
    lock: () => undefined,
  };
}

const KINDS = ["mounted", "answering"] as const;

/** A workspace whose runs go to a small disk; undefined, and the test skipped, where none can be mounted. */
async function smallPlace(
  t: TestContext,
  kind: (typeof KINDS)[number],
): Promise<[Scene, Small] | undefined> {
  const mounted = kind === "mounted" ? await tmpfs(t) : undefined;
  if (kind === "mounted" && !mounted) {
    t.skip("this user cannot mount a tmpfs");
    return undefined;
  }
  const place = await scene(t, { "workflows/it.workflow.yaml": FILLING });
  await writeFile(join(place.root, "script.json"), JSON.stringify(SAYING));
  const [state, small] = mounted ?? [join(place.root, "state"), budgeted()];
  return [{ ...place, env: { ...place.env, XDG_STATE_HOME: state } }, small];
}

function optionsOf({ root, env }: Scene, { disk }: Small): Partial<ComposeOptions> {
  const agent = { adapter: "scripted", script: join(root, "script.json") };
  return { env, settings: { agents: { "@task": agent } }, ...(disk ? { disk } : {}) };
}

/** Everything that a watcher was told from now on. */
function listen(watch: RunWatch): readonly Recorded[] {
  const told: Recorded[] = [];
  watch.onChange((change) => {
    if (change.type === "records") told.push(...change.records);
  });
  return told;
}

async function recordsOf(app: App, run: string): Promise<readonly Recorded[]> {
  return (await app.exportRun(run)).records as unknown as readonly Recorded[];
}

for (const kind of KINDS) {
  test(`a full disk (${kind}) stops the run, which says so; nothing acknowledged is lost, and it goes on with room`, async (t) => {
    const made = await smallPlace(t, kind);
    if (!made) return;
    const [place, small] = made;
    const options = optionsOf(place, small);
    const app = await place.open(options);
    const run = await start(app, "it");
    const watch = (await app.watchRun(run)) ?? assert.fail("no run");
    const told = listen(watch);
    await assert.rejects(
      app.settled(run),
      /journal\.jsonl could not be written: the disk is full \(ENOSPC\).*Make room/,
    );
    await reaches(app, run, "the reason", (_, { stopped }) => stopped !== undefined);
    assert.match(watch.stopped ?? "", /the disk is full/);
    const done = told.filter(({ event }) => event.type === "attempt_completed").length;
    assert.ok(done > 5 && done < 60, `${done} attempts were told of`);
    const kept = new Map((await recordsOf(app, run)).map((record) => [record.seq, record.event]));
    for (const { seq, event } of told)
      assert.deepEqual(kept.get(seq), JSON.parse(JSON.stringify(event)));
    watch.dispose();
    await app.dispose();
    small.grow();
    const next = await place.open(options);
    assert.deepEqual(await next.resumeInterrupted(), [run]);
    const state = await ends(next, run);
    assert.deepEqual(resultOf(state), { count: 60 });
    const outcomes = (await recordsOf(next, run)).filter(
      ({ event }) => event.type === "attempt_completed",
    );
    assert.equal(outcomes.length, 60, "what was finished was not done again");
  });

  test(`a disk that is full at the start (${kind}) refuses the run in words, and lists what is there`, async (t) => {
    const made = await smallPlace(t, kind);
    if (!made) return;
    const [place, small] = made;
    const options = optionsOf(place, small);
    const app = await place.open(options);
    const first = await start(app, "it");
    await assert.rejects(app.settled(first));
    const filler = join(place.env.XDG_STATE_HOME ?? "", "filler");
    if (!small.disk) await writeFile(filler, Buffer.alloc(300_000)).catch(() => undefined);
    const second = await app.startRun({ template: "it", inputs: {}, startedBy: "t" });
    assert.ok(!second.ok);
    assert.equal(second.failure.code, "storage");
    assert.match(second.failure.message, /ENOSPC.*Make room/);
    const said = await app.signal(first, { type: "cancel", by: "t" });
    assert.match(said.ok ? "" : said.reason, /ENOSPC/);
    assert.ok(
      (await app.listRuns()).some(({ run, status }) => run === first && status === "running"),
    );
  });
}

for (const kind of KINDS) {
  test(`a state folder that may only be read (${kind}): runs are shown, every change is refused in words`, async (t) => {
    const made = await smallPlace(t, kind);
    if (!made) return;
    const [place, small] = made;
    await place.write("workflows/it.workflow.yaml", workflow("it", ASK));
    const { env } = place;
    const app = await place.open({ env });
    const run = await start(app, "it");
    await asks(app, run, "ask");
    await app.dispose();
    small.lock();
    const disk = kind === "mounted" ? {} : { disk: readOnly(createDisk()) };
    const next = await place.open({ env, ...disk });
    const listed = (await next.listRuns()).map(({ status, waiting }) => [status, waiting]);
    assert.deepEqual(listed, [["running", 1]]);
    const started = await next.startRun({ template: "it", inputs: {}, startedBy: "t" });
    const opened = await next.openRun(run);
    const said = await next.signal(run, {
      type: "answer",
      breakpoint: "ask",
      answer: "x",
      by: "t",
    });
    const reasons = [
      started.ok ? "" : started.failure.message,
      opened.ok ? "" : opened.failure.message,
      said.ok ? "" : said.reason,
    ];
    for (const reason of reasons) assert.match(reason, /EROFS.*Give yourself the right/);
    assert.equal((await reaches(next, run, "it", () => true)).breakpoints.size, 1);
    assert.deepEqual(await next.resumeInterrupted(), []);
  });
}

test("a file that a full disk refuses is not there at all, or as it was", async (t) => {
  const mounted = await tmpfs(t);
  if (!mounted) return t.skip("this user cannot mount a tmpfs");
  const [folder] = mounted;
  const text = "x".repeat(400_000);
  const file = join(folder, "run.json");
  await assert.rejects(writeWholeFile(file, text), { code: "ENOSPC" });
  assert.deepEqual(await readdir(folder), []);
  await writeWholeFile(file, "before");
  await assert.rejects(writeWholeFile(file, text), { code: "ENOSPC" });
  assert.equal(await readFile(file, "utf8"), "before");
  assert.deepEqual(await readdir(folder), ["run.json"]);

  const place = await scene(t, { "workflows/it.workflow.yaml": FILLING });
  // What is said cannot be packed, so that the archive is larger than the disk.
  const words = randomBytes(12_000).toString("base64");
  const rules = [{ response: words }];
  await writeFile(join(place.root, "script.json"), JSON.stringify({ ...SAYING, rules }));
  const app = await place.open(optionsOf(place, { ...budgeted(), disk: undefined }));
  const run = await start(app, "it");
  await app.settled(run);
  await writeFile(join(folder, "filler"), Buffer.alloc(280_000));
  const archived = await app.archiveRun(run, join(folder, "run.gz"));
  assert.ok(!archived.ok);
  assert.equal(archived.failure.code, "storage");
  assert.match(archived.failure.message, /run\.gz was not written: its disk is full\. Make room/);
  assert.deepEqual((await readdir(folder)).sort(), ["filler", "run.json"]);
});

test("the workspace is removed while a run waits: what needs it fails in words, the run is kept", async (t) => {
  const steps = `
steps:
  - { id: ask, type: prompt, input: confirm, message: "?" }
  - { id: run, type: shell, command: "echo x" }
`;
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", steps) });
  const app = await place.open();
  const run = await start(app, "it");
  await asks(app, run, "ask");
  await rm(place.workspace, { recursive: true });
  assert.ok(
    (await app.signal(run, { type: "answer", breakpoint: "ask", answer: true, by: "t" })).ok,
  );
  const state = await ends(app, run);
  assert.equal(state.status, "failed");
  assert.match(state.failure?.message ?? "", /(does not exist|no such|is not there|folder)/i);
  await assert.rejects(place.open(), /ENOENT/);
});

test("a run's folder is removed while it is driven: it stops and says so", async (t) => {
  const steps = `steps: [{ id: ask, type: prompt, input: confirm, message: "?" }]`;
  const place = await scene(t, { "workflows/it.workflow.yaml": workflow("it", steps) });
  const app = await place.open();
  const run = await start(app, "it");
  await asks(app, run, "ask");
  const watch = (await app.watchRun(run)) ?? assert.fail();
  await rename(join(app.stateFolder, "runs", run), join(place.root, "gone"));
  await reaches(app, run, "the owner's letting go", (_, { ownership }) => ownership === "nobody");
  assert.deepEqual(await app.listRuns(), []);
  assert.equal((await app.openRun(run)).ok, false);
  assert.deepEqual(await readdir(join(app.stateFolder, "runs")), []);
  watch.dispose();
});

/** A disk on which nothing can be made or changed. */
function readOnly(real: Disk): Disk {
  const refuse = async (): Promise<never> => {
    throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
  };
  return {
    ...real,
    openAppend: refuse,
    create: refuse,
    makeFolder: refuse,
    link: refuse,
    rename: refuse,
    unlink: refuse,
    touch: refuse,
    syncFile: refuse,
    syncFolder: refuse,
  };
}
