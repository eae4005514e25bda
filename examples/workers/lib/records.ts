/** Property records: how a roll is read, what makes a row good, and where records are kept. Knows no worker. */
import { existsSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { type Folder, readJson, writeJson } from "./folder.ts";

export interface Property {
  readonly parcel_id: string;
  readonly county: string;
  readonly owner: string;
  readonly address: string;
  readonly city: string;
  readonly zip: string;
  readonly land_use: string;
  readonly year_built: number | null;
  readonly living_area: number;
  readonly just_value: number;
  readonly assessed_value: number;
  readonly use_code?: string;
}

export interface Rejected {
  /** In the file, the header being 1. */
  readonly line: number;
  readonly parcel_id: string;
  readonly reasons: readonly string[];
}

export type Row = Readonly<Record<string, string>>;

/** What a set of records is called in every folder. */
export function rollName(dataset: string, county: string, year: number): string {
  return `${dataset}_${county}_${year}`;
}

/** The rows of a CSV file with a header; none where there is no file. */
export function readRows(file: string): readonly Row[] {
  if (!existsSync(file)) return [];
  return parse(readFileSync(file, "utf8"), {
    columns: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
}

/** The rules of a good row, by name; each gives what is wrong, or nothing. */
export const RULES: Readonly<Record<string, (row: Row) => string | undefined>> = {
  parcel_format: ({ parcel_id = "" }) =>
    /^\d{2}-\d{4}-\d{5}$/.test(parcel_id) ? undefined : `parcel_id "${parcel_id}" is none`,
  owner_present: ({ owner = "" }) => (owner === "" ? "owner is missing" : undefined),
  value_range: ({ just_value = "" }) =>
    Number(just_value) > 0 ? undefined : `just_value ${just_value} is not above 0`,
  assessed_not_above_just: ({ just_value, assessed_value }) =>
    Number(assessed_value) <= Math.abs(Number(just_value))
      ? undefined
      : `assessed_value ${assessed_value} is above just_value ${just_value}`,
  year_range: ({ year_built = "" }) =>
    year_built === "" || (Number(year_built) >= 1800 && Number(year_built) <= 2026)
      ? undefined
      : `year_built ${year_built} is not from 1800 to 2026`,
};

/** Splits rows into records and what cannot become one. */
export function processRows(rows: readonly Row[]): {
  readonly records: readonly Property[];
  readonly rejected: readonly Rejected[];
} {
  const records: Property[] = [];
  const rejected: Rejected[] = [];
  rows.forEach((row, index) => {
    const reasons = Object.values(RULES).flatMap((rule) => rule(row) ?? []);
    if (reasons.length === 0) records.push(recordOf(row));
    else rejected.push({ line: index + 2, parcel_id: row.parcel_id ?? "", reasons });
  });
  return { records, rejected };
}

function recordOf(row: Row): Property {
  const { parcel_id = "", county = "", owner = "", address = "", city = "", zip = "" } = row;
  return {
    ...{ parcel_id, county, address, city, zip },
    owner: owner.toUpperCase().replace(/\s+/g, " "),
    land_use: row.land_use ?? "",
    year_built: row.year_built ? Number(row.year_built) : null,
    living_area: Number(row.living_area ?? 0),
    just_value: Number(row.just_value),
    assessed_value: Number(row.assessed_value),
  };
}

/** The records that were made of a roll; none before that. */
export function readProcessed(folder: Folder, name: string): readonly Property[] {
  return readJson<readonly Property[]>(folder.processed(`${name}.json`), []);
}

export type Store = Readonly<Record<string, Property>>;

/** Every record of the store, by parcel. */
export function readStore(folder: Folder): Store {
  return readJson<Store>(folder.store("properties.json"), {});
}

export interface Upserted {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly total: number;
}

/** Puts records into the store; one that is there already is put in its place. */
export function upsert(folder: Folder, records: readonly Property[]): Upserted {
  const store: Record<string, Property> = { ...readStore(folder) };
  let inserted = 0;
  let updated = 0;
  for (const record of records) {
    const before = store[record.parcel_id];
    const { use_code: _, ...known } = before ?? { use_code: undefined };
    if (!before) inserted += 1;
    else if (JSON.stringify(known) !== JSON.stringify(record)) updated += 1;
    store[record.parcel_id] = before?.use_code ? { ...record, use_code: before.use_code } : record;
  }
  writeJson(folder.store("properties.json"), store);
  const unchanged = records.length - inserted - updated;
  return { inserted, updated, unchanged, total: Object.keys(store).length };
}
