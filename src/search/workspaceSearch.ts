/**
 * Answers a question from a workspace's own files: the lines that say most about it, with file and line.
 * A port file: the offline agent and the built-in tools import it. Owns the bounds and the pace of one search;
 * keeps no index, so that it never answers from a file that has changed. Must not know who asks.
 */
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { createSlices } from "../engine/slices.ts";
import { type Probe, probeFor, scan } from "./candidates.ts";
import { promiseOf, type RankedFile, type RankedLine, rankFile, rarities } from "./ranking.ts";
import { queryTerms } from "./terms.ts";
import { MAX_TEXT_BYTES, readText, type WorkspaceFile, walkWorkspace } from "./workspaceFiles.ts";

export interface SearchRequest {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** A question or some words; its filler words do not count. */
  readonly query: string;
  /** At most this many hits (1 to 100). */
  readonly maxResults: number;
  readonly signal?: AbortSignal;
}

export interface SearchHit {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** From one. */
  readonly line: number;
  /** The line, trimmed, at most 400 characters. */
  readonly text: string;
  /** 0 to 1: the share of the question's weight that the line carries. Below 0.3 it hardly speaks of the question. */
  readonly score: number;
  /** The question's words that the line says or answers. */
  readonly matched: readonly string[];
  /** Up to two lines before and after, as they stand. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface SearchResult {
  /** Best first; at most three of one file. */
  readonly hits: readonly SearchHit[];
  /** The words that were searched for. */
  readonly words: readonly string[];
  readonly filesSearched: number;
  /** True when a bound ended the search before every file was seen. */
  readonly truncated: boolean;
}

/**
 * Searches the workspace. Reads files a few at a time and yields every few milliseconds.
 * An empty or missing folder gives no hits. Throws the signal's reason when aborted, nothing else.
 */
export async function searchWorkspace(request: SearchRequest): Promise<SearchResult> {
  const terms = queryTerms(request.query);
  const asked = terms.map((term) => term.word);
  const probe = probeFor(terms);
  if (probe === undefined) return { hits: [], words: asked, filesSearched: 0, truncated: false };
  const gathered = await gather(request, probe);
  const rarity = rarities(gathered.lineCounts, gathered.lineTotal);
  const hits = await bestHits({ request, probe, rarity, files: gathered.files });
  return { hits, words: asked, filesSearched: gathered.searched, truncated: gathered.truncated };
}

const MAX_FILES = 20_000;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
const READS_AT_ONCE = 4;
const FILES_RANKED = 160;
const HITS_PER_FILE = 3;
const MAX_TEXT = 400;
const CONTEXT_LINES = 2;

interface Gathered {
  readonly files: RankedFile[];
  readonly lineCounts: number[];
  lineTotal: number;
  searched: number;
  bytes: number;
  truncated: boolean;
}

async function gather(request: SearchRequest, probe: Probe): Promise<Gathered> {
  const { root, signal } = request;
  const gathered: Gathered = {
    files: [],
    lineCounts: probe.terms.map(() => 0),
    lineTotal: 0,
    searched: 0,
    bytes: 0,
    truncated: false,
  };
  const walk = walkWorkspace(signal === undefined ? { root } : { root, signal });
  const pace = pacer(signal);
  const next = takeInTurn(walk);
  const readOn = async () => {
    for (let file = await next(); file !== undefined; file = await next()) {
      if (isGenerated(file.path) || file.bytes > MAX_TEXT_BYTES) continue;
      gathered.bytes += file.bytes;
      if (gathered.searched >= MAX_FILES || gathered.bytes > MAX_TOTAL_BYTES) {
        gathered.truncated = true;
        return;
      }
      const text = await readText(join(root, file.path), file.bytes);
      if (text === undefined) continue;
      take(file.path, text, probe, gathered);
      await pace();
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, readOn));
  return gathered;
}

function take(path: string, text: string, probe: Probe, gathered: Gathered): void {
  gathered.searched++;
  const found = scan(text, probe);
  /** A file without a match is not split; its lines are reckoned at 32 characters, which is enough for rarity. */
  gathered.lineTotal += found?.lines.length ?? Math.ceil(text.length / 32);
  if (found === undefined) return;
  for (const [index, count] of found.lineCounts.entries()) {
    gathered.lineCounts[index] = (gathered.lineCounts[index] ?? 0) + count;
  }
  if (found.candidates.length > 0) {
    gathered.files.push({ path, lines: found.lines, candidates: found.candidates });
  }
}

interface Ranking {
  readonly request: SearchRequest;
  readonly probe: Probe;
  readonly rarity: readonly number[];
  readonly files: readonly RankedFile[];
}

async function bestHits({ request, probe, rarity, files }: Ranking): Promise<readonly SearchHit[]> {
  const wanted = Math.max(1, Math.min(100, Math.floor(request.maxResults)));
  const pace = pacer(request.signal);
  const best: { readonly ranked: RankedLine; readonly file: RankedFile }[] = [];
  for (const file of mostPromising(files, rarity)) {
    for (const ranked of rankFile(file, probe, rarity).slice(0, HITS_PER_FILE))
      best.push({ ranked, file });
    await pace();
  }
  cutTo(best, wanted);
  return best.map(({ ranked, file }) => hitOf(ranked, file.lines));
}

function mostPromising(
  files: readonly RankedFile[],
  rarity: readonly number[],
): readonly RankedFile[] {
  if (files.length <= FILES_RANKED) return files;
  return files
    .map((file) => ({ file, promise: promiseOf(file, rarity) }))
    .sort((a, b) => b.promise - a.promise)
    .slice(0, FILES_RANKED)
    .map(({ file }) => file);
}

function cutTo(best: { readonly ranked: RankedLine }[], wanted: number): void {
  best.sort(
    ({ ranked: a }, { ranked: b }) =>
      b.score - a.score || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line),
  );
  best.length = Math.min(best.length, wanted);
}

function hitOf(ranked: RankedLine, lines: readonly string[]): SearchHit {
  const { path, line, score, matched } = ranked;
  const whole = (lines[line] ?? "").trim();
  const text = whole.length > MAX_TEXT ? `${whole.slice(0, MAX_TEXT - 1)}…` : whole;
  const shown = (from: number, to: number) =>
    lines.slice(from, to).map((one) => one.slice(0, MAX_TEXT));
  return {
    path,
    line: line + 1,
    text,
    score,
    matched,
    before: shown(Math.max(0, line - CONTEXT_LINES), line),
    after: shown(line + 1, line + 1 + CONTEXT_LINES),
  };
}

/** Lock files, bundles and minified files: nobody wrote them. */
function isGenerated(path: string): boolean {
  return /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum|[^/]*\.lock|[^/]*\.min\.\w+|[^/]*\.map)$/.test(
    path,
  );
}

/** Several readers share one walk; the walk itself is asked one at a time. */
function takeInTurn(walk: AsyncGenerator<WorkspaceFile>): () => Promise<WorkspaceFile | undefined> {
  return async () => {
    const { done, value } = await walk.next();
    return done === true ? undefined : value;
  };
}

function pacer(signal: AbortSignal | undefined): () => Promise<void> {
  const inSlices = createSlices({ now: () => performance.now(), turn });
  return async () => {
    await inSlices();
    signal?.throwIfAborted();
  };
}
