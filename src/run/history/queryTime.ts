/** Times, spans and numbers as people write them into a question: `7d`, `yesterday`, `2026-11-01`, `>10m`, `1k`. */

export type ReadTime =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string };

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
const UNITS: Readonly<Record<string, number>> = {
  ...{ ms: 1, s: SECOND, m: 60 * SECOND, h: 3600 * SECOND, d: DAY, w: 7 * DAY },
};
const SPAN = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/;
/** A day, or a minute or second of one, in UTC unless it says otherwise. */
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A point in time: a span before `now`, `today`, `yesterday`, or a date. In ms since the epoch. */
export function readTime(text: string, now: number): ReadTime {
  const word = text.toLowerCase();
  const midnight = now - (now % DAY);
  if (word === "now") return { ok: true, value: now };
  if (word === "today") return { ok: true, value: midnight };
  if (word === "yesterday") return { ok: true, value: midnight - DAY };
  const span = readSpan(word);
  if (span.ok) return { ok: true, value: now - span.value };
  const date = DATE.test(text) ? Date.parse(withZone(text)) : Number.NaN;
  if (!Number.isNaN(date)) return { ok: true, value: date };
  return {
    ok: false,
    message: `${text} is no time. Write a span (30m, 12h, 7d, 2w), today, yesterday, or a date such as 2026-11-01 or 2026-11-01T14:30.`,
  };
}

/** A length of time with its unit, in ms. */
export function readSpan(text: string): ReadTime {
  const [, amount, unit] = SPAN.exec(text.trim().toLowerCase()) ?? [];
  if (amount !== undefined && unit !== undefined)
    return { ok: true, value: Number(amount) * (UNITS[unit] ?? 1) };
  return {
    ok: false,
    message: `${text} is no length of time. Write a number with ms, s, m, h, d or w: 90d.`,
  };
}

/** A plain number; `k` and `m` multiply. */
export function readAmount(text: string): ReadTime {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([km]?)$/.exec(text.trim().toLowerCase()) ?? [];
  if (amount === undefined) return { ok: false, message: `${text} is no number.` };
  const times = unit === "k" ? 1000 : unit === "m" ? 1_000_000 : 1;
  return { ok: true, value: Number(amount) * times };
}

function withZone(text: string): string {
  if (!text.includes("T")) return `${text}T00:00:00Z`;
  return /(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
}
