/** Methods of dates and durations, as Python's datetime, date and timedelta have them. */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import { textOr } from "../values/coerce.ts";
import { formatDate, isoFormat, timeOfDay, weekday } from "../values/moment.ts";
import { float } from "../values/number.ts";
import { Duration, kindOf, Moment, type Value } from "../values/value.ts";

const DAY = 86_400_000;

export const DATE_METHODS: readonly Definition[] = [
  define("date", "The day, without the time.", (_rt, input) => {
    const { at } = momentOf(input);
    return new Moment(Math.floor(at / DAY) * DAY, true);
  }),
  define("isoformat", "`2026-01-02T03:04:05+00:00`; a day as `2026-01-02`.", (_rt, input) =>
    isoFormat(momentOf(input)),
  ),
  define(
    "isoweekday",
    "The day of the week, Monday is 1.",
    (_rt, input) => weekday(momentOf(input)) + 1,
  ),
  define("strftime(format)", "Written by a format: `%Y-%m-%d %H:%M`.", (rt, input, [format]) => {
    const pattern = textOr(format, "", "The format");
    rt.text(10 * pattern.length);
    rt.work(pattern.length);
    return formatDate(momentOf(input), pattern);
  }),
  define("time", "The time of the day as text: `03:04:05`.", (_rt, input) =>
    timeOfDay(momentOf(input)),
  ),
  define("timestamp", "Seconds since 1970 UTC.", (_rt, input) => float(momentOf(input).at / 1000)),
  define("weekday", "The day of the week, Monday is 0.", (_rt, input) => weekday(momentOf(input))),
];

export const DURATION_METHODS: readonly Definition[] = [
  define("total_seconds", "The whole length in seconds.", (_rt, input) => {
    if (input instanceof Duration) return float(input.length / 1000);
    throw new Fault("type", `Expected a duration, found ${kindOf(input)}.`);
  }),
];

function momentOf(value: Value): Moment {
  if (value instanceof Moment) return value;
  throw new Fault("type", `Expected a date, found ${kindOf(value)}.`);
}
