/**
 * Files that are not as they were written: flipped bits, cuts, lines and files in the wrong place, broken blobs, strange
 * owners and inboxes. The run is refused in words with the place of the damage and left as it is, or opened with all
 * that was ever proven durable; the run beside it is as ever. Nothing is thrown at anybody.
 */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { openRunDisk, type RunDisk } from "../../src/app/runs/runDisk.ts";
import type { JournalRecord } from "../../src/engine/journal.ts";
import type { Clock } from "../../src/journal/machine/clock.ts";
import { parseLine } from "../../src/journal/record.ts";
import { runFolder } from "../../src/journal/runFolder.ts";
import type { RunEvent } from "../../src/run/event.ts";
import { createProgram } from "../../src/run/start/program.ts";
import { begin, bundleOf, simulate } from "../run/simulate.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../simulation/disk.ts";
import { createRandom } from "../simulation/random.ts";

const STATE = "/state";
const RUN = "run_aaaaaaaaaaaa";
const OTHER = "run_bbbbbbbbbbbb";
const JOURNAL = `${runFolder(STATE, RUN)}/journal.jsonl`;
const BLOBS = `${runFolder(STATE, RUN)}/blobs`;

type Files = ReadonlyMap<string, Buffer>;
type Kept = JournalRecord<RunEvent>;

const { below } = createRandom(5);
let files: Files = new Map();
let original: readonly Kept[] = [];

before(async () => {
  const disk = createSimulatedDisk({ seed: 1 });
  original = await record(disk, RUN, "hello ".repeat(4_000));
  await record(disk, OTHER, "x");
  files = await picture(disk, STATE);
});

/** Writes a run as its owner would, a few batches of it, with a value too large for a record. */
async function record(disk: SimulatedDisk, run: string, text: string): Promise<readonly Kept[]> {
  const program = createProgram();
  const task = { type: "delegate", instructions: "do", effects: "repeatable" };
  const ask = { id: "ask", type: "prompt", input: "text", message: "Well?" };
  const steps = [{ id: "a", ...task }, ask, { id: "b", ...task }, { id: "c", ...task }];
  const bundle = bundleOf(JSON.stringify({ name: "it", version: "1.0.0", steps }));
  const { records } = simulate(program, [begin(program, bundle)], {
    outcome: () => ({ type: "completed", result: { response: text } }),
    answer: () => ({ input: "yes" }),
  });
  const held = await open(disk).create(run);
  const kept: Kept[] = [];
  for (let at = 0; at < records.length - 1; at += 2) {
    const events = records.slice(at, at + 2).map(({ event }) => named(event, run));
    kept.push(...(await held.journal.append(events, at)));
  }
  await held.close();
  return JSON.parse(JSON.stringify(kept));
}

function named(event: RunEvent, run: string): RunEvent {
  return event.type === "run_started" ? { ...event, run } : event;
}

function open(disk: SimulatedDisk, report: (message: string) => void = () => undefined): RunDisk {
  let now = 1_700_000_000_000;
  const wait: Clock["wait"] = async (ms, { signal, background = false } = {}) => {
    // Nobody beats; whoever waits for something else has waited at once.
    if (background && signal) await new Promise((end) => signal.addEventListener("abort", end));
    now += ms;
  };
  return openRunDisk({
    ...{ disk, state: STATE, report },
    machine: { self: { host: "here", pid: 1, start: 1 }, look: () => "gone" },
    clock: { now: () => now, monotonic: () => now, wait, turn: async () => {} },
    random: (count) => Uint8Array.from({ length: count }, () => below(256)),
  });
}

async function picture(disk: SimulatedDisk, folder: string): Promise<Files> {
  const found = new Map<string, Buffer>();
  for (const name of (await disk.list(folder)).toSorted()) {
    const file = `${folder}/${name}`;
    const info = await disk.stat(file);
    if (info?.isFile) found.set(file, await disk.read(file));
    else for (const [path, bytes] of await picture(disk, file)) found.set(path, bytes);
  }
  return found;
}

/** A new disk with these files; those that are undefined are folders instead. */
async function diskOf(changed: ReadonlyMap<string, Buffer | undefined>): Promise<SimulatedDisk> {
  const disk = createSimulatedDisk({ seed: 1 });
  const folder = async (path: string): Promise<void> => {
    if (path === "" || (await disk.stat(path))) return;
    await folder(path.slice(0, path.lastIndexOf("/")));
    await disk.makeFolder(path);
  };
  for (const run of [RUN, OTHER])
    for (const name of ["blobs", "inbox", "output"])
      await folder(`${runFolder(STATE, run)}/${name}`);
  for (const [path, bytes] of changed) {
    await folder(path.slice(0, path.lastIndexOf("/")));
    if (bytes) await disk.create(path, bytes);
    else await folder(path);
  }
  return disk;
}

type Met = "refused" | "whole" | "shorter" | "missing";

/** What a new owner makes of the run with these files in place of the right ones. */
async function meet(what: string, changes: ReadonlyMap<string, Buffer | undefined>): Promise<Met> {
  const disk = await diskOf(new Map([...files, ...changes]));
  const found = await picture(disk, STATE);
  const said: string[] = [];
  const runs = open(disk, (message) => said.push(message));
  const claim = await runs.claim(RUN, false);
  assert.deepEqual((await runs.list()).toSorted(), [RUN, OTHER], what);
  assert.equal((await runs.state(OTHER))?.status, "running", `${what}: the run beside it`);
  assert.equal((await runs.claim(OTHER, false)).status, "owned", `${what}: the run beside it`);
  assert.notEqual(claim.status, "held", what);
  if (claim.status === "missing") return "missing";
  if (claim.status === "refused") {
    const { code, message } = claim.failure;
    assert.equal(code, "storage", what);
    const words = /damaged at byte \d+: [a-z].*Put it back|newer than this version|in its place/s;
    assert.match(message, words, what);
    for (const [path, bytes] of found)
      if (path.includes(RUN)) assert.ok((await disk.read(path)).equals(bytes), `${what}: ${path}`);
    return "refused";
  }
  if (claim.status !== "owned") return assert.fail(what);
  const { held } = claim;
  const { length } = held.records;
  assert.deepEqual(plain(held.records), original.slice(0, length), what);
  assert.ok(length >= proven(changes.get(JOURNAL)), `${what}: ${length} records are left`);
  if (length < original.length && isTorn(changes.get(JOURNAL)))
    assert.match(said.join(), /bytes of a write that a crash cut short/, what);
  const first = original[0]?.event ?? assert.fail();
  await held.journal.append([first], 9);
  await held.close();
  assert.equal((await runs.records(RUN)).length, length + 1, `${what}: it goes on`);
  return length < original.length ? "shorter" : "whole";
}

function plain(records: readonly Kept[]): unknown {
  return JSON.parse(JSON.stringify(records));
}

/** So many records a whole line of the file says were durable. */
function proven(bytes: Buffer | undefined): number {
  let most = 0;
  if (!bytes) return most;
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    end = bytes.indexOf(10, start);
    const line = parseLine(bytes, start, end < 0 ? bytes.length : end);
    if (line.kind === "record") most = Math.max(most, line.synced);
  }
  return most;
}

/** The last line is not whole. */
function isTorn(bytes: Buffer | undefined): boolean {
  return bytes !== undefined && bytes.length > 0 && bytes.at(-1) !== 10;
}

function journal(): Buffer {
  return files.get(JOURNAL) ?? assert.fail("no journal");
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString("utf8").split(/(?<=\n)/);
}

function count(seen: readonly Met[], met: Met): number {
  return seen.filter((each) => each === met).length;
}

describe("a journal that is not as it was written", () => {
  const meetJournal = (what: string, bytes: Buffer | string): Promise<Met> =>
    meet(what, new Map([[JOURNAL, Buffer.from(bytes)]]));

  it("any bit of any byte flipped: refused at the place, or the unproven end is cut", async () => {
    const seen: Met[] = [];
    for (let at = 0; at < journal().length; at += 1) {
      const bytes = Buffer.from(journal());
      const bit = 1 << below(8);
      bytes[at] = (bytes[at] ?? 0) ^ bit;
      seen.push(await meetJournal(`byte ${at} with ${bit} flipped`, bytes));
    }
    assert.ok(count(seen, "refused") > 0.6 * seen.length, `${count(seen, "refused")} refused`);
    assert.ok(count(seen, "shorter") > 50, `${count(seen, "shorter")} cut`);
  });

  it("cut at any byte: an earlier state of the run, from which it goes on", async () => {
    const seen: Met[] = [];
    for (let size = 0; size < journal().length; size += 1)
      seen.push(await meetJournal(`cut at ${size}`, journal().subarray(0, size)));
    assert.equal(count(seen, "refused"), 0);
    assert.ok(count(seen, "shorter") > 0.9 * seen.length);
  });

  it("two lines swapped, a line twice, a line gone, lines of nobody or of another run", async () => {
    const lines = linesOf(journal());
    const foreign = linesOf(files.get(JOURNAL.replace(RUN, OTHER)) ?? assert.fail());
    const strangers = [
      "\n",
      "{}\n",
      "not ours\n",
      "\0\0\0\n",
      '{"seq":2}\n',
      `${"x".repeat(9_000)}\n`,
    ];
    const seen: Met[] = [];
    for (const [index, line] of lines.entries()) {
      const other = below(lines.length);
      const swapped = lines.with(index, lines[other] ?? "").with(other, line);
      seen.push(await meetJournal(`lines ${index} and ${other} swapped`, swapped.join("")));
      const twice = lines.toSpliced(below(lines.length), 0, line);
      seen.push(await meetJournal(`line ${index} twice`, twice.join("")));
      seen.push(await meetJournal(`line ${index} gone`, lines.toSpliced(index, 1).join("")));
      for (const stranger of strangers)
        seen.push(
          await meetJournal(
            `${stranger} before ${index}`,
            lines.toSpliced(index, 0, stranger).join(""),
          ),
        );
      // At the very end the other run's next line would be as good as one of ours.
      for (const stranger of foreign.slice(0, index + 1))
        seen.push(
          await meetJournal(
            `another run's line before ${index}`,
            lines.toSpliced(index, 0, stranger).join(""),
          ),
        );
    }
    for (const met of ["refused", "whole", "shorter"] as const)
      assert.ok(count(seen, met) > 1, `${met}: ${count(seen, met)}`);
  });

  it("the journal of another run in its place, or no file at all", async () => {
    const foreign = files.get(JOURNAL.replace(RUN, OTHER)) ?? assert.fail();
    assert.equal(await meetJournal("another's", foreign), "refused");
    assert.equal(await meet("a folder", new Map([[JOURNAL, undefined]])), "refused");
  });

  it("a newer format is refused, whatever follows its first line", async () => {
    const newer = journal().toString("utf8").replace('"format":1', '"format":2');
    assert.equal(await meetJournal("newer", newer), "refused");
    assert.equal(await meetJournal("newer alone", '{"type":"journal","format":9}\n'), "refused");
  });

  it("noise of any length", async () => {
    for (let round = 0; round < 200; round += 1) {
      const noise = Buffer.from(Uint8Array.from({ length: below(600) }, () => below(256)));
      await meetJournal("noise", noise);
      await meetJournal("noise behind", Buffer.concat([journal(), noise]));
    }
  });
});

describe("what lies beside a journal", () => {
  it("a blob with any byte changed, cut, swapped, gone or a folder: refused", async () => {
    const blobs = [...files.keys()].filter((path) => path.startsWith(BLOBS));
    const [path = ""] = blobs;
    const bytes = files.get(path) ?? assert.fail("no blob");
    const variants: (Buffer | undefined)[] = [
      undefined,
      Buffer.alloc(0),
      Buffer.from("{}"),
      bytes.subarray(1),
    ];
    for (let round = 0; round < 100; round += 1) {
      const changed = Buffer.from(bytes);
      const at = below(bytes.length);
      changed[at] = (changed[at] ?? 0) ^ (1 + below(255));
      variants.push(changed, bytes.subarray(0, below(bytes.length)));
    }
    for (const [index, variant] of variants.entries())
      assert.equal(await meet(`blob ${index}`, new Map([[path, variant]])), "refused");
  });

  it("owners that nobody can read, or that never were", async () => {
    const folder = runFolder(STATE, RUN);
    for (const bytes of [Buffer.alloc(0), Buffer.from("{"), Buffer.from('{"host":1}'), undefined]) {
      for (const name of ["owner.1", "owner.2", "owner.77", "owner.0", "owner.x", "released.9"])
        await meet(`${name} ${bytes}`, new Map([[`${folder}/${name}`, bytes]]));
    }
  });
});
