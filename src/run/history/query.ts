/**
 * A question over the runs of a folder as a person types it: `status:failed since:7d agent:claude "rate limit"`.
 * Owns its notation and its words for what is wrong with one; must not know where runs are kept.
 */
import { closest } from "../../workflow/closest.ts";
import { type ReadTime, readAmount, readSpan, readTime } from "./queryTime.ts";

export type Compare = "<" | "<=" | ">" | ">=" | "=";

/** Words of `status:`: those that lists show, and two that gather several. `waiting`: for a person, a signal or a time. */
export const STATUS_WORDS = [
  ...["running", "waiting", "paused", "interrupted"],
  ...["done", "failed", "rejected", "cancelled"],
  ...["unfinished", "finished"],
] as const;

/** Fields whose value is looked for; of several, one is enough. */
export type TextField = "text" | "workflow" | "agent" | "by" | "failure" | "run" | "status";

/** Fields that are measured: tokens, US dollars, ms from start to end. */
export type NumberField = "tokens" | "cost" | "took";

export type Condition = { readonly not: boolean } & (
  | { readonly field: TextField; readonly any: readonly string[] }
  | { readonly field: NumberField; readonly compare: Compare; readonly value: number }
  /** Started at or after, or before, a time in ms since the epoch. */
  | { readonly field: "since" | "until"; readonly at: number }
);

/** Every condition must hold. */
export type RunQuery = readonly Condition[];

export type ParsedQuery =
  | { readonly ok: true; readonly query: RunQuery }
  | { readonly ok: false; readonly message: string };

const HANG_ON_DRIVER: ReadonlySet<string> = new Set(["running", "waiting", "interrupted"]);

/** True for a question that hangs on who drives a run now, which no journal tells. */
export function asksWhoDrives(query: RunQuery): boolean {
  return query.some(
    (condition) =>
      condition.field === "status" && condition.any.some((word) => HANG_ON_DRIVER.has(word)),
  );
}

/** Each field with what it takes; the help and docs/cli.md print this table. */
export const QUERY_FIELDS: readonly (readonly [field: string, meaning: string])[] = [
  ["status:WORD", `one of ${STATUS_WORDS.join(", ")}`],
  ["workflow:TEXT", "the workflow's name contains TEXT"],
  ["agent:NAME", "that agent did something in it"],
  ["by:NAME", "who started it"],
  ["failure:CODE", "why it failed: timeout, gate_failed, ..."],
  ["run:TEXT", "the run's id contains TEXT"],
  [
    "since:WHEN",
    "started then or later: a span back from now (12h, 7d), today, yesterday, a date (UTC)",
  ],
  ["until:WHEN", "started before"],
  ["took:>10m", "how long it took, with <, <=, > or >="],
  ["tokens:>1000", "tokens used"],
  ["cost:>0.5", "US dollars spent"],
];

const FIELD_NAMES = QUERY_FIELDS.map(([example]) => example.split(":")[0] ?? "");

/** Reads a query. `now` in ms since the epoch: what `7d` counts back from. */
export function parseQuery(text: string, now: number): ParsedQuery {
  const query: Condition[] = [];
  for (const token of tokensOf(text)) {
    const read = condition(token, now);
    if (typeof read === "string") return { ok: false, message: read };
    query.push(read);
  }
  return { ok: true, query };
}

interface Token {
  readonly not: boolean;
  /** Absent for a plain word. */
  readonly field?: string;
  readonly value: string;
  readonly quoted: boolean;
}

/** `-field:value`, `field:"a value"`, `"a phrase"` or a word. An open quote goes to the end. */
const TOKEN = /(-)?(?:([A-Za-z_]+):(?:"([^"]*)"?|([^\s"]*))|"([^"]*)"?|([^\s"]+))/g;

function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(TOKEN)].map(([, minus, field, quoted, plain, phrase, word]) => ({
    not: minus !== undefined,
    value: quoted ?? plain ?? phrase ?? word ?? "",
    quoted: quoted !== undefined || phrase !== undefined,
    ...(field === undefined ? {} : { field: field.toLowerCase() }),
  }));
}

/** The condition, or what is wrong with it. */
function condition(token: Token, now: number): Condition | string {
  const { not, field, value, quoted } = token;
  if (field === undefined) return { not, field: "text", any: [value.toLowerCase()] };
  const any = quoted ? [value] : value.split(",").filter((part) => part !== "");
  if (value === "" || any.length === 0) {
    return isField(field) ? `${field}: needs a value. ${usage(field)}` : unknown(field, value);
  }
  switch (field) {
    case "status":
      return status(not, any);
    case "workflow":
    case "by":
    case "run":
      return { not, field, any: any.map((part) => part.toLowerCase()) };
    case "failure":
      return { not, field, any };
    case "agent":
      return { not, field, any: any.map((name) => (name.startsWith("@") ? name : `@${name}`)) };
    case "since":
    case "until": {
      const at = readTime(value, now);
      return at.ok ? { not, field, at: at.value } : at.message;
    }
    case "took":
    case "tokens":
    case "cost":
      return measured(not, field, value);
    default:
      return unknown(field, value);
  }
}

function status(not: boolean, any: readonly string[]): Condition | string {
  const words = any.map((word) => word.toLowerCase());
  const wrong = words.find((word) => !STATUS_WORDS.some((known) => known === word));
  if (wrong === undefined) return { not, field: "status", any: words };
  const meant = closest(wrong, STATUS_WORDS);
  const guess = meant === undefined ? "" : ` Did you mean ${meant}?`;
  return `There is no status ${wrong}.${guess} ${usage("status")}`;
}

function measured(not: boolean, field: NumberField, text: string): Condition | string {
  const [, sign = "=", amount = ""] = /^(<=|>=|<|>|=)?\s*(.+)$/.exec(text) ?? [];
  const read: ReadTime =
    field === "took" ? readSpan(amount) : readAmount(amount.replace(/^\$/, ""));
  if (!read.ok) return `${field}:${text} is not understood. ${usage(field)}`;
  return { not, field, compare: compareOf(sign), value: read.value };
}

function compareOf(sign: string): Compare {
  return sign === "<" || sign === "<=" || sign === ">" || sign === ">=" ? sign : "=";
}

function isField(field: string): boolean {
  return FIELD_NAMES.includes(field);
}

function unknown(field: string, value: string): string {
  const names = FIELD_NAMES;
  const meant = closest(field, names);
  const guess = meant === undefined ? "" : ` Did you mean ${meant}:?`;
  return (
    `There is no field ${field}:.${guess} The fields are ${names.join(", ")}. ` +
    `To look for the text itself, quote it: "${field}:${value}".`
  );
}

function usage(field: string): string {
  const found = QUERY_FIELDS.find(([example]) => example.startsWith(`${field}:`));
  return found ? `Write ${found[0]}: ${found[1]}.` : "";
}
