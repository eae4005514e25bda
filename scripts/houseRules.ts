/**
 * The rules of the house that a linter has no word for: sizes, names, leftovers. One rule, one function, one message that
 * says what to do. Imports are test/walls.test.ts's matter; style within a file is Biome's.
 */
import { basename, dirname, extname } from "node:path";

/** A file of the repository, `path` relative to its root with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const MAX_LINES = 400;
const MAX_FILES = 12;
const CODE = new Set([".ts", ".mts", ".js", ".mjs", ".cjs", ".css"]);
const CODE_ROOTS = /^(src|webview|test|bench|scripts)\//;
const VAGUE_WORDS = new Set(["util", "utils", "helper", "helpers", "types", "manager", "service"]);

/** Every breach of the house rules, as `path: what is wrong and what to do`, in the order of the files. */
export function breaches(files: readonly SourceFile[]): readonly string[] {
  return [...files.flatMap(fileBreaches), ...crowdedFolders(files)];
}

function fileBreaches(file: SourceFile): readonly string[] {
  const rules = isCode(file.path) ? [size, name, leftover, generatedCode, machine] : [machine];
  return rules.flatMap((rule) => rule(file) ?? []).map((text) => `${file.path}: ${text}`);
}

function isCode(path: string): boolean {
  return CODE_ROOTS.test(path) && CODE.has(extname(path));
}

function size({ text }: SourceFile): string | undefined {
  const lines = text.trimEnd().split("\n").length;
  return lines > MAX_LINES
    ? `${lines} lines, ${MAX_LINES} at most; a file is one idea: move the second one out`
    : undefined;
}

function name({ path }: SourceFile): string | undefined {
  const base = basename(path).split(".")[0] ?? "";
  const words = base.split(/(?=[A-Z])|[-_]/).map((word) => word.toLowerCase());
  const vague = base === "index" ? base : words.find((word) => VAGUE_WORDS.has(word));
  return vague ? `"${vague}" says nothing; name the file after its main export` : undefined;
}

function leftover({ text }: SourceFile): string | undefined {
  const line = lineOf(text, /(\/\/|\/\*|^\s*\*).*\b(TODO|FIXME|XXX)\b/m);
  return line ? `line ${line}: a note to ourselves; do it or open an issue` : undefined;
}

function generatedCode({ path, text }: SourceFile): string | undefined {
  const line = path.startsWith("src/") ? lineOf(text, /\beval\s*\(|\bnew\s+Function\b/) : undefined;
  return line ? `line ${line}: code made from text; interpret it instead` : undefined;
}

function machine({ path, text }: SourceFile): string | undefined {
  if (path === "package-lock.json" && text.includes('"resolved"')) {
    return "names a registry; install with omit-lockfile-registry-resolved=true";
  }
  if (path.endsWith(".npmrc") && /^\s*(@.*:)?registry\s*=/m.test(text)) {
    return "names a registry; that belongs in a person's own settings";
  }
  const line = lineOf(text, /(?<![\w.])\/wor[k]\/|\bregistry[.]npmjs\b/);
  return line ? `line ${line}: a path or host of one machine` : undefined;
}

function crowdedFolders(files: readonly SourceFile[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    if (path.startsWith("src/")) {
      counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count > MAX_FILES)
    .map(
      ([folder, count]) =>
        `${folder}: ${count} files, ${MAX_FILES} at most; group what belongs together`,
    );
}

/** The line, from 1, of the first match. */
function lineOf(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text);
  return found ? text.slice(0, found.index).split("\n").length : undefined;
}
