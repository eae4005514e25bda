/** Reads a built-in tool's parameters, which its schema has already checked. */
import { type JsonObject, own } from "../../util/json.ts";
import { parameters } from "./builtInServer.ts";

/** A text parameter; the empty text when it was left out. */
export function textOf(given: JsonObject, name: string): string {
  const value = own(given, name);
  return typeof value === "string" ? value : "";
}

/** A number parameter, or what stands for it when it was left out. */
export function numberOf(given: JsonObject, name: string, otherwise: number): number {
  const value = own(given, name);
  return typeof value === "number" ? value : otherwise;
}

/** The parameters of a search; at most `most` results. */
export function searchParameters(most: number): JsonObject {
  const maximum = { type: "integer", minimum: 1, maximum: most };
  return parameters({ query: { type: "string" }, max_results: maximum }, ["query"]);
}

/** What a search is asked: ten results unless more or fewer are wanted. */
export function askedOf(given: JsonObject): {
  readonly query: string;
  readonly maxResults: number;
} {
  return { query: textOf(given, "query"), maxResults: numberOf(given, "max_results", 10) };
}
