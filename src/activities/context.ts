/**
 * Gathers what an agent is given beside its instructions: files of the workspace, values of the run, earlier attempts; and
 * makes it fit the agent's room. Owns the text that the agent reads. Reads files, changes nothing.
 */
import { stat } from "node:fs/promises";
import type { ActivityContext } from "../engine/activity.ts";
import { type Failure, failure } from "../run/failure.ts";
import type { AgentRequest, ContextRequest, ContextUse, Tried } from "../run/request.ts";
import { globMatcher } from "../search/glob.ts";
import { decodeText, MAX_TEXT_BYTES, readText, walkWorkspace } from "../search/workspaceFiles.ts";
import { readInside, resolveInside } from "../search/workspacePath.ts";
import { type Fitted, fitParts, type Part } from "../util/fitParts.ts";

/** Tokens, where neither the step nor the agent says. */
const ROOM = 8000;
/** Files of one context; what there is beyond is named in the transcript. */
const MOST_FILES = 200;
/** Parts that an event tells one by one. */
const MOST_TOLD = 50;

export interface Gathered {
  /** The instructions with all that was given. */
  readonly instructions: string;
  /** Absent when nothing was asked for. */
  readonly use?: ContextUse;
}

/** The instructions with their context. Fails when a file that is named is not there, and when what may not be made shorter does not fit. */
export async function withContext(
  request: AgentRequest,
  room: number | undefined,
  { workspace, signal, output }: Pick<ActivityContext, "workspace" | "signal" | "output">,
): Promise<Gathered | Failure> {
  const { instructions, context, tried = [] } = request;
  if (!context) return { instructions };
  const files = await readFiles(workspace, context.files, signal);
  if (!("parts" in files)) return files;
  for (const note of files.notes) output({ kind: "note", text: `context: ${note}` });
  const told =
    tried.length === 0 ? [] : [{ name: "earlier attempts", text: tried.map(line).join("\n") }];
  const parts = [...told, ...context.texts, ...files.parts];
  const tokens = context.tokens ?? room ?? ROOM;
  const fit = fitParts(parts, tokens, request.watch?.task ?? instructions);
  const fitted = { ...fit, leftOut: [...fit.leftOut, ...files.tooLarge.slice(0, MOST_TOLD)] };
  if (fitted.whole > tokens && !context.compress) return tooMuch(fitted.whole, tokens);
  const use = useOf(fitted);
  output({ kind: "note", text: useText(use) });
  return parts.length === 0 && fitted.leftOut.length === 0
    ? { instructions, use }
    : { instructions: `${instructions}\n\n${contextText(fitted)}`, use };
}

/** What became of a context, in one line. */
function useText({ tokens, whole, parts, left_out = [] }: ContextUse): string {
  const saved = whole === 0 ? 0 : Math.round(100 * (1 - tokens / whole));
  const short = parts.filter((part) => part.tokens < part.whole).length;
  const made =
    saved > 0 ? `, ${tokens} of them given (${saved} % saved, ${short} made shorter)` : "";
  const out = left_out.length === 0 ? "" : `; no room for ${left_out.join(", ")}`;
  return `context: ${parts.length} parts of about ${whole} tokens${made}${out}`;
}

function useOf({ parts, tokens, whole, leftOut }: Fitted): ContextUse {
  return {
    tokens,
    whole,
    parts: parts
      .slice(0, MOST_TOLD)
      .map((part) => ({ name: part.name, tokens: part.tokens, whole: part.whole })),
    ...(leftOut.length === 0 ? {} : { left_out: leftOut.slice(0, MOST_TOLD) }),
  };
}

function contextText({ parts, leftOut }: Fitted): string {
  const sections = parts.map(({ name, text, tokens, whole }) =>
    [
      `## ${name}${tokens < whole ? " (shortened; … is what was left out)" : ""}`,
      text.trimEnd(),
    ].join("\n"),
  );
  const out = leftOut.length === 0 ? [] : [`There was no room for: ${leftOut.join(", ")}.`];
  return ["# Context", ...sections, ...out].join("\n\n");
}

function line({ attempt, message, said }: Tried): string {
  return `Attempt ${attempt}: ${message}${said === undefined ? "" : `\nIt answered: ${said}`}`;
}

function tooMuch(whole: number, tokens: number): Failure {
  return failure(
    "limit_exceeded",
    `The context has about ${whole} tokens, and there is room for ${tokens}. Raise \`context.tokens\` or the agent's \`context_tokens\`, name fewer files, or let it be made shorter with \`compress: true\`.`,
  );
}

interface ReadFiles {
  readonly parts: readonly Part[];
  /** What a glob finds and is no text that anybody reads whole. */
  readonly tooLarge: readonly string[];
  readonly notes: readonly string[];
}

async function readFiles(
  root: string,
  asked: ContextRequest["files"],
  signal: AbortSignal,
): Promise<ReadFiles | Failure> {
  const parts = new Map<string, Part>();
  const globs: string[] = [];
  for (const one of asked.filter((glob) => !glob.startsWith("!"))) {
    const found = /[*?[{]/.test(one) ? { glob: one } : await readNamed(root, one);
    if ("code" in found) return found;
    if ("glob" in found) globs.push(found.glob);
    else parts.set(found.name, found);
  }
  if (globs.length === 0) return { parts: [...parts.values()], tooLarge: [], notes: [] };
  const without = asked.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1));
  const fits = matcherOf(globs, without);
  const tooLarge: string[] = [];
  let more = 0;
  for await (const { path, bytes } of walkWorkspace({ root, signal })) {
    if (parts.has(path) || !fits(path)) continue;
    if (bytes > MAX_TEXT_BYTES) tooLarge.push(path);
    else if (parts.size >= MOST_FILES) more += 1;
    else {
      const text = await readText(`${root}/${path}`, bytes);
      if (text !== undefined) parts.set(path, { name: path, text });
    }
  }
  const notes = [
    ...(more > 0 ? [`${more} more files match, ${MOST_FILES} are given. Name fewer.`] : []),
    ...(tooLarge.length > 0 ? [`larger than 1 MiB and not given: ${tooLarge.join(", ")}`] : []),
    ...(parts.size === 0 && tooLarge.length === 0 ? [`nothing matches ${globs.join(", ")}`] : []),
  ];
  return { parts: [...parts.values()], tooLarge, notes };
}

function matcherOf(globs: readonly string[], without: readonly string[]) {
  const [wanted, unwanted] = [globs.map(globMatcher), without.map(globMatcher)];
  return (path: string) =>
    wanted.some((matches) => matches(path)) && !unwanted.some((matches) => matches(path));
}

/** A file that is named by its path must be there. */
async function readNamed(
  root: string,
  path: string,
): Promise<Part | { readonly glob: string } | Failure> {
  const wrong = (why: string) =>
    failure("invalid_input", `\`context.files\` names ${path}: ${why}`);
  const found = await resolveInside(root, path);
  if (found.type === "refused") {
    const { message, missing } = found;
    if (!missing) return wrong(message);
    return wrong(`${message} Correct the path, or write a glob where the file may be missing.`);
  }
  try {
    const info = await stat(found.absolute);
    if (info.isDirectory()) return { glob: found.path === "" ? "**" : `${found.path}/**` };
    if (info.isFile() && info.size > MAX_TEXT_BYTES)
      return wrong(
        "It is larger than 1 MiB. Let a step before cut out what matters, and name that.",
      );
    const text = decodeText(await readInside(found));
    return text === undefined ? wrong("It is not text. Leave it out.") : { name: found.path, text };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return wrong(`It cannot be read (${why}). Leave it out, or make it readable.`);
  }
}
