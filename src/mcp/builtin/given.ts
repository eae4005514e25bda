/** Reads a built-in tool's parameters, which its schema has already checked. */
import { type JsonObject, own } from "../../util/json.ts";

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
