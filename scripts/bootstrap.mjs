/**
 * Makes a fresh clone ready: Node 24 in `.cache/` where the machine's own is older, and the dependencies of the lock file.
 * Runs on Node 20 with nothing installed; once ready it costs one hash of the lock file. Knows no verb.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./lock.mjs";

/** The repository's root, absolute. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE_MAJOR = 24;
const NODE_VERSION = "24.21.0";
const CACHE = join(ROOT, ".cache");
const NODE_HOME = join(CACHE, "node24");
const MODULES = join(ROOT, "node_modules");
const STAMP = join(MODULES, ".fermata-ready");
const LOCK = join(CACHE, "bootstrap.lock");
const LOG = join(CACHE, "bootstrap.log");

/** What a person can mend: shown as one line, without a stack. */
export class SetupError extends Error {}

/**
 * Installs what is missing and answers the path of the Node (24 or newer) to run on. Safe to call from several
 * processes at once: one installs, the others wait.
 * @returns {Promise<string>}
 */
export async function prepare() {
  if (isReady()) {
    return nodePath();
  }
  return withLock(LOCK, {
    waiting: (pid) => say(`another process${pid ? ` (${pid})` : ""} is setting up; waiting for it`),
    work: async () => {
      await prepareNode();
      await prepareModules();
      return nodePath();
    },
  });
}

/** True when this process may run the TypeScript sources itself. */
export function isCurrentNodeEnough() {
  return Number.parseInt(process.versions.node, 10) >= NODE_MAJOR;
}

/**
 * An environment in which `node` and `npm` mean the Node that the scripts run on.
 * @param {string} node absolute path
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(node) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const path = [dirname(node), process.env[key]].filter(Boolean).join(delimiter);
  return { ...process.env, [key]: path };
}

function isReady() {
  return existsSync(nodePath()) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === lockHash();
}

function nodePath() {
  if (isCurrentNodeEnough()) {
    return process.execPath;
  }
  const name = process.platform === "win32" ? "node.exe" : "node";
  return join(NODE_HOME, "node_modules", "node", "bin", name);
}

function lockHash() {
  const lock = readFileSync(join(ROOT, "package-lock.json"));
  return createHash("sha256").update(lock).digest("hex");
}

async function prepareNode() {
  if (existsSync(nodePath())) {
    return;
  }
  say(`Node ${process.versions.node} is older than ${NODE_MAJOR}; fetching ${NODE_VERSION} (once)`);
  rmSync(NODE_HOME, { recursive: true, force: true });
  mkdirSync(NODE_HOME, { recursive: true });
  // The package's own preinstall script fetches the binary of this platform, so it must be allowed to run.
  const manifest = { private: true, allowScripts: { node: true } };
  writeFileSync(join(NODE_HOME, "package.json"), JSON.stringify(manifest));
  const args = ["install", "--no-save", "--ignore-scripts=false", `node@${NODE_VERSION}`];
  await npm(args, { cwd: NODE_HOME, env: process.env });
  if (!existsSync(nodePath())) {
    throw new SetupError(`npm installed node@${NODE_VERSION} without its binary; see ${LOG}`);
  }
}

async function prepareModules() {
  const hash = lockHash();
  if (!isInstalled()) {
    say("installing the dependencies of package-lock.json");
    await npm(["ci", "--include=dev"], { cwd: ROOT, env: environmentFor(nodePath()) });
  }
  writeFileSync(STAMP, hash);
}

/** True when node_modules already is what the lock file says, as after an `npm install` by hand. */
function isInstalled() {
  try {
    const wanted = packagesOf(join(ROOT, "package-lock.json"));
    const present = packagesOf(join(MODULES, ".package-lock.json"));
    const complete = Object.entries(wanted).every(
      ([path, entry]) => path === "" || path in present || entry.optional === true,
    );
    return (
      complete &&
      Object.entries(present).every(([path, entry]) => wanted[path]?.version === entry.version)
    );
  } catch {
    return false;
  }
}

/**
 * @param {string} path of a lock file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/**
 * Runs npm quietly; its words go to the log, and on failure the cause becomes one line.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} place
 * @returns {Promise<void>}
 */
export async function npm(args, { cwd, env }) {
  const quiet = [...args, "--no-audit", "--no-fund", "--loglevel=error", "--no-progress"];
  const { code, output } = await runNpm(quiet, cwd, withoutNpmVariables(env));
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(LOG, `npm ${quiet.join(" ")}\n(in ${cwd}, exit ${code})\n${output}`);
  if (code !== 0) {
    throw new SetupError(explain(args, output));
  }
}

/**
 * npm hands its own settings down as variables; the prefix of an outer `npm run` must not reach an inner install.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutNpmVariables(env) {
  const foreign =
    /^npm_(config_(local_)?prefix|config_global|config_ignore_scripts|package_|lifecycle_)/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function runNpm(args, cwd, env) {
  const script = process.env.npm_execpath;
  const ownNpm = script !== undefined && /npm-cli\.[cm]?js$/.test(script) && existsSync(script);
  const windows = process.platform === "win32";
  const child = ownNpm
    ? spawn(process.execPath, [script, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] })
    : spawn(windows ? "npm.cmd" : "npm", args, {
        cwd,
        env,
        shell: windows,
        stdio: ["ignore", "pipe", "pipe"],
      });
  let output = "";
  const keep = (/** @type {Buffer} */ chunk) => {
    output += chunk.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve, reject) => {
    child.on("error", () =>
      reject(
        new SetupError("npm was not found; install Node.js with npm from nodejs.org and try again"),
      ),
    );
    child.on("close", (code) => resolve({ code, output }));
  });
}

/**
 * @param {readonly string[]} args
 * @param {string} output
 */
function explain(args, output) {
  const network =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;
  const cause = network.exec(output)?.[1];
  if (cause) {
    return `the npm registry could not be reached (${cause}); check the network or npm's proxy setting and try again`;
  }
  if (/\bENOSPC\b/.test(output)) {
    return "the disk is full (ENOSPC); free some space and try again";
  }
  const line = output.split("\n").find((text) => /npm error (?!code|A complete log)/.test(text));
  return `npm ${args[0]} failed${line ? `: ${line.replace("npm error ", "")}` : ""}; the whole log is ${LOG}`;
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`fermata: ${text}\n`);
}
