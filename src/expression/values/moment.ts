/**
 * Dates and durations, always in UTC: how they are written, and what they come to.
 * Owns the calendar's formats; reads no clock.
 */
import { Fault } from "../error.ts";
import { Duration, Moment, type Value } from "./value.ts";

const DAY = 86_400_000;
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** How a date leaves an expression: `2026-01-02T03:04:05.678Z`, a day as `2026-01-02`. */
export function dateText(value: Moment): string {
  const text = new Date(value.at).toISOString();
  return value.dayOnly ? text.slice(0, 10) : text;
}

/** Python's `isoformat()` of a UTC time: `2026-01-02T03:04:05.678000+00:00`, no fraction when it is zero. */
export function isoFormat(value: Moment): string {
  return value.dayOnly
    ? dateText(value)
    : `${dateText(value).slice(0, 10)}T${timeOfDay(value)}+00:00`;
}

/** `03:04:05` or `03:04:05.678000`. */
export function timeOfDay(value: Moment): string {
  const text = new Date(value.at).toISOString();
  const fraction = text.slice(20, 23);
  return text.slice(11, 19) + (fraction === "000" ? "" : `.${fraction}000`);
}

/** Python's text of a timedelta: `1 day, 2:03:04`, `-1 day, 23:00:00`, `0:00:05.500000`. */
export function durationText(value: Duration): string {
  const days = Math.floor(value.length / DAY);
  const rest = value.length - days * DAY;
  const seconds = Math.floor(rest / 1000);
  const clock = [Math.floor(seconds / 60) % 60, seconds % 60].map((n) =>
    String(n).padStart(2, "0"),
  );
  const micro = Math.round((rest - seconds * 1000) * 1000);
  const fraction = micro === 0 ? "" : `.${String(micro).padStart(6, "0")}`;
  const prefix = days === 0 ? "" : `${days} day${Math.abs(days) === 1 ? "" : "s"}, `;
  return `${prefix}${Math.floor(seconds / 3600)}:${clock.join(":")}${fraction}`;
}

/** A date `length` milliseconds later; an error outside the years that can be written. */
export function shift(value: Moment, length: number): Moment {
  const at = value.dayOnly ? value.at + Math.floor(length / DAY) * DAY : value.at + length;
  if (!(Math.abs(at) <= 8.64e15) || at < -62_135_596_800_000 || at > 253_402_300_799_999) {
    throw new Fault("value", "The date is outside the years 1 to 9999.");
  }
  return new Moment(at, value.dayOnly);
}

/** `+` and `-` where a date or a duration takes part; undefined when they do not fit together. */
export function calculateTime(operator: string, left: Value, right: Value): Value {
  const sign = operator === "-" ? -1 : 1;
  if (operator !== "+" && operator !== "-") return undefined;
  if (left instanceof Moment && right instanceof Duration) return shift(left, sign * right.length);
  if (left instanceof Duration && right instanceof Duration) {
    return new Duration(left.length + sign * right.length);
  }
  if (left instanceof Duration && right instanceof Moment && sign === 1) {
    return shift(right, left.length);
  }
  if (left instanceof Moment && right instanceof Moment && sign === -1) {
    return left.dayOnly === right.dayOnly ? new Duration(left.at - right.at) : undefined;
  }
  return undefined;
}

/** Fields that Python's datetime and timedelta have; undefined for any other name. */
export function timeField(value: Moment | Duration, name: string): Value {
  if (value instanceof Duration) return durationField(value, name);
  const date = new Date(value.at);
  switch (name) {
    case "year":
      return date.getUTCFullYear();
    case "month":
      return date.getUTCMonth() + 1;
    case "day":
      return date.getUTCDate();
    default:
      return value.dayOnly ? undefined : clockField(date, name);
  }
}

function clockField(date: Date, name: string): Value {
  switch (name) {
    case "hour":
      return date.getUTCHours();
    case "minute":
      return date.getUTCMinutes();
    case "second":
      return date.getUTCSeconds();
    case "microsecond":
      return date.getUTCMilliseconds() * 1000;
    default:
      return undefined;
  }
}

function durationField(value: Duration, name: string): Value {
  const days = Math.floor(value.length / DAY);
  const rest = value.length - days * DAY;
  switch (name) {
    case "days":
      return days;
    case "seconds":
      return Math.floor(rest / 1000);
    case "microseconds":
      return Math.round((rest % 1000) * 1000);
    default:
      return undefined;
  }
}

/** Monday is 0. */
export function weekday(value: Moment): number {
  return (new Date(value.at).getUTCDay() + 6) % 7;
}

/** C's strftime in English; an unknown letter is an error. */
export function formatDate(value: Moment, format: string): string {
  return format.replace(/%([-]?)([\s\S]?)/g, (whole, unpadded: string, letter: string) => {
    const text = directive(value, letter);
    if (text === undefined) {
      throw new Fault(
        "value",
        `\`${whole}\` is not a directive of strftime. Write \`%%\` for a percent sign.`,
      );
    }
    return unpadded === "" ? text : text.replace(/^0+(?=\d)/, "");
  });
}

function directive(value: Moment, letter: string): string | undefined {
  const date = new Date(value.at);
  const two = (n: number) => String(n).padStart(2, "0");
  const hour = date.getUTCHours();
  const day = DAYS[date.getUTCDay()] ?? "";
  const month = MONTHS[date.getUTCMonth()] ?? "";
  const table: { readonly [letter: string]: () => string } = {
    Y: () => String(date.getUTCFullYear()).padStart(4, "0"),
    y: () => two(date.getUTCFullYear() % 100),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    H: () => two(hour),
    I: () => two(hour % 12 === 0 ? 12 : hour % 12),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    f: () => `${String(date.getUTCMilliseconds()).padStart(3, "0")}000`,
    p: () => (hour < 12 ? "AM" : "PM"),
    A: () => day,
    a: () => day.slice(0, 3),
    B: () => month,
    b: () => month.slice(0, 3),
    j: () => String(dayOfYear(date)).padStart(3, "0"),
    u: () => String(weekday(value) + 1),
    w: () => String(date.getUTCDay()),
    U: () => two(Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7)),
    W: () => two(Math.floor((dayOfYear(date) + 6 - weekday(value)) / 7)),
    z: () => (value.dayOnly ? "" : "+0000"),
    Z: () => (value.dayOnly ? "" : "UTC"),
    F: () => dateText(value).slice(0, 10),
    T: () => dateText(new Moment(value.at)).slice(11, 19),
    "%": () => "%",
  };
  return Object.hasOwn(table, letter) ? table[letter]?.() : undefined;
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1;
}
