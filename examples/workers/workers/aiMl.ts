/**
 * Rules in the place of models: what is odd in the logs and the data, what heals it, questions in plain words, and use codes
 * for land, from rules that people add to. What no rule knows is handed to a person.
 */
import { copyFileSync, existsSync } from "node:fs";
import { RE2JS } from "re2js";
import type { JsonObject } from "../../../src/util/json.ts";
import type { Operation } from "../../../src/workerKit/createWorker.ts";
import { asJson, type Folder, readJson, sha256, writeJson } from "../lib/folder.ts";
import { parameters, ROLLS, rollsOf, share, texts } from "../lib/parameters.ts";
import {
  type Property,
  processRows,
  readProcessed,
  readRows,
  readStore,
  upsert,
} from "../lib/records.ts";
import { answerQuery } from "./chatQuery.ts";
import { analyze, readLogs } from "./performance.ts";

interface Rule {
  /** A regular expression over the description of the land's use, without regard to case. */
  readonly pattern: string;
  readonly code: string;
}

/** Codes of the Florida Department of Revenue. */
const RULES: readonly Rule[] = [
  { pattern: "single.family", code: "0100" },
  { pattern: "condominium", code: "0400" },
  { pattern: "duplex|two units", code: "0800" },
  { pattern: "vacant residential", code: "0000" },
  { pattern: "retail|store", code: "1100" },
  { pattern: "office", code: "1700" },
  { pattern: "warehouse|distribution", code: "4800" },
];

const FINDING = {
  type: "object",
  properties: {
    kind: { enum: ["stale_copy", "not_processed", "not_stored", "failing_operation"] },
    about: { type: "string" },
  },
  required: ["kind", "about"],
};

export function aiMl(folder: Folder): Readonly<Record<string, Operation>> {
  return {
    run_monitoring_ai: {
      description:
        "What is odd: copies that are not true, rolls that are not processed or stored, operations that fail often.",
      parameters: parameters(ROLLS),
      run: (given) => ({ result: asJson({ findings: findOdd(folder, given) }) }),
    },
    execute_self_healing: {
      description:
        "Mends what monitoring found: fetches again, processes again, stores again. The rest is for people.",
      parameters: parameters({ findings: { type: "array", items: FINDING } }),
      run: (given) => heal(folder, Array.isArray(given.findings) ? given.findings : []),
    },
    handle_chat_query: {
      description: "Answers a question about the stored properties in plain words.",
      parameters: parameters({ query: { type: "string", minLength: 1, maxLength: 2000 } }, [
        "query",
      ]),
      run: ({ query }) => answerQuery(String(query), Object.values(readStore(folder))),
    },
    assign_use_codes: {
      description:
        "Gives stored properties the code of their use, by learned rules first; the confidence is the share that got one.",
      parameters: parameters({ counties: ROLLS.counties ?? {} }),
      run: (given) => assignCodes(folder, texts(given.counties)),
    },
    store_rules: {
      description:
        "Learns rules: a pattern over the description of a use, and its code of four digits.",
      parameters: parameters(
        {
          rules: {
            type: "array",
            minItems: 1,
            items: parameters(
              {
                pattern: { type: "string", minLength: 2, maxLength: 200 },
                code: { type: "string", pattern: "^[0-9]{4}$" },
              },
              ["pattern", "code"],
            ),
          },
        },
        ["rules"],
      ),
      run: (given) => storeRules(folder, given.rules as unknown as readonly Rule[]),
    },
  };
}

type Finding = { readonly kind: string; readonly about: string };

function findOdd(folder: Folder, given: JsonObject): readonly Finding[] {
  const found: Finding[] = [];
  const store = readStore(folder);
  for (const { name } of rollsOf({ ...given, datasets: ["NAL"] })) {
    const [raw, source] = [folder.raw(`${name}.csv`), folder.source(`${name}.csv`)];
    if (!existsSync(raw) || sha256(raw) !== sha256(source))
      found.push({ kind: "stale_copy", about: name });
    const records = readProcessed(folder, name);
    if (records.length === 0) found.push({ kind: "not_processed", about: name });
    else if (records.some(({ parcel_id }) => !store[parcel_id]))
      found.push({ kind: "not_stored", about: name });
  }
  for (const { worker, operation, count, failed } of analyze(readLogs(folder)))
    if (count >= 5 && failed / count > 0.5)
      found.push({ kind: "failing_operation", about: `${worker} ${operation}` });
  return found;
}

function heal(folder: Folder, findings: readonly unknown[]) {
  const actions: { kind: string; about: string; action: string; done: boolean }[] = [];
  for (const { kind, about } of findings as readonly Finding[]) {
    const mended = mend(folder, kind, about);
    actions.push({ kind, about, action: mended ?? "for a person", done: mended !== undefined });
  }
  const done = actions.filter((action) => action.done).length;
  const confidence = actions.length === 0 ? 1 : share(done, actions.length);
  return {
    result: asJson({ actions, healed: done }),
    confidence,
    requires_human: done < actions.length,
  };
}

/** A copy that was not true is fetched, processed and stored anew: what was made of it is not to be trusted either. */
function mend(folder: Folder, kind: string, name: string): string | undefined {
  const source = folder.source(`${name}.csv`);
  if (kind === "failing_operation" || !/^[A-Z]+_\d{2}_\d{4}$/.test(name) || !existsSync(source))
    return undefined;
  if (kind === "stale_copy") copyFileSync(source, folder.raw(`${name}.csv`));
  if (kind !== "not_stored") {
    const { records, rejected } = processRows(readRows(folder.raw(`${name}.csv`)));
    writeJson(folder.processed(`${name}.json`), records);
    writeJson(folder.processed(`${name}.rejected.json`), rejected);
  }
  upsert(folder, readProcessed(folder, name));
  return kind === "stale_copy"
    ? "fetched again"
    : kind === "not_processed"
      ? "processed again"
      : "stored again";
}

function assignCodes(folder: Folder, counties: readonly string[] | undefined) {
  const store: Record<string, Property> = { ...readStore(folder) };
  const chosen = Object.values(store).filter(({ county }) => counties?.includes(county) ?? true);
  if (chosen.length === 0) throw new Error("no properties are stored yet");
  const rules = [...learned(folder), ...RULES].map(({ pattern, code }) => ({
    pattern: patternOf(pattern),
    code,
  }));
  const codes: Record<string, number> = {};
  const unknown = new Map<string, number>();
  for (const record of chosen) {
    const code = rules.find(({ pattern }) => pattern.matcher(record.land_use).find())?.code;
    if (code === undefined) {
      unknown.set(record.land_use, (unknown.get(record.land_use) ?? 0) + 1);
      continue;
    }
    codes[code] = (codes[code] ?? 0) + 1;
    store[record.parcel_id] = { ...record, use_code: code };
  }
  writeJson(folder.store("properties.json"), store);
  const assigned = Object.values(codes).reduce((sum, count) => sum + count, 0);
  return {
    result: asJson({
      checked: chosen.length,
      assigned,
      codes,
      unknown: Object.fromEntries(unknown),
    }),
    confidence: share(assigned, chosen.length),
  };
}

function learned(folder: Folder): readonly Rule[] {
  return readJson<readonly Rule[]>(folder.store("rules.json"), []);
}

/** In time that grows with the text alone, whatever somebody made up. */
function patternOf(pattern: string): RE2JS {
  return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
}

/** A pattern that is none is refused before any is kept. */
function storeRules(folder: Folder, rules: readonly Rule[]) {
  const kept = new Map(learned(folder).map((rule) => [rule.pattern, rule]));
  let stored = 0;
  for (const rule of rules) {
    patternOf(rule.pattern);
    if (kept.get(rule.pattern)?.code !== rule.code) stored += 1;
    kept.set(rule.pattern, { pattern: rule.pattern, code: rule.code });
  }
  writeJson(folder.store("rules.json"), [...kept.values()]);
  return { result: { stored, total: kept.size } };
}
