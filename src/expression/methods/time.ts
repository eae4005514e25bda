/** Methods of dates and durations, as Python's datetime, date and timedelta have them. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { textOr } from "../values/coerce.ts";
import { formatDate, isoFormat, timeOfDay, weekday } from "../values/moment.ts";
import { float } from "../values/number.ts";
import { Duration, kindOf, Moment, type Value } from "../values/value.ts";

const DAY = 86_400_000;

export const DATE_METHODS: readonly Definition[] = [
  define("date", "The day, without the time.", (rt, input) => {
    const { at } = momentOf(rt, input);
    return new Moment(Math.floor(at / DAY) * DAY, true);
  }),
  define("isoformat", "`2026-01-02T03:04:05+00:00`; a day as `2026-01-02`.", (rt, input) =>
    isoFormat(momentOf(rt, input)),
  ),
  define(
    "isoweekday",
    "The day of the week, Monday is 1.",
    (rt, input) => weekday(momentOf(rt, input)) + 1,
  ),
  define("strftime(format)", "Written by a format: `%Y-%m-%d %H:%M`.", (rt, input, [format]) => {
    const pattern = textOr(format, "", "The format");
    rt.text(10 * pattern.length);
    rt.work(pattern.length);
    return formatDate(momentOf(rt, input), pattern);
  }),
  define("time", "The time of the day as text: `03:04:05`.", (rt, input) =>
    timeOfDay(momentOf(rt, input)),
  ),
  define("timestamp", "Seconds since 1970 UTC.", (rt, input) =>
    float(momentOf(rt, input).at / 1000),
  ),
  define("weekday", "The day of the week, Monday is 0.", (rt, input) =>
    weekday(momentOf(rt, input)),
  ),
];

export const DURATION_METHODS: readonly Definition[] = [
  define("total_seconds", "The whole length in seconds.", (_rt, input) => {
    if (input instanceof Duration) return float(input.length / 1000);
    throw new Fault("type", `Expected a duration, found ${kindOf(input)}.`);
  }),
];

/** A date; writing or taking one apart costs about a microsecond. */
function momentOf(rt: Runtime, value: Value): Moment {
  rt.work(10);
  if (value instanceof Moment) return value;
  throw new Fault("type", `Expected a date, found ${kindOf(value)}.`);
}
