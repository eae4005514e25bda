/**
 * Citations: a place in the workspace and the line that stands there.
 * Owns reading them out of text or JSON, checking them against the files, and how they are written.
 */
import { join, relative, resolve, sep } from "node:path";
import { holdsSecrets, readText } from "../../search/workspaceFiles.ts";
import { isList, isObject, type Json, type JsonObject } from "../../util/json.ts";

export interface Citation {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The line as it stands in the file, trimmed; empty when only the place is known. */
  readonly text: string;
  /** The question it was found for, when known. */
  readonly query?: string;
  /** How sure it is that the line answers, as the research says it. */
  readonly certainty?: string;
}

const PLACE =
  /(?<![\w:/.@-])((?:\.{0,2}\/)?(?:[\w@.+-]+\/)*[\w@+-][\w@.+-]*?\.[A-Za-z][\w-]{0,12}|(?:[\w@.+-]+\/)+[\w@.+-]+|(?:Dockerfile|Makefile|LICENSE|CODEOWNERS))(?::|#L|", line |, line )(\d{1,6})(?!\d)/g;
const MAX_QUOTE = 180;

/** `src/limits.ts:12` */
export function place(citation: Citation): string {
  return `${citation.path}:${citation.line}`;
}

/** `src/limits.ts:12` and the quoted line, for a list. */
export function cite(citation: Citation): string {
  const text = clip(citation.text);
  return text === "" ? `\`${place(citation)}\`` : `\`${place(citation)}\`: ${quoted(text)}`;
}

/** Every place named in a text, with what follows it, up to the next place, as a first guess at the quotation. */
export function citationsInText(text: string, query?: string): Citation[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const places = [...line.matchAll(PLACE)];
    return places.map((match, index) => ({
      path: (match[1] ?? "").replace(/^\.\//, ""),
      line: Number(match[2]),
      text: quoteAfter(line.slice(match.index + match[0].length, places[index + 1]?.index)),
      ...(query === undefined ? {} : { query }),
    }));
  });
}

/** Every place named anywhere in a JSON value: objects with path and line, and texts. */
export function citationsIn(value: Json | undefined, query?: string): Citation[] {
  if (typeof value === "string") return citationsInText(value, query);
  if (isList(value)) return value.flatMap((item) => citationsIn(item, query));
  if (!isObject(value)) return [];
  const asked = firstText(value, ["query", "question", "task", "topic"]) ?? query;
  const own = placed(value, asked);
  const inner = Object.values(value).flatMap((item) => citationsIn(item, asked));
  return own === undefined ? inner : [own, ...inner];
}

/** The first of each place, in order. Prefers one whose text is known. */
export function distinct(citations: readonly Citation[]): Citation[] {
  const found = new Map<string, Citation>();
  for (const citation of citations) {
    const earlier = found.get(place(citation));
    if (earlier === undefined || (earlier.text === "" && citation.text !== ""))
      found.set(place(citation), citation);
  }
  return [...found.values()];
}

/** What a check against the files says of a citation. */
export type Checked =
  | { readonly state: "true"; readonly citation: Citation }
  | { readonly state: "missing file" | "no such line"; readonly citation: Citation };

/** Looks each citation up. A true one carries the line as it stands in the file now. Reads nothing outside the workspace. */
export async function checkCitations(
  workspace: string,
  citations: readonly Citation[],
): Promise<Checked[]> {
  const files = new Map<string, readonly string[] | undefined>();
  const checked: Checked[] = [];
  for (const citation of citations) {
    if (!files.has(citation.path))
      files.set(citation.path, await linesOf(workspace, citation.path));
    const lines = files.get(citation.path);
    const text = lines?.[citation.line - 1];
    if (lines === undefined) checked.push({ state: "missing file", citation });
    else if (text === undefined) checked.push({ state: "no such line", citation });
    else checked.push({ state: "true", citation: { ...citation, text: text.trim() } });
  }
  return checked;
}

/** A file's lines, or undefined when it is not a readable text file inside the workspace. */
export async function linesOf(
  workspace: string,
  path: string,
): Promise<readonly string[] | undefined> {
  const absolute = resolve(workspace, path);
  const inside = relative(workspace, absolute);
  if (inside === "" || inside.startsWith("..") || resolve(inside) === inside) return undefined;
  if (holdsSecrets(inside.split(sep).at(-1) ?? "")) return undefined;
  return (await readText(join(workspace, inside)))?.split(/\r?\n/);
}

/** A quotation of at most 180 characters, on one line. */
export function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_QUOTE ? line : `${line.slice(0, MAX_QUOTE - 1)}\u2026`;
}

/** A line of code as inline code; one that holds backticks as a quotation. */
function quoted(text: string): string {
  return text.includes("`") ? `\u201c${text}\u201d` : `\`${text}\``;
}

function placed(value: JsonObject, query: string | undefined): Citation | undefined {
  const path = firstText(value, ["path", "file", "filename"]);
  const line = ["line", "line_number", "start_line"]
    .map((key) => value[key])
    .find((item) => typeof item === "number");
  const text =
    firstText(value, ["quote", "text", "snippet", "content", "finding", "summary"]) ?? "";
  const certainty = typeof value.certainty === "string" ? { certainty: value.certainty } : {};
  const asked = { ...(query === undefined ? {} : { query }), ...certainty };
  if (path !== undefined && typeof line === "number")
    return { path, line, text: clip(text), ...asked };
  const source = firstText(value, ["source", "url", "citation", "location", "title", "reference"]);
  const found =
    source === undefined
      ? undefined
      : citationsInText(source.replace(/^(?:file|workspace):\/*/, ""))[0];
  return found === undefined ? undefined : { ...found, text: clip(text), ...asked };
}

function firstText(value: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const found = value[key];
    if (typeof found === "string" && found !== "") return found;
  }
  return undefined;
}

function quoteAfter(rest: string): string {
  const cleaned = rest.replace(/^[`\])"*]*\s*(?::|\u2014|-|says|reads)?\s*/, "");
  return clip(cleaned.replace(/^[`"\u201c]+|[`"\u201d]+$/g, ""));
}
