/**
 * Texts that share a room: what is most about something stays as it is, the rest becomes extracts, and what there is no room
 * for is named. Pure; knows nothing of where the texts come from.
 */
import { extract } from "./extract.ts";
import { estimateTokens } from "./shorten.ts";
import { shareIn, termsOf } from "./words.ts";

export interface Part {
  readonly name: string;
  readonly text: string;
}

export interface FittedPart extends Part {
  /** Estimated, as it is now and as it was. */
  readonly tokens: number;
  readonly whole: number;
}

export interface Fitted {
  /** In the order in which they were given. */
  readonly parts: readonly FittedPart[];
  readonly tokens: number;
  readonly whole: number;
  /** Names of those that there was no room for. */
  readonly leftOut: readonly string[];
}

/** An extract of this share keeps every name that the text has, on all of the corpus. */
const ENOUGH = 0.4;
/** An extract of fewer tokens says nothing. */
const LEAST = 20;

/** Texts in at most so many tokens together; where all fit, all stay as they are. */
export function fitParts(parts: readonly Part[], tokens: number, about: string): Fitted {
  const wholes = parts.map(({ name, text }) => estimateTokens(name) + estimateTokens(text));
  const rooms = sum(wholes) <= tokens ? wholes : shareOut(parts, wholes, tokens, about);
  const fitted = parts.map(({ name, text }, at): FittedPart => {
    const [room, whole] = [rooms[at] ?? 0, wholes[at] ?? 0];
    const left = room - estimateTokens(name);
    const short = room >= whole ? text : left < LEAST ? "" : extract(text, left, about).text;
    return {
      name,
      text: short,
      tokens: short === "" ? 0 : estimateTokens(name) + estimateTokens(short),
      whole,
    };
  });
  return {
    parts: fitted.filter(({ text }) => text !== ""),
    tokens: sum(fitted.map((part) => part.tokens)),
    whole: sum(wholes),
    leftOut: fitted.flatMap(({ name, text }, at) =>
      text === "" && parts[at]?.text !== "" ? [name] : [],
    ),
  };
}

/** What each may have: first enough for an extract, then, the most relevant first, as much as the whole takes. */
function shareOut(
  parts: readonly Part[],
  wholes: readonly number[],
  tokens: number,
  about: string,
): readonly number[] {
  const terms = termsOf(about);
  const near = parts.map(({ name, text }) => shareIn(terms, `${name} ${text}`));
  const order = parts.map((_, at) => at).sort((a, b) => (near[b] ?? 0) - (near[a] ?? 0) || a - b);
  const enough = wholes.map((whole) =>
    Math.min(whole, Math.max(LEAST * 2, Math.floor(whole * ENOUGH))),
  );
  if (sum(enough) > tokens) return ration(enough, near, order, tokens);
  const rooms = [...enough];
  let left = Math.floor(tokens - sum(rooms));
  for (const at of order) {
    const missing = (wholes[at] ?? 0) - (rooms[at] ?? 0);
    if (missing > left) continue;
    rooms[at] = wholes[at] ?? 0;
    left -= missing;
  }
  return rooms;
}

/** Where there is not even enough: small texts stay, larger ones get fair shares, and so many at most that each says something. */
function ration(
  enough: readonly number[],
  near: readonly number[],
  order: readonly number[],
  tokens: number,
): readonly number[] {
  const weight = (at: number) => 0.25 + (near[at] ?? 0);
  const asked = (at: number) => (enough[at] ?? 0) / weight(at);
  const given = order.slice(0, Math.max(1, Math.floor(tokens / (LEAST * 2))));
  const rooms = enough.map(() => 0);
  let left = tokens;
  let weights = sum(given.map(weight));
  for (const at of [...given].sort((a, b) => asked(a) - asked(b))) {
    const room = Math.floor(Math.min(enough[at] ?? 0, (left * weight(at)) / weights));
    rooms[at] = room;
    left -= room;
    weights -= weight(at);
  }
  return rooms;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
