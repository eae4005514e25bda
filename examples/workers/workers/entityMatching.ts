/**
 * Who is who: owners of properties matched with businesses, properties that are listed twice, and the links between them.
 * Names are compared by their Jaro-Winkler similarity once legal forms and punctuation are gone.
 */
import { jaroWinkler } from "@skyra/jaro-winkler";
import type { JsonObject } from "../../../src/util/json.ts";
import type { Operation } from "../../../src/workerKit/createWorker.ts";
import { asJson, type Folder, readJson, writeJson } from "../lib/folder.ts";
import { parameters, share, THRESHOLD } from "../lib/parameters.ts";
import { type Property, readStore } from "../lib/records.ts";
import { type Entity, readEntities } from "./sunbiz.ts";

export interface Match {
  readonly owner: string;
  readonly document_number: string;
  readonly name: string;
  readonly score: number;
}

export function entityMatching(folder: Folder): Readonly<Record<string, Operation>> {
  return {
    match_entities: {
      description: "Matches the owners of stored properties with businesses.",
      parameters: parameters({ threshold: THRESHOLD }),
      run: (given) => {
        const entities = Object.values(readEntities(folder));
        const owners = [...new Set(properties(folder).map(({ owner }) => owner))].filter(
          isBusiness,
        );
        const found = matchAll(owners, entities, thresholdOf(given, 0.9));
        writeJson(folder.store("matches.json"), found.matches);
        const scores = found.matches.map(({ score }) => score);
        const confidence =
          scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
        return {
          result: asJson({ owners: owners.length, matched: found.matches.length, ...found }),
          confidence,
        };
      },
    },
    deduplicate: {
      description:
        "Finds properties that are listed more than once: one address, and owners that are nearly the same.",
      parameters: parameters({ threshold: THRESHOLD }),
      run: (given) => {
        const groups = duplicates(properties(folder), thresholdOf(given, 0.92));
        writeJson(folder.store("duplicates.json"), groups);
        return {
          result: asJson({
            groups,
            duplicates: groups.reduce((sum, group) => sum + group.length - 1, 0),
          }),
        };
      },
    },
    link_properties_to_entities: {
      description:
        "Links properties to the business that owns them, as the last match said; duplicates are linked once.",
      parameters: parameters({}),
      run: () => {
        const matches = readJson<readonly Match[]>(folder.store("matches.json"), []);
        if (matches.length === 0) throw new Error("no entities were matched yet");
        const byOwner = new Map(matches.map((match) => [match.owner, match]));
        const groups = readJson<readonly (readonly string[])[]>(
          folder.store("duplicates.json"),
          [],
        );
        const doubles = new Set(groups.flatMap((group) => group.slice(1)));
        const links: JsonObject[] = [];
        let unlinked = 0;
        for (const { parcel_id, owner } of properties(folder)) {
          const match = byOwner.get(owner);
          if (doubles.has(parcel_id)) continue;
          if (match)
            links.push({ parcel_id, document_number: match.document_number, score: match.score });
          else if (isBusiness(owner)) unlinked += 1;
        }
        writeJson(folder.store("links.json"), links);
        const skipped = doubles.size;
        return {
          result: { linked: links.length, unlinked, duplicates_skipped: skipped },
          confidence: share(links.length, links.length + unlinked),
        };
      },
    },
  };
}

/** The best business for each owner above a similarity. An owner whose two best are equally alike is left to a person. */
export function matchAll(
  owners: readonly string[],
  entities: readonly Entity[],
  threshold: number,
): {
  readonly matches: readonly Match[];
  readonly ambiguous: readonly string[];
  readonly unmatched: readonly string[];
} {
  const named = entities.map((entity) => ({ entity, plain: plainName(entity.name) }));
  const matches: Match[] = [];
  const ambiguous: string[] = [];
  const unmatched: string[] = [];
  for (const owner of owners) {
    const plain = plainName(owner);
    const scored = named
      .map(({ entity, plain: other }) => ({ entity, score: jaroWinkler(plain, other) }))
      .filter(({ score }) => score >= threshold)
      .sort((a, b) => b.score - a.score);
    const [best, next] = scored;
    if (!best) unmatched.push(owner);
    else if (next && best.score - next.score < 0.005) ambiguous.push(owner);
    else {
      const score = Math.round(best.score * 1000) / 1000;
      matches.push({
        owner,
        document_number: best.entity.document_number,
        name: best.entity.name,
        score,
      });
    }
  }
  return { matches, ambiguous, unmatched };
}

/** Parcels that are one property, the one to keep first. */
export function duplicates(
  records: readonly Property[],
  threshold: number,
): readonly (readonly string[])[] {
  const places = new Map<string, Property[]>();
  for (const record of records) {
    const key = `${record.county}|${plainAddress(record.address)}`;
    places.set(key, [...(places.get(key) ?? []), record]);
  }
  return [...places.values()].flatMap((same) => {
    const [first, ...others] = [...same].sort((a, b) => (a.parcel_id < b.parcel_id ? -1 : 1));
    if (!first) return [];
    const alike = others.filter(
      ({ owner }) => jaroWinkler(plainName(first.owner), plainName(owner)) >= threshold,
    );
    return alike.length === 0
      ? []
      : [[first.parcel_id, ...alike.map(({ parcel_id }) => parcel_id)]];
  });
}

function properties(folder: Folder): readonly Property[] {
  const records = Object.values(readStore(folder));
  if (records.length === 0) throw new Error("no properties are stored yet");
  return records;
}

/** A person is written `LAST, FIRST`; everything else is a business. */
function isBusiness(owner: string): boolean {
  return !/^[A-Z]+, [A-Z]+$/.test(owner) || /, ?(LLC|INC|CORP|LP)\.?$/.test(owner);
}

function plainName(name: string): string {
  return name
    .toUpperCase()
    .replace(/[.,]/g, " ")
    .replace(/\b(LLC|INC|CORP|LP)\b/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

const WORDS: Readonly<Record<string, string>> = {
  AVENUE: "AVE",
  STREET: "ST",
  ROAD: "RD",
  DRIVE: "DR",
  BOULEVARD: "BLVD",
};

function plainAddress(address: string): string {
  return address
    .toUpperCase()
    .split(/\s+/)
    .map((word) => WORDS[word] ?? word)
    .join(" ");
}

function thresholdOf({ threshold }: JsonObject, usual: number): number {
  return typeof threshold === "number" ? threshold : usual;
}
