/** The quality of records: what fields there are, how they map, what breaks a rule, and whether the store is true. */
import { jaroWinkler } from "@skyra/jaro-winkler";
import type { Operation } from "../../../src/workerKit/createWorker.ts";
import { asJson, type Folder } from "../lib/folder.ts";
import { parameters, ROLLS, rollsOf, share, texts } from "../lib/parameters.ts";
import { type Row, RULES, readProcessed, readRows, readStore, upsert } from "../lib/records.ts";

export function dataQuality(folder: Folder): Readonly<Record<string, Operation>> {
  return {
    discover_fields: {
      description:
        "The fields of fetched rolls: type, share of empty values, distinct values, an example.",
      parameters: parameters(ROLLS),
      run: (given) => {
        const rows = rawRows(folder, given);
        const names = Object.keys(rows[0] ?? {});
        const fields = names.map((name) =>
          describe(
            name,
            rows.map((row) => row[name] ?? ""),
          ),
        );
        return {
          result: asJson({ rows: rows.length, fields }),
          confidence: rows.length > 0 ? 1 : 0,
        };
      },
    },
    create_mapping: {
      description: "Maps field names to those of a target by how alike they are.",
      parameters: parameters(
        {
          ...ROLLS,
          target: { type: "array", items: { type: "string" }, minItems: 1 },
        },
        ["target"],
      ),
      run: (given) => {
        const fields = Object.keys(rawRows(folder, given)[0] ?? {});
        return createMapping(fields, texts(given.target) ?? []);
      },
    },
    validate: {
      description:
        "Holds every row against every rule; the confidence is the share of rows that keep them all.",
      parameters: parameters({
        ...ROLLS,
        rules: { type: "array", items: { enum: Object.keys(RULES) } },
      }),
      run: (given) => {
        const rows = rawRows(folder, given);
        const names = texts(given.rules) ?? Object.keys(RULES);
        const issues: Record<string, number> = {};
        const examples: { row: number; rule: string; problem: string }[] = [];
        const broken = new Set<number>();
        rows.forEach((row, index) => {
          for (const rule of names) {
            const problem = RULES[rule]?.(row);
            if (problem === undefined) continue;
            issues[rule] = (issues[rule] ?? 0) + 1;
            broken.add(index);
            if (examples.length < 10) examples.push({ row: index + 2, rule, problem });
          }
        });
        const valid = rows.length - broken.size;
        const score = share(valid, rows.length);
        return {
          result: asJson({ checked: rows.length, valid, score: score * 100, issues, examples }),
          confidence: score,
        };
      },
    },
    sync_live: {
      description:
        "Compares processed records with the store: what it lacks, what differs, what it has beyond them.",
      parameters: parameters(ROLLS),
      run: (given) => {
        const rolls = rollsOf({ ...given, datasets: ["NAL"] });
        const records = rolls.flatMap(({ name }) => readProcessed(folder, name));
        const store = readStore(folder);
        const missing = records.filter(({ parcel_id }) => !store[parcel_id]);
        const stale = records.filter((record) => {
          const kept = store[record.parcel_id];
          return (
            kept &&
            JSON.stringify({ ...kept, use_code: undefined }) !==
              JSON.stringify({ ...record, use_code: undefined })
          );
        });
        const known = new Set(records.map(({ parcel_id }) => parcel_id));
        const counties = new Set(rolls.map(({ county }) => county));
        const extra = Object.values(store).filter(
          ({ parcel_id, county }) => counties.has(county) && !known.has(parcel_id),
        );
        const in_sync = missing.length + stale.length + extra.length === 0;
        return {
          result: { in_sync, missing: missing.length, stale: stale.length, extra: extra.length },
        };
      },
    },
    load_data: {
      description: "Loads processed records into the store.",
      parameters: parameters(ROLLS),
      run: (given) => {
        const records = rollsOf({ ...given, datasets: ["NAL"] }).flatMap(({ name }) =>
          readProcessed(folder, name),
        );
        return { result: asJson(upsert(folder, records)), confidence: records.length > 0 ? 1 : 0 };
      },
    },
  };
}

function rawRows(folder: Folder, given: Parameters<typeof rollsOf>[0]): readonly Row[] {
  const rolls = rollsOf(given);
  const rows = rolls.flatMap(({ name }) => readRows(folder.raw(`${name}.csv`)));
  if (rows.length === 0)
    throw new Error(`${rolls.map(({ name }) => name).join(", ")} was not downloaded yet`);
  return rows;
}

function describe(name: string, values: readonly string[]) {
  const present = values.filter((value) => value !== "");
  const numeric = present.length > 0 && present.every((value) => /^-?\d+(\.\d+)?$/.test(value));
  const type = numeric
    ? present.some((value) => value.includes("."))
      ? "number"
      : "integer"
    : "text";
  return {
    name,
    type,
    empty: share(values.length - present.length, values.length),
    distinct: new Set(present).size,
    example: present[0] ?? "",
  };
}

function createMapping(fields: readonly string[], target: readonly string[]) {
  const mapping: Record<string, string> = {};
  const scores: number[] = [];
  const taken = new Set<string>();
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const pairs = target
    .flatMap((wanted) =>
      fields.map((field) => ({ wanted, field, score: jaroWinkler(plain(wanted), plain(field)) })),
    )
    .sort((a, b) => b.score - a.score);
  for (const { wanted, field, score } of pairs) {
    if (score < 0.75 || taken.has(field) || mapping[wanted] !== undefined) continue;
    mapping[wanted] = field;
    taken.add(field);
    scores.push(score);
  }
  const unmapped = target.filter((wanted) => mapping[wanted] === undefined);
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
  return {
    result: asJson({ mapping, unmapped }),
    confidence: share(scores.length, target.length) * mean,
  };
}
