/**
 * What a search came to, in words.
 * Owns the shapes of results that are understood and the text made of them; every result keeps its source.
 */
import { field, isDict, isList, type Value } from "../values/value.ts";
import { shorten } from "./points.ts";

export interface Finding {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

export interface Findings {
  readonly query: string;
  readonly results: readonly Finding[];
  readonly sources: readonly string[];
  /** What a tool said in prose instead of results. */
  readonly prose: string;
}

const NOTHING: Findings = { query: "", results: [], sources: [], prose: "" };

/**
 * Reads `{query, results: [{title, url, snippet}], sources}`, a bare list of results, a tool's `{content: [{text}]}`
 * (also with such JSON as its text), or prose.
 */
export function readFindings(value: Value, textOf: (value: Value) => string): Findings {
  if (isList(value)) return readResults(value, textOf);
  if (!isDict(value)) return { ...NOTHING, prose: textOf(value).trim() };
  const query = textOf(field(value, "query"));
  const results = field(value, "results");
  const content = field(value, "content");
  if (!isList(results) && isList(content)) return { ...readContent(content, textOf), query };
  const read = readResults(isList(results) ? results : [], textOf);
  const sources = field(value, "sources");
  const named = isList(sources) ? sources.map((source) => sourceOf(source, textOf)) : [];
  return { ...read, query, sources: unique([...read.sources, ...named]) };
}

/** The findings as Markdown; says plainly when there are none. */
export function writeFindings({ query, results, sources, prose }: Findings): string {
  const about = query === "" ? "" : ` for "${query}"`;
  if (results.length === 0 && prose === "") {
    return `No results were found${about}. Nothing can be concluded from this search: try other words or another source.`;
  }
  const count = results.length === 1 ? "1 result" : `${results.length} results`;
  const parts = [results.length > 0 ? `Findings${about} (${count}):` : `Findings${about}:`];
  if (prose !== "") parts.push(prose);
  if (results.length > 0) parts.push(results.map(writeResult).join("\n"));
  const terms = recurringTerms(results);
  if (terms.length > 0) parts.push(`Named by more than one result: ${terms.join(", ")}.`);
  if (sources.length > 0) parts.push(["Sources:", ...sources.map((url) => `- ${url}`)].join("\n"));
  return parts.join("\n\n");
}

function readResults(items: readonly Value[], textOf: (value: Value) => string): Findings {
  const seen = new Set<string>();
  const results = items
    .map((item) => readResult(item, textOf))
    .filter((result) => {
      const key = result.url === "" ? `${result.title}\n${result.snippet}` : result.url;
      if (key.trim() === "" || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  return { ...NOTHING, results, sources: unique(results.map((result) => result.url)) };
}

function readResult(item: Value, textOf: (value: Value) => string): Finding {
  if (!isDict(item)) return { title: "", url: "", snippet: textOf(item).trim() };
  const first = (...names: string[]) => {
    const name = names.find((each) => Object.hasOwn(item, each));
    return name === undefined ? "" : textOf(item[name]).replace(/\s+/g, " ").trim();
  };
  return {
    title: first("title", "name"),
    url: first("url", "link", "href"),
    snippet: first("snippet", "summary", "description", "text", "content"),
  };
}

function readContent(content: readonly Value[], textOf: (value: Value) => string): Findings {
  const texts = content.map((part) => (isDict(part) ? textOf(field(part, "text")) : textOf(part)));
  const prose = texts.join("\n\n").trim();
  if (!/^[[{]/.test(prose)) return { ...NOTHING, prose };
  try {
    const parsed: Value = JSON.parse(prose);
    if (!isDict(parsed) || !Object.hasOwn(parsed, "content")) return readFindings(parsed, textOf);
  } catch {
    // Not JSON after all: what the tool said is shown as it is.
  }
  return { ...NOTHING, prose };
}

function sourceOf(source: Value, textOf: (value: Value) => string): string {
  return isDict(source) ? readResult(source, textOf).url : textOf(source).trim();
}

function unique(urls: readonly string[]): readonly string[] {
  return [...new Set(urls)].filter((url) => url !== "");
}

function writeResult({ title, url, snippet }: Finding, index: number): string {
  const head = title === "" ? "" : `**${title}**`;
  const text = shorten(snippet, 400);
  const said = [head, text].filter((part) => part !== "").join(": ");
  return `${index + 1}. ${said === "" ? "Untitled" : said} (${url === "" ? "no source given" : url})`;
}

const COMMON: ReadonlySet<string> = new Set(
  (
    "about after also been before being between both could does each from have here into just like made make many " +
    "more most much only other over should some such than that their them then there these they this those through " +
    "under very were what when where which while will with would your http https www"
  ).split(" "),
);

/** Up to six words that at least two results use, the most shared first. */
function recurringTerms(results: readonly Finding[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { title, snippet } of results) {
    const words = `${title} ${snippet}`.toLowerCase().match(/\p{L}[\p{L}\p{N}-]{3,30}/gu) ?? [];
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .filter(([word, count]) => count > 1 && !COMMON.has(word))
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, 6)
    .map(([word]) => word);
}
