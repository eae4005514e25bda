/**
 * Numbers in Python's format types (`d`, `x`, `f`, `e`, `g`, `%`, ...), with sign, zeros and grouping.
 */
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { isFloat, numberOf, numberText, roundHalfEven } from "../values/number.ts";
import { kindOf, type Value } from "../values/value.ts";
import { lengthOf } from "./characters.ts";

export interface NumberFormat {
  /** A letter of Python's, or empty for the plain form. */
  readonly type: string;
  readonly sign: "-" | "+" | " ";
  readonly alternate: boolean;
  /** `,`, `_` or empty. */
  readonly grouping: string;
  readonly precision: number | undefined;
  /** Filled with zeros up to so many characters. */
  readonly width: number;
  /** `%d` cuts floats, `{:d}` refuses them. */
  readonly truncates: boolean;
}

/** A number in a format; an error if the value or the format does not fit. */
export function formatNumber(rt: Runtime, value: Value, format: NumberFormat): string {
  const number = numberOf(value);
  if (number === undefined) {
    const message = `\`${format.type}\` formats numbers, found ${kindOf(value)}. Convert it with \`| float\`.`;
    throw new Fault("type", message);
  }
  if ((format.precision ?? 0) > 100) {
    throw new Fault("limit", "A number can have at most 100 digits after its point.");
  }
  const body = digitsOf(value, Math.abs(number), format);
  const negative = number < 0 || Object.is(number, -0);
  const sign = negative ? "-" : format.sign === "-" ? "" : format.sign;
  const prefix = format.alternate ? (PREFIXES[format.type] ?? "") : "";
  const grouped = format.grouping === "" ? body : group(body, format.grouping);
  const zeros = Math.max(0, format.width - sign.length - prefix.length - grouped.length);
  rt.text(zeros + grouped.length);
  return sign + prefix + "0".repeat(zeros) + grouped;
}

/** Text filled up to a width: `<` left, `>` right, `^` centred, `=` as `>`. */
export function pad(rt: Runtime, text: string, width: number, align: string, fill: string): string {
  const missing = width - lengthOf(rt, text);
  if (missing <= 0) return text;
  rt.text(width);
  if (align === "<") return text + fill.repeat(missing);
  if (align !== "^") return fill.repeat(missing) + text;
  const before = Math.floor(missing / 2);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

const PREFIXES: { readonly [type: string]: string } = { x: "0x", X: "0X", o: "0o", b: "0b" };
const RADIX: { readonly [type: string]: number } = { x: 16, X: 16, o: 8, b: 2 };

function digitsOf(value: Value, size: number, format: NumberFormat): string {
  const { type, precision, alternate } = format;
  if (!Number.isFinite(size))
    return /[A-Z]/.test(type) ? numberText(size).toUpperCase() : numberText(size);
  switch (type) {
    case "d":
    case "x":
    case "X":
    case "o":
    case "b":
      return wholeDigits(value, size, format);
    case "c":
      return String.fromCodePoint(size);
    case "e":
    case "E":
      return caseOf(type, exponential(size, precision ?? 6));
    case "f":
    case "F":
      return fixed(size, precision ?? 6);
    case "%":
      return `${fixed(size * 100, precision ?? 6)}%`;
    case "n":
      return isFloat(value)
        ? general(size, precision ?? 6, alternate, 0)
        : wholeDigits(value, size, format);
    case "g":
    case "G":
      return caseOf(type, general(size, precision ?? 6, alternate, 0));
    default:
      if (precision === undefined) return numberText(value).replace(/^-/, "");
      return general(size, precision, alternate, isFloat(value) ? 1 : 0);
  }
}

function wholeDigits(value: Value, size: number, format: NumberFormat): string {
  if (isFloat(value) && !format.truncates) {
    const message = `\`${format.type}\` formats integers, found a float. Use \`| int\` or \`f\`.`;
    throw new Fault("type", message);
  }
  const digits = BigInt(Math.floor(size)).toString(RADIX[format.type] ?? 10);
  return caseOf(format.type, digits);
}

function caseOf(type: string, text: string): string {
  return type === type.toUpperCase() ? text.toUpperCase() : text;
}

function fixed(size: number, precision: number): string {
  if (size >= 1e21) {
    return BigInt(size).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
  }
  return roundHalfEven(size, precision).toFixed(precision);
}

function exponential(size: number, precision: number): string {
  return size.toExponential(precision).replace(/e([-+])(\d)$/, "e$10$2");
}

function general(size: number, precision: number, alternate: boolean, keep: 0 | 1): string {
  const digits = Math.max(1, precision);
  const exponent = size === 0 ? 0 : Number(size.toExponential(digits - 1).split("e")[1]);
  const scientific = exponent < -4 || exponent >= digits - keep + (keep === 1 ? 0 : 0);
  const text = scientific ? exponential(size, digits - 1) : fixed(size, digits - 1 - exponent);
  if (alternate || !text.includes(".")) {
    return keep === 1 && !scientific && !text.includes(".") ? `${text}.0` : text;
  }
  const trimmed = text.replace(/\.?0+($|e)/, "$1");
  return keep === 1 && !scientific && !trimmed.includes(".") ? `${trimmed}.0` : trimmed;
}

function group(digits: string, separator: string): string {
  const [whole = "", ...rest] = digits.split(/(?=[.e%])/);
  return whole.replace(/\B(?=(\d{3})+$)/g, separator) + rest.join("");
}
