/**
 * Turns prose and code into comparable terms: identifiers split, inflections cut, filler words of a question dropped.
 * Owns the text rules only; must not know files, scores or who asks.
 */

/** One word of a question. `stem` is what is compared; `word` is how it was written (lower case). */
export interface QueryTerm {
  readonly word: string;
  readonly stem: string;
}

/** A long task description carries its subject early; later words would only blur the ranking. */
const MAX_TERMS = 24;

const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Nd}+|[\p{Lo}\p{Lm}\p{Lt}]+/gu;
/** The same for plain ASCII, where it is several times as fast. */
const ASCII_WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;
const ASCII_ONLY = /^[\x00-\x7f]*$/;
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]{3,}/u;

const FILLER: ReadonlySet<string> = new Set(
  `a about actually add all already also always am an and any are aren't around as at be because been before being
  between both but by can cannot come could current currently did do does doing done each either etc ever every exist
  existing exists find for from further get gets give given goes going had has have having he help here how however i
  if in into is it its itself just keep keeps kept know let like look made make makes many may me might more most much must my
  need needed needs no nor not now of off on once one only or other our out over own part please put same say see
  set shall she should so some such take tell than that the their them then there these they thing things this those
  through to today together too under until up us use used uses using very via want wants was way ways we were what
  whatever when where whether which while who whom whose why will with within without would yes yet you your`.split(
    /\s+/,
  ),
);

/** The words of a text in order, lower case: `maxRetries_perKey2` gives max, retries, per, key, 2. */
export function words(text: string): readonly string[] {
  if (ASCII_ONLY.test(text))
    return (text.match(ASCII_WORD) ?? []).map((part) => part.toLowerCase());
  const found: string[] = [];
  for (const [part] of text.matchAll(WORD)) {
    if (UNSPACED.test(part)) found.push(...pairs(part));
    else found.push(part.toLowerCase());
  }
  return found;
}

/** The terms a question is searched by: no filler, no repeats, at most 24. A question of filler only keeps its words. */
export function queryTerms(question: string): readonly QueryTerm[] {
  const all = words(question);
  const telling = all.filter((word) => !FILLER.has(word) && (word.length > 1 || word > "\u00ff"));
  const seen = new Map<string, QueryTerm>();
  for (const word of telling.length > 0 ? telling : all.filter((one) => one.length > 2)) {
    const cut = stem(word);
    if (!seen.has(cut)) seen.set(cut, { word, stem: cut });
    if (seen.size === MAX_TERMS) break;
  }
  return [...seen.values()];
}

/**
 * Cuts the common English endings so that limits, limiting, limited and limiter meet, as do validate and validation.
 * Light on purpose: a wrong merger costs more than a missed one. Words that are not plain ASCII stay as they are.
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  const singular = withoutPlural(word);
  return withoutFinalE(withoutEnding(singular));
}

function withoutPlural(word: string): string {
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

const ENDINGS = [
  "ations",
  "ation",
  "ating",
  "ated",
  "ator",
  "ate",
  "ment",
  "ings",
  "ing",
  "ers",
  "er",
  "ed",
];
const MIN_STEM: Readonly<Record<string, number>> = {
  ment: 5,
  er: 5,
  ers: 5,
  ate: 4,
  ator: 4,
  ating: 4,
  ated: 4,
};

function withoutEnding(word: string): string {
  for (const ending of ENDINGS) {
    if (!word.endsWith(ending) || word.endsWith("eed")) continue;
    const rest = word.slice(0, -ending.length);
    if (rest.length < (MIN_STEM[ending] ?? 3) || !/[aeiouy]/.test(rest)) continue;
    return /([bdgklmnprt])\1$/.test(rest) ? rest.slice(0, -1) : rest;
  }
  return word;
}

function withoutFinalE(word: string): string {
  return word.length > 3 && word.endsWith("e") ? word.slice(0, -1) : word;
}

/** Scripts without spaces are compared by pairs of characters. */
function pairs(text: string): readonly string[] {
  const characters = [...text];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
