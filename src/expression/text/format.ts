/**
 * Python's two ways to fill values into text: `"%05.1f" % x` and `"{:>8}".format(x)`.
 * Owns their grammar; numbers are written by formatNumber, everything else by the text form.
 */
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { isInteger, numberOf } from "../values/number.ts";
import { jsonText, textOf } from "../values/text.ts";
import { field, isDict, isList, kindOf, type Value } from "../values/value.ts";
import { lengthOf, partOf } from "./characters.ts";
import { formatNumber, type NumberFormat, pad } from "./formatNumber.ts";

type Named = readonly (readonly [string, Value])[];

/** `text % args`; a single object also serves `%(name)s`. */
export function formatPercent(
  rt: Runtime,
  text: string,
  args: readonly Value[],
  named: Named = [],
): string {
  rt.text(text.length);
  const [only] = args;
  const fields = args.length === 1 && isDict(only) ? only : Object.fromEntries(named);
  let used = 0;
  let byName = false;
  const take = (): Value => {
    if (used >= args.length) throw new Fault("value", "There are more `%` fields than values.");
    return args[used++];
  };
  const result = text.replace(
    PERCENT,
    (whole, name: string | undefined, flags: string, width: string, precision: string, type) => {
      if (type === "%") return "%";
      if (type === "") throw badField(whole);
      if (name !== undefined) byName = true;
      const columns = width === "*" ? wholeField(take()) : Number(width);
      const digits = precision === ".*" ? wholeField(take()) : precisionOf(precision);
      const value = name === undefined ? take() : field(fields, name);
      return percentField(rt, value, flags, columns, digits, type);
    },
  );
  if (!byName && used < args.length && named.length === 0 && !isDict(only) && !isList(only)) {
    throw new Fault("value", "There are more values than `%` fields.");
  }
  return result;
}

const PERCENT = /%(?:\(([^()]*)\))?([-+ #0]*)(\*|\d*)((?:\.(?:\*|\d*))?)([diouxXeEfFgGcrsa%]?)/g;

function badField(whole: string): Fault {
  const message = `\`${whole}\` is not a complete \`%\` field. Write \`%%\` for a percent sign.`;
  return new Fault("value", message);
}

function precisionOf(text: string): number | undefined {
  return text === "" ? undefined : Number(text.slice(1));
}

function wholeField(value: Value): number {
  if (isInteger(value)) return value;
  throw new Fault("type", `A \`*\` in a \`%\` field needs an integer, found ${kindOf(value)}.`);
}

function percentField(
  rt: Runtime,
  value: Value,
  flags: string,
  columns: number,
  precision: number | undefined,
  type: string,
): string {
  const left = flags.includes("-") || columns < 0;
  const width = Math.abs(columns);
  if ("rsac".includes(type)) {
    const text =
      type === "c"
        ? characterOf(rt, value)
        : type === "s"
          ? textOf(rt, value)
          : jsonText(rt, value);
    const cut = firstCharacters(rt, text, precision);
    rt.text(cut.length + 50);
    return pad(rt, cut, width, left ? "<" : ">", " ");
  }
  const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "-";
  const whole = "diu".includes(type);
  const format: NumberFormat = {
    type: whole ? "d" : type,
    sign,
    alternate: flags.includes("#"),
    grouping: "",
    precision: whole ? undefined : precision,
    width: flags.includes("0") && !left ? width : 0,
    truncates: whole,
  };
  return pad(rt, formatNumber(rt, value, format), width, left ? "<" : ">", " ");
}

function characterOf(rt: Runtime, value: Value): string {
  if (isInteger(value) && value >= 0 && value <= 0x10ffff) return String.fromCodePoint(value);
  if (typeof value === "string" && lengthOf(rt, value) === 1) return value;
  const message = `\`%c\` needs one character or its number, found ${kindOf(value)}.`;
  throw new Fault("type", message);
}

/** `text.format(args, named)`: `{}`, `{0}`, `{name}`, `{0.field}`, `{0[key]}`, `{:spec}`, `{!s}`. */
export function formatBraces(
  rt: Runtime,
  text: string,
  args: readonly Value[],
  named: Named,
): string {
  rt.text(text.length);
  let next = 0;
  const fields = Object.fromEntries(named);
  const argument = (path: string): Value => {
    const [head = "", ...rest] = path
      .split(/\.|\[|\]\.?/)
      .filter((part, at) => at === 0 || part !== "");
    const index = head === "" ? next++ : /^\d+$/.test(head) ? Number(head) : undefined;
    const known = index === undefined ? Object.hasOwn(fields, head) : index < args.length;
    if (!known) throw new Fault("value", `\`{${path}}\` has no value. Give it to \`format\`.`);
    const start = index === undefined ? fields[head] : args[index];
    return rest.reduce<Value>((value, part) => stepInto(value, part), start);
  };
  return text.replace(
    BRACES,
    (whole, path: string | undefined, conversion: string, spec?: string) => {
      if (whole === "{{" || whole === "}}") return whole.charAt(0);
      if (path === undefined) {
        throw new Fault("value", `A single \`${whole}\` in a format must be doubled.`);
      }
      const value = argument(path);
      const converted = conversion === "r" ? jsonText(rt, value) : value;
      const filled = spec?.replace(/\{([^{}]*)\}/g, (_, inner: string) =>
        textOf(rt, argument(inner)),
      );
      const part = formatSpec(rt, conversion === "s" ? textOf(rt, value) : converted, filled);
      rt.text(part.length + 50);
      return part;
    },
  );
}

const BRACES = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g;

function stepInto(value: Value, part: string): Value {
  if (isList(value)) return /^\d+$/.test(part) ? value[Number(part)] : undefined;
  return isDict(value) ? field(value, part) : undefined;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ]?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([bcdeEfFgGnosxX%]?)$/su;

function formatSpec(rt: Runtime, value: Value, spec: string | undefined): string {
  if (spec === undefined || spec === "") return textOf(rt, value);
  const found = SPEC.exec(spec);
  if (found === null) throw new Fault("value", `\`:${spec}\` is not a format Python knows.`);
  const [, fill, align, sign, alternate, zero, width = "", grouping = "", precision, type = ""] =
    found;
  const digits = precision === undefined ? undefined : Number(precision);
  const asText = typeof value === "boolean" && (type === "" || type === "s");
  if (asText || numberOf(value) === undefined) {
    const numeric = sign !== "" || alternate !== "" || grouping !== "" || align === "=";
    if (numeric || (type !== "" && type !== "s")) {
      throw new Fault("type", `\`:${spec}\` formats numbers, found ${kindOf(value)}.`);
    }
    const cut = firstCharacters(rt, textOf(rt, value), digits);
    return pad(rt, cut, Number(width), align ?? "<", fill ?? (zero ? "0" : " "));
  }
  if (type === "s") {
    const message = `\`:${spec}\` formats text, found ${kindOf(value)}. Leave the \`s\` out.`;
    throw new Fault("type", message);
  }
  const zeros = align === undefined ? zero === "0" : align === "=" && fill === "0";
  const format: NumberFormat = {
    type,
    sign: sign === "+" || sign === " " ? sign : "-",
    alternate: alternate === "#",
    grouping,
    precision: digits,
    width: zeros ? Number(width) : 0,
    truncates: false,
  };
  return pad(rt, formatNumber(rt, value, format), Number(width), align ?? ">", fill ?? " ");
}

function firstCharacters(rt: Runtime, text: string, count: number | undefined): string {
  return count === undefined ? text : partOf(rt, text, 0, count);
}
