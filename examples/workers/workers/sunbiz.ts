/** The register of businesses: kept in step, watched, and counted for a dashboard. */
import type { Operation } from "../../../src/workerKit/createWorker.ts";
import { asJson, type Folder, readJson, writeJson } from "../lib/folder.ts";
import { parameters } from "../lib/parameters.ts";
import { readRows } from "../lib/records.ts";

export interface Entity {
  readonly document_number: string;
  readonly name: string;
  readonly status: string;
  readonly type: string;
  readonly city: string;
  readonly filed: string;
}

/** The businesses that were taken over, by their numbers. */
export function readEntities(folder: Folder): Readonly<Record<string, Entity>> {
  return readJson<Record<string, Entity>>(folder.store("entities.json"), {});
}

export function sunbiz(folder: Folder): Readonly<Record<string, Operation>> {
  return {
    sync_entities: {
      description: "Takes over what is new or changed in the register, from a date of filing on.",
      parameters: parameters({ since: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" } }),
      run: ({ since }) => {
        const entities: Record<string, Entity> = { ...readEntities(folder) };
        let inserted = 0;
        let updated = 0;
        const rows = readRows(folder.source("businesses.csv"));
        for (const row of rows) {
          const entity = entityOf(row);
          if (typeof since === "string" && entity.filed < since) continue;
          const before = entities[entity.document_number];
          if (!before) inserted += 1;
          else if (JSON.stringify(before) !== JSON.stringify(entity)) updated += 1;
          entities[entity.document_number] = entity;
        }
        writeJson(folder.store("entities.json"), entities);
        return {
          result: { read: rows.length, inserted, updated, total: Object.keys(entities).length },
        };
      },
    },
    monitor_status: {
      description: "How many businesses are active, and which are not.",
      parameters: parameters({}),
      run: () => {
        const entities = known(folder);
        const inactive = entities.filter(({ status }) => status !== "ACTIVE");
        const names = inactive.map(({ document_number, name }) => ({ document_number, name }));
        return {
          result: asJson({
            total: entities.length,
            active: entities.length - inactive.length,
            inactive: names,
          }),
        };
      },
    },
    generate_dashboard_metrics: {
      description: "Businesses by status, by city and by year of filing.",
      parameters: parameters({}),
      run: () => {
        const entities = known(folder);
        const by = (keyOf: (entity: Entity) => string) => count(entities.map(keyOf));
        return {
          result: asJson({
            total: entities.length,
            by_status: by(({ status }) => status),
            by_city: by(({ city }) => city),
            by_year: by(({ filed }) => filed.slice(0, 4)),
          }),
        };
      },
    },
  };
}

function known(folder: Folder): readonly Entity[] {
  const entities = Object.values(readEntities(folder));
  if (entities.length === 0) throw new Error("no entities were synced yet");
  return entities;
}

function entityOf(row: Readonly<Record<string, string>>): Entity {
  const { document_number = "", name = "", status = "", type = "", city = "", filed = "" } = row;
  return { document_number, name, status, type, city, filed };
}

export function count(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
