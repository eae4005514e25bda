/**
 * Which files of a workspace a search or a listing may look at, and their text. A port file: siblings may import it.
 * Owns the rules of exclusion (.gitignore, dependencies, secrets, binaries, links); must not know what is searched for.
 */
import { constants, lstatSync, readFileSync, type Stats } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { readPlainFile } from "./plainFile.ts";

export interface WorkspaceFile {
  /** Relative to the root, with `/` on every platform. */
  readonly path: string;
  readonly bytes: number;
  /** When it was last changed, in milliseconds since 1970. */
  readonly modifiedMs: number;
}

export interface WalkRequest {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Start in this folder of the workspace, relative to the root, with `/`; the ignore rules above it still count. */
  readonly under?: string;
  readonly signal?: AbortSignal;
}

/** Larger files are data, not something a person wrote to be read. */
export const MAX_TEXT_BYTES = 1024 * 1024;

const SMALL_BYTES = 128 * 1024;

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(
  `.git .hg .svn node_modules bower_components jspm_packages .venv venv __pycache__ .tox .mypy_cache .pytest_cache
  .ruff_cache .gradle .terraform .next .nuxt .svelte-kit .turbo .parcel-cache .cache .idea .vs .yarn .pnpm-store`.split(
    /\s+/,
  ),
);
const SECRET =
  /^(?:\.env(?!\.(?:example|sample|template|dist)$)(?:\..*)?|\.netrc|\.npmrc|\.pypirc|id_(?:rsa|dsa|ecdsa|ed25519)|.*\.(?:pem|key|p12|pfx|keystore|jks|kdbx))$/i;
const BINARY_NAME =
  /\.(?:png|jpe?g|gif|webp|avif|ico|icns|bmp|tiff?|psd|pdf|zip|gz|tgz|bz2|xz|zst|7z|rar|tar|jar|war|class|exe|dll|so|dylib|a|o|obj|lib|bin|dat|wasm|node|pyc|woff2?|ttf|otf|eot|mp[34]|m4a|wav|ogg|flac|webm|mov|avi|mkv|sqlite3?|db|docx?|xlsx?|pptx?|vsix|parquet)$/i;

/** True for a file that by its name holds secrets; it is never listed, searched or read by a tool. */
export function holdsSecrets(name: string): boolean {
  return SECRET.test(name);
}

/**
 * Yields the workspace's own files in a stable order (folders sorted by name, a folder's files before its folders).
 * Links are not followed, so nothing outside the root is ever seen. An unreadable folder is passed over.
 * Throws the signal's reason when aborted.
 */
export async function* walkWorkspace(request: WalkRequest): AsyncGenerator<WorkspaceFile> {
  const { root, under = "", signal } = request;
  const rules = await rulesAbove(root, under);
  yield* walkFolder({ root, folder: under, rules, signal });
}

/**
 * The text of a file, or undefined when it is gone, unreadable, a link, no plain file, too large or binary (a NUL in its
 * first 8 KiB). A file known to be small is read at once: waiting for it costs several times as much as reading it.
 */
export async function readText(
  absolute: string,
  expectedBytes = Number.POSITIVE_INFINITY,
): Promise<string | undefined> {
  try {
    const bytes =
      expectedBytes <= SMALL_BYTES
        ? readFileSync(absolute, { flag: AT_ONCE })
        : await readPlainFile(absolute, { most: MAX_TEXT_BYTES, noLink: true });
    return bytes.length > MAX_TEXT_BYTES ? undefined : decodeText(bytes);
  } catch {
    return undefined;
  }
}

/** What was a plain file when it was listed may be a link or a pipe by now: neither is followed or waited for. */
// The type knows names of flags only; the system takes their numbers.
const AT_ONCE = (constants.O_RDONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0)) as unknown as string;

/** The bytes as text, without a byte order mark; undefined when they are not text. */
export function decodeText(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** The ignore file of one folder; its patterns are relative to that folder. */
interface Rules {
  readonly folder: string;
  readonly matcher: Ignore;
}

interface Folder {
  readonly root: string;
  readonly folder: string;
  readonly rules: readonly Rules[];
  readonly signal: AbortSignal | undefined;
}

async function* walkFolder({ root, folder, rules, signal }: Folder): AsyncGenerator<WorkspaceFile> {
  signal?.throwIfAborted();
  const absolute = join(root, folder);
  // A folder that became a link since it was listed leads elsewhere.
  if (folder !== "" && statsOf(absolute)?.isDirectory() !== true) return;
  const entries = await readdir(absolute, { withFileTypes: true }).catch(() => []);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const own = entries.some((entry) => entry.name === ".gitignore" && entry.isFile())
    ? [...rules, ...(await readRules(root, folder, ".gitignore"))]
    : rules;
  const at = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  for (const entry of entries) {
    if (!entry.isFile() || holdsSecrets(entry.name) || BINARY_NAME.test(entry.name)) continue;
    const path = at(entry.name);
    if (isIgnored(path, own)) continue;
    const stats = statsOf(join(absolute, entry.name));
    if (stats?.isFile() === true) yield { path, bytes: stats.size, modifiedMs: stats.mtimeMs };
  }
  for (const entry of entries) {
    if (!entry.isDirectory() || SKIPPED_FOLDERS.has(entry.name)) continue;
    const path = at(entry.name);
    if (!isIgnored(`${path}/`, own)) yield* walkFolder({ root, folder: path, rules: own, signal });
  }
}

function statsOf(absolute: string): Stats | undefined {
  try {
    return lstatSync(absolute, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The deepest ignore file with an opinion decides, as in git. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (let index = rules.length - 1; index >= 0; index--) {
    const rule = rules[index];
    if (rule === undefined) continue;
    const verdict = rule.matcher.test(
      rule.folder === "" ? path : path.slice(rule.folder.length + 1),
    );
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

async function rulesAbove(root: string, under: string): Promise<readonly Rules[]> {
  const rules = [...(await readRules(root, "", ".git/info/exclude"))];
  const segments = under === "" ? [] : under.split("/");
  for (let depth = 0; depth < segments.length; depth++) {
    rules.push(...(await readRules(root, segments.slice(0, depth).join("/"), ".gitignore")));
  }
  return rules;
}

async function readRules(root: string, folder: string, name: string): Promise<readonly Rules[]> {
  const file = join(root, folder, name);
  const bytes = await readPlainFile(file, { most: MAX_TEXT_BYTES }).catch(() => undefined);
  return bytes === undefined ? [] : [{ folder, matcher: ignore().add(bytes.toString("utf8")) }];
}
