/** Property rolls: fetched, read, put into the store, watched, and their gaps filled. The far side is the `data` folder. */
import { copyFileSync, existsSync, renameSync } from "node:fs";
import type { Operation } from "../../../src/workerKit/createWorker.ts";
import { asJson, type Folder, readJson, sha256, sizeOf, writeJson } from "../lib/folder.ts";
import { parameters, ROLLS, rollsOf, share } from "../lib/parameters.ts";
import {
  type Property,
  processRows,
  type Rejected,
  readProcessed,
  readRows,
  readStore,
  upsert,
} from "../lib/records.ts";

export function floridaData(folder: Folder): Readonly<Record<string, Operation>> {
  return {
    download: {
      description: "Fetches rolls; one that is there already and the same is left alone.",
      parameters: parameters(ROLLS),
      run: (given, { signal }) => {
        const files = [];
        const missing: string[] = [];
        for (const { name, county, dataset } of rollsOf(given)) {
          signal.throwIfAborted();
          const source = folder.source(`${name}.csv`);
          const target = folder.raw(`${name}.csv`);
          if (!existsSync(source)) {
            missing.push(name);
            continue;
          }
          const cached = existsSync(target) && sha256(target) === sha256(source);
          if (!cached) {
            copyFileSync(source, `${target}.part`);
            renameSync(`${target}.part`, target);
          }
          const rows = readRows(target).length;
          files.push({
            name,
            county,
            dataset,
            rows,
            bytes: sizeOf(target),
            sha256: sha256(target),
            cached,
          });
        }
        const confidence = share(files.length, files.length + missing.length);
        return { result: asJson({ files, missing }), confidence };
      },
    },
    process: {
      description:
        "Reads fetched rolls into records; rows that break a rule are set aside with the reason.",
      parameters: parameters(ROLLS),
      run: (given) => {
        let records = 0;
        const rejected: (Rejected & { readonly roll: string })[] = [];
        for (const { name } of rollsOf({ ...given, datasets: ["NAL"] })) {
          const file = folder.raw(`${name}.csv`);
          if (!existsSync(file)) throw new Error(`${name} was not downloaded yet`);
          const made = processRows(readRows(file));
          writeJson(folder.processed(`${name}.json`), made.records);
          writeJson(folder.processed(`${name}.rejected.json`), made.rejected);
          records += made.records.length;
          rejected.push(...made.rejected.map((row) => ({ roll: name, ...row })));
        }
        const confidence = share(records, records + rejected.length);
        return { result: asJson({ records, rejected }), confidence };
      },
    },
    upload: {
      description: "Puts processed records into the store, by parcel.",
      parameters: parameters(ROLLS),
      run: (given) => {
        const records = rollsOf({ ...given, datasets: ["NAL"] }).flatMap(({ name }) =>
          readProcessed(folder, name),
        );
        if (records.length === 0) throw new Error("nothing was processed yet");
        return { result: asJson(upsert(folder, records)) };
      },
    },
    monitor: {
      description: "Tells of each roll whether it is fetched, current, processed and stored.",
      parameters: parameters(ROLLS),
      run: (given) => {
        const stored = Object.values(readStore(folder));
        const rolls = rollsOf(given).map(({ name, county }) => {
          const [source, raw] = [folder.source(`${name}.csv`), folder.raw(`${name}.csv`)];
          const fetched = existsSync(raw);
          return {
            name,
            fetched,
            current: fetched && existsSync(source) && sha256(raw) === sha256(source),
            processed: readProcessed(folder, name).length,
            stored: stored.filter((record) => record.county === county).length,
          };
        });
        return { result: asJson({ rolls, healthy: rolls.every(({ current }) => current) }) };
      },
    },
    fill_gaps: {
      description:
        "Fills a missing city or zip from neighbours that have both, and lists parcels that are missing.",
      parameters: parameters(ROLLS),
      run: (given) => fillGaps(folder, rollsOf({ ...given, datasets: ["NAL"] })),
    },
  };
}

function fillGaps(folder: Folder, rolls: ReturnType<typeof rollsOf>) {
  const filled: { parcel_id: string; field: string; value: string }[] = [];
  const remaining: string[] = [];
  const missing_parcels: string[] = [];
  for (const { name } of rolls) {
    const records = readProcessed(folder, name);
    const zips = new Map(
      records.filter(({ city, zip }) => city && zip).map(({ city, zip }) => [city, zip]),
    );
    const cities = new Map([...zips].map(([city, zip]) => [zip, city]));
    const mended = records.map((record): Property => {
      const field = record.zip === "" ? "zip" : record.city === "" ? "city" : undefined;
      if (field === undefined) return record;
      const value = field === "zip" ? zips.get(record.city) : cities.get(record.zip);
      if (value === undefined) {
        remaining.push(record.parcel_id);
        return record;
      }
      filled.push({ parcel_id: record.parcel_id, field, value });
      return { ...record, [field]: value };
    });
    writeJson(folder.processed(`${name}.json`), mended);
    missing_parcels.push(
      ...gapsIn(mended, readJson<Rejected[]>(folder.processed(`${name}.rejected.json`), [])),
    );
  }
  const confidence =
    filled.length + remaining.length === 0
      ? 1
      : share(filled.length, filled.length + remaining.length);
  return { result: asJson({ filled, remaining, missing_parcels }), confidence };
}

/** Numbers that no parcel has, in the run of numbers from 1 that most have. */
function gapsIn(records: readonly Property[], rejected: readonly Rejected[]): readonly string[] {
  const known = new Set([...records, ...rejected].map(({ parcel_id }) => parcel_id));
  const [first] = records;
  const prefix = first?.parcel_id.slice(0, 8) ?? "";
  const numbers = records
    .map(({ parcel_id }) => Number(parcel_id.slice(8)))
    .filter((number) => number < 500);
  const last = Math.max(0, ...numbers);
  return Array.from(
    { length: last },
    (_, index) => `${prefix}${String(index + 1).padStart(5, "0")}`,
  ).filter((parcel) => !known.has(parcel));
}
