/** The schemas of parameters that several operations share, and how they are read once they were checked. */
import type { JsonObject } from "../../../src/util/json.ts";
import { rollName } from "./records.ts";

const COUNTY: JsonObject = { type: "string", pattern: "^[0-9]{2}$" };

export function parameters(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: "object", properties, required: [...required], additionalProperties: false };
}

/** {counties, datasets, year}: which rolls are meant. */
export const ROLLS: JsonObject = {
  counties: { type: "array", items: COUNTY, minItems: 1 },
  datasets: { type: "array", items: { enum: ["NAL", "SDF"] }, minItems: 1 },
  year: { type: "integer", minimum: 2000, maximum: 2100 },
};

export const THRESHOLD: JsonObject = { type: "number", minimum: 0.5, maximum: 1 };

export interface Roll {
  readonly county: string;
  readonly dataset: string;
  readonly name: string;
}

/** The rolls that are meant: all counties, the property roll and the year of the samples unless said. */
export function rollsOf(given: JsonObject): readonly Roll[] {
  const counties = texts(given.counties) ?? ["06", "13"];
  const datasets = texts(given.datasets) ?? ["NAL"];
  const year = typeof given.year === "number" ? given.year : 2025;
  return counties.flatMap((county) =>
    datasets.map((dataset) => ({ county, dataset, name: rollName(dataset, county, year) })),
  );
}

export function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined;
}

export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 1000;
}
