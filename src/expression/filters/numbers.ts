/** Filters for numbers: conversion, rounding, sizes. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { numberOr, wholeOr } from "../values/coerce.ts";
import { float, integer, isFloat, numberOf, roundHalfEven } from "../values/number.ts";
import { parseFloatText, parseIntegerText } from "../values/parseNumber.ts";
import { isTrue } from "../values/truth.ts";
import { kindOf, type Value } from "../values/value.ts";

export const NUMBER_FILTERS: readonly Definition[] = [
  define("abs", "The number without its sign.", (rt, input) => {
    requireValue(rt, input);
    const size = Math.abs(numberOr(input, 0, "The value of `abs`"));
    return isFloat(input) ? float(size) : integer(size);
  }),
  define(
    "filesizeformat(binary=false)",
    "A size in bytes as people read it: `13.0 kB`.",
    (rt, input, [binary]) => fileSize(rt, input, isTrue(rt, binary)),
  ),
  define(
    "float(default=0.0)",
    "The value as a float, `default` if it is none.",
    (rt, input, [standard]) => {
      requireValue(rt, input);
      const number = typeof input === "string" ? parseFloatText(input) : numberOf(input);
      return number === undefined ? (standard ?? float(0)) : float(number);
    },
  ),
  define(
    "int(default=0, base=10)",
    "The value as an integer, `default` if it is none.",
    (rt, input, [standard, base]) => {
      requireValue(rt, input);
      const number = wholeOf(input, wholeOr(base, 10, "`base`"));
      return number === undefined ? (standard ?? 0) : integer(number);
    },
  ),
  define(
    "round(precision=0, method='common')",
    "Rounded to digits after the point; `method` is common, ceil or floor.",
    (rt, input, [precision, method]) => {
      rt.work(10);
      requireValue(rt, input);
      return round(input, wholeOr(precision, 0, "`precision`"), method);
    },
  ),
];

function requireValue(rt: Runtime, value: Value): void {
  if (typeof value === "string") rt.scan(value.length);
  if (value !== undefined) return;
  throw new Fault("undefined", "The value is missing. Give it one with `default` first.");
}

function wholeOf(value: Value, base: number): number | undefined {
  const number =
    typeof value === "string"
      ? (parseIntegerText(value, base) ?? parseFloatText(value))
      : numberOf(value);
  return number === undefined || !Number.isFinite(number) ? undefined : Math.trunc(number);
}

function round(input: Value, precision: number, method: Value): Value {
  const number = numberOr(input, 0, "The value of `round`");
  if (Math.abs(precision) > 100)
    throw new Fault("value", "`precision` must be within 100.").of("precision");
  const unit = 10 ** precision;
  switch (method ?? "common") {
    case "common": {
      const rounded = roundHalfEven(number, precision);
      return isFloat(input) ? float(rounded) : integer(rounded);
    }
    case "ceil":
      // Adding zero turns a negative zero into zero, as an integer in between does in Python.
      return float((Math.ceil(number * unit) + 0) / unit);
    case "floor":
      return float(Math.floor(number * unit) / unit);
    default:
      throw new Fault("value", "`method` must be 'common', 'ceil' or 'floor'.").of("method");
  }
}

const UNITS = ["k", "M", "G", "T", "P", "E", "Z", "Y"];

function fileSize(rt: Runtime, input: Value, binary: boolean): string {
  requireValue(rt, input);
  rt.work(20);
  const bytes = typeof input === "string" ? parseFloatText(input) : numberOf(input);
  if (bytes === undefined)
    throw new Fault("type", `Expected a size in bytes, found ${kindOf(input)}.`);
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const found = UNITS.findIndex((_, index) => bytes < base ** (index + 2));
  const index = found < 0 ? UNITS.length - 1 : found;
  const unit = UNITS[index] ?? "";
  const name = binary ? `${unit.toUpperCase()}iB` : `${unit}B`;
  return `${roundHalfEven((base * bytes) / base ** (index + 2), 1).toFixed(1)} ${name}`;
}
