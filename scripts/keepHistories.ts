/**
 * `node scripts/keepHistories.ts NAME [CASE ...]`: keeps the journals of the cases named, e.g. `plan4` for the fourth of
 * plan.yaml, and of those whose events no kept journal has, as test/run/histories/NAME-*.jsonl. Never touches one that
 * is there: they are how old runs look, for ever.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { createDisk } from "../src/journal/disk.ts";
import { openJournal } from "../src/journal/fileJournal.ts";
import type { Recorded, RunEvent } from "../src/run/event.ts";
import { place, tenure } from "../test/journal/scratch.ts";
import { playCase, readCase } from "../test/run/caseFile.ts";
import { featuresOf } from "../test/run/histories/features.ts";
import { ROOT } from "./bootstrap.mjs";

const CASES = join(ROOT, "test/run/cases");
const HISTORIES = join(ROOT, "test/run/histories");

interface Candidate {
  readonly name: string;
  readonly records: readonly Recorded[];
  readonly features: ReadonlySet<string>;
}

const [prefix = "", ...wanted] = process.argv.slice(2);
if (!/^[a-z0-9]+$/.test(prefix)) {
  console.error("a name for the new ones? node scripts/keepHistories.ts NAME [CASE ...]");
  process.exit(2);
}
const known = new Set(readdirSync(HISTORIES).filter(isJournal).flatMap(keptFeatures));
const candidates = readdirSync(CASES)
  .filter((file) => file.endsWith(".yaml"))
  .flatMap(candidatesOf);
let kept = 0;
for (const name of wanted) {
  const named = candidates.find((candidate) => candidate.name === name);
  if (!named) throw new Error(`there is no case ${name}`);
  await keep(named);
}
for (let best = pick(); best; best = pick()) await keep(best);
console.log(`${kept} journals kept; take what they come to with FERMATA_ACCEPT=1, and read it`);

async function keep({ name, records, features }: Candidate): Promise<void> {
  const file = join(HISTORIES, `${prefix}-${name}.jsonl`);
  if (existsSync(file)) throw new Error(`${file} is there already`);
  writeFileSync(file, await journalOf(records));
  for (const feature of features) known.add(feature);
  kept += 1;
}

function isJournal(name: string): boolean {
  return name.endsWith(".jsonl");
}

function keptFeatures(name: string): readonly string[] {
  const lines = readFileSync(join(HISTORIES, name), "utf8").split("\n");
  return lines
    .filter((line) => line.includes('"event":'))
    .flatMap((line) => [...featuresOf(JSON.parse(line).event)]);
}

function candidatesOf(file: string): readonly Candidate[] {
  const documents = parseAllDocuments(readFileSync(join(CASES, file), "utf8"));
  return documents.map((document, index) => {
    const { records } = playCase(readCase(document.toJS())).played;
    const features = new Set(records.flatMap(({ event }) => [...featuresOf(event)]));
    return { name: `${file.slice(0, -5)}${index + 1}`, records, features };
  });
}

/** The one that brings most that is new, the shorter of two. */
function pick(): Candidate | undefined {
  const news = ({ features }: Candidate): number =>
    [...features].filter((feature) => !known.has(feature)).length;
  const sorted = candidates.toSorted(
    (a, b) => news(b) - news(a) || a.records.length - b.records.length,
  );
  const [best] = sorted;
  return best && news(best) > 0 ? best : undefined;
}

/** The journal as its owners write it: one up to the middle, then, after a crash, another. */
async function journalOf(records: readonly Recorded[]): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "fermata-history-"));
  const disk = createDisk();
  try {
    await disk.makeFolder(join(folder, "blobs"));
    const middle = Math.ceil(records.length / 2);
    for (const [fence, part] of [records.slice(0, middle), records.slice(middle)].entries()) {
      const { journal } = await openJournal<RunEvent>(place(disk, folder, tenure(fence + 1)));
      for (const batch of batchesOf(part))
        await journal.append(
          batch.map(({ event }) => event),
          batch[0]?.at ?? 0,
        );
      await journal.close();
    }
    return readFileSync(join(folder, "journal.jsonl"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What happened at one time was written at once. */
function batchesOf(records: readonly Recorded[]): readonly Recorded[][] {
  const batches: Recorded[][] = [];
  for (const record of records) {
    const last = batches.at(-1);
    if (last?.[0]?.at === record.at) last.push(record);
    else batches.push([record]);
  }
  return batches;
}
