/**
 * Aliases repeat what they stand for wherever a file's data goes as text: the bundle's hash, the journal, an export. What
 * is accepted stays small on all these ways; what is refused is refused at once, at an alias.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDisk } from "../../../src/journal/disk.ts";
import { openJournal } from "../../../src/journal/fileJournal.ts";
import type { RunEvent } from "../../../src/run/event.ts";
import { evolve } from "../../../src/run/evolve/evolve.ts";
import { prepareRun } from "../../../src/run/start/prepare.ts";
import { createProgram } from "../../../src/run/start/program.ts";
import { stateHash } from "../../../src/run/stateHash.ts";
import { validateWorkflow } from "../../../src/workflow/validate.ts";
import { inScratch } from "../../journal/scratch.ts";
import { settingOf } from "../../run/simulate.ts";

const HEAD = "name: bomb\nversion: 1.0.0\n";
const STEP = "steps: [{id: end, type: return, value: 1}]\n";
const MOST_MS = 500;
/** What a file of aliases may come to as JSON. */
const MOST_BYTES = 4_000_000;

function levels(count: number, word: string): string {
  const lines = [`  l0: &l0 [${word}, ${word}]`];
  for (let level = 1; level <= count; level++) {
    const ten = Array.from({ length: 10 }, () => `*l${level - 1}`).join(", ");
    lines.push(`  l${level}: &l${level} [${ten}]`);
  }
  return `initial_state:\n${lines.join("\n")}\n`;
}

/** A text of `length` characters, repeated by so many aliases where `place` puts them. */
function repeated(length: number, times: number, place: (alias: string, n: number) => string) {
  const aliases = Array.from({ length: times }, (_, n) => place("*text", n));
  return `metadata: { text: &text "${"x".repeat(length)}" }\n${aliases.join("")}`;
}

const asField = (alias: string, n: number) =>
  `${n === 0 ? "initial_state:\n" : ""}  f${n}: ${alias}\n`;
const asStep = (alias: string, n: number) =>
  `${n === 0 ? "steps:\n" : ""}  - {id: s${n}, type: delegate, instructions: ${alias}}\n`;

const REFUSED: Readonly<Record<string, string>> = {
  "a thousand million words": HEAD + levels(9, "lol") + STEP,
  "a million long words": HEAD + levels(6, "x".repeat(1000)) + STEP,
  "a long text in many fields": HEAD + repeated(100_000, 100, asField) + STEP,
  "a long text in many steps": HEAD + repeated(100_000, 100, asStep),
  "a list of steps in many branches": `${HEAD}metadata:\n  list: &list [{id: x, type: delegate, instructions: "${"y".repeat(60_000)}"}]\nsteps:\n  - id: p\n    type: parallel\n    branches:\n${Array.from({ length: 60 }, (_, n) => `      - {id: b${n}, steps: *list}\n`).join("")}`,
  "in keys": `${HEAD}metadata: { text: &text ${"k".repeat(50_000)} }\ninitial_state:\n${Array.from({ length: 60 }, (_, n) => `  f${n}: { *text : 1 }\n`).join("")}${STEP}`,
  "that go round in circles": `${HEAD}initial_state: &me { a: [*me, *me] }\n${STEP}`,
};

for (const [name, text] of Object.entries(REFUSED)) {
  test(`aliases are refused: ${name}`, () => {
    const { bundle, diagnostics, ms } = validated(text);
    const [first] = diagnostics.filter(({ code }) => code === "too-large");
    assert.equal(bundle, undefined);
    assert.ok(first, diagnostics.map(({ message }) => message).join("\n"));
    assert.match(text.slice(first.range.start.offset, first.range.end.offset), /^[*{[]|^\w/);
    assert.ok(ms <= MOST_MS, `${ms} ms`);
  });
}

const ACCEPTED: Readonly<Record<string, string>> = {
  "ten thousand words": HEAD + levels(4, "lol") + STEP,
  "a long text in nine fields": HEAD + repeated(100_000, 9, asField) + STEP,
  "a long text in nine steps": HEAD + repeated(100_000, 9, asStep),
};

for (const [name, text] of Object.entries(ACCEPTED)) {
  test(`aliases are accepted and stay small: ${name}`, async () => {
    const { bundle, diagnostics, ms } = validated(text);
    assert.ok(bundle, diagnostics.map(({ message }) => message).join("\n"));
    assert.ok(ms <= MOST_MS, `${ms} ms`);
    const before = process.threadCpuUsage();
    const prepared = prepareRun(createProgram(), settingOf(bundle), {}, 0);
    assert.ok(prepared.ok, prepared.ok ? "" : prepared.failure.message);
    const state = evolve(undefined, { seq: 1, at: 0, event: prepared.value });
    assert.equal(stateHash(state).length, 64);
    const size = await journalled(prepared.value);
    assert.ok(size < MOST_BYTES, `${size} bytes`);
    assert.ok(since(before) <= MOST_MS, `${since(before)} ms for its hashes and its journal`);
  });
}

function validated(text: string) {
  const before = process.threadCpuUsage();
  const checked = validateWorkflow({ fileName: "bomb.workflow.yaml", text });
  return { ...checked, ms: since(before) };
}

/** Bytes of the event as it leaves again, read back from a real journal with its blobs. */
async function journalled(event: RunEvent): Promise<number> {
  let bytes = 0;
  await inScratch(async (folder) => {
    const place = { disk: createDisk(), folder, run: "run_000000000000", now: () => 0 };
    const tenure = (fence: number) => ({
      fence,
      earlierDead: true,
      passed: async () => false,
      successor: `${folder}/owner.${fence + 1}`,
    });
    const { journal } = await openJournal<RunEvent>({ ...place, tenure: tenure(1) });
    await journal.append([event], 0);
    await journal.close();
    const again = await openJournal<RunEvent>({ ...place, tenure: tenure(2) });
    await again.journal.close();
    assert.deepEqual(again.records[0]?.event, JSON.parse(JSON.stringify(event)));
    bytes = JSON.stringify(again.records).length;
  });
  return bytes;
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
