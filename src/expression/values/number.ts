/**
 * Integers and floats as Python keeps them apart, over JavaScript's one kind of number.
 * Owns arithmetic, rounding and how numbers are written; integers beyond 2^53 are errors, never silently inexact.
 */
import { Fault } from "../error.ts";
import { Float, type Value } from "./value.ts";

export type NumberOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";

/** The number behind a number or (as in Python) a boolean; undefined for anything else. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof Float) return value.value;
  return typeof value === "boolean" ? Number(value) : undefined;
}

/** True for a float, false for an integer, a boolean and what is no number. */
export function isFloat(value: Value): boolean {
  return value instanceof Float || (typeof value === "number" && !Number.isSafeInteger(value));
}

/** True for an integer; a boolean is none. */
export function isInteger(value: Value): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

/** A float with this value. */
export function float(value: number): Value {
  return Number.isSafeInteger(value) ? new Float(value) : value;
}

/** An integer with this value; an error if it is beyond 2^53. */
export function integer(value: number): number {
  if (Number.isSafeInteger(value)) return value + 0;
  const message =
    "The result is beyond 2^53, where integers are no longer exact. Use floats (`1.0 * x`).";
  throw new Fault("value", message);
}

/** Python's arithmetic on two numbers, each an integer or a float. */
export function calculate(operator: NumberOperator, left: Value, right: Value): Value {
  const a = numberOf(left) ?? Number.NaN;
  const b = numberOf(right) ?? Number.NaN;
  const floats = isFloat(left) || isFloat(right);
  switch (operator) {
    case "+":
      return floats ? float(a + b) : integer(a + b);
    case "-":
      return floats ? float(a - b) : integer(a - b);
    case "*":
      return floats ? float(a * b) : integer(a * b);
    case "/":
      return float(a / divisor(b));
    case "//":
      return floats ? float(floorDivide(a, divisor(b))) : integer(Math.floor(a / divisor(b)));
    case "%":
      return floats ? float(modulo(a, divisor(b))) : integer(modulo(a, divisor(b)));
    case "**":
      return power(a, b, floats);
  }
}

/** Rounds half to even on the exact decimal value, as Python's `round`. */
export function roundHalfEven(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 50) return value;
  if (digits < 0) {
    const unit = 10 ** Math.min(-digits, 400);
    return Number.isFinite(unit) ? roundHalfEven(value / unit, 0) * unit : 0;
  }
  if (Math.abs(value) >= 1e21) return value;
  const exact = value.toFixed(Math.min(100, digits + 50));
  const dot = exact.indexOf(".");
  const tail = exact.slice(dot + 1 + digits);
  if (!/^50*$/.test(tail)) return Number(value.toFixed(digits));
  const kept = exact.slice(0, digits === 0 ? dot : dot + 1 + digits);
  const odd = /[13579]$/.test(kept);
  return odd ? Number(kept) + Math.sign(value) * 10 ** -digits : Number(kept);
}

/** A number as Python prints it: `3`, `2.0`, `1e+16`, `inf`. */
export function numberText(value: Value): string {
  if (value instanceof Float) return floatText(value.value);
  if (isInteger(value)) return String(value);
  return floatText(numberOf(value) ?? Number.NaN);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa = "0", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, "0");
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  const plain = String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

function divisor(value: number): number {
  if (value === 0) throw new Fault("value", "Division by zero. Guard it: `a / b if b else 0`.");
  return value;
}

function floorDivide(a: number, b: number): number {
  return Math.floor((a - modulo(a, b)) / b + 0.5);
}

/** The remainder with the sign of the divisor. */
function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function power(a: number, b: number, floats: boolean): Value {
  if (a === 0 && b < 0) throw new Fault("value", "Zero cannot be raised to a negative power.");
  const result = a ** b;
  if (!floats && b >= 0) return integer(result);
  if (Number.isNaN(result) && !Number.isNaN(a) && !Number.isNaN(b)) {
    throw new Fault("value", "A negative number has no real root. Use `abs` first.");
  }
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new Fault("value", "The result is too large for a number.");
  }
  return float(result);
}
