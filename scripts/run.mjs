/**
 * The one entry of every npm script: `node scripts/run.mjs VERB ARGS`. Makes the clone ready, then runs the verb on Node 24.
 * Owns which file a verb is and in which folder it runs; knows nothing of what a verb does.
 *
 * A verb's file reads `process.argv.slice(2)`. `fermata` must start at once, so where this Node is new enough it is
 * loaded right here: src/hosts/cli/main.ts does its work when it is loaded, whoever loads it (no `import.meta.main`).
 *
 * `fermata` and `start` run in the folder where the person typed `npm run` (npm's INIT_CWD), so relative paths mean what they look like; all others run
 * in the repository's root. FERMATA_FROM_NPM is then "1", so that hints can say `npm run -s fermata -- ...`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { environmentFor, isCurrentNodeEnough, prepare, ROOT, SetupError } from "./bootstrap.mjs";

/** @type {Readonly<Record<string, { file: string, where: "caller" | "root" }>>} */
const VERBS = {
  start: { file: "scripts/start.ts", where: "caller" },
  fermata: { file: "src/hosts/cli/main.ts", where: "caller" },
  test: { file: "scripts/test.ts", where: "root" },
  build: { file: "scripts/build.ts", where: "root" },
  types: { file: "scripts/typecheck.ts", where: "root" },
  lint: { file: "scripts/lint.ts", where: "root" },
  format: { file: "scripts/format.ts", where: "root" },
  accept: { file: "scripts/accept.ts", where: "root" },
  simulate: { file: "scripts/simulate.ts", where: "root" },
  mutate: { file: "scripts/mutate.ts", where: "root" },
  workers: { file: "examples/workers/system.ts", where: "caller" },
  bench: { file: "bench/main.ts", where: "root" },
  package: { file: "scripts/package.ts", where: "root" },
};

const [name = "", ...args] = process.argv.slice(2);
const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
if (verb === undefined) {
  fail(`unknown verb ${JSON.stringify(name)}; one of: ${Object.keys(VERBS).join(", ")}`);
} else if (!existsSync(join(ROOT, verb.file))) {
  fail(`${name} is not there yet (${verb.file})`);
} else {
  try {
    await run(join(ROOT, verb.file), verb.where, await prepare());
  } catch (error) {
    if (!(error instanceof SetupError)) {
      throw error;
    }
    fail(error.message);
  }
}

/**
 * @param {string} file absolute
 * @param {"caller" | "root"} where
 * @param {string} node absolute path
 */
async function run(file, where, node) {
  const cwd = where === "root" ? ROOT : callerFolder();
  const env = environmentFor(node);
  if (process.env.npm_lifecycle_event !== undefined) {
    env.FERMATA_FROM_NPM = "1";
  }
  // What runs below must not take our caller's folder for its own.
  delete env.INIT_CWD;
  delete env.npm_lifecycle_event;
  if (!isCurrentNodeEnough() || name !== "fermata") {
    spawnOn(node, [file, ...args], { cwd, env });
    return;
  }
  process.chdir(cwd);
  delete process.env.INIT_CWD;
  Object.assign(process.env, env);
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
}

/** Where the person typed: npm's word for it under `npm run`, otherwise the current folder. */
function callerFolder() {
  const fromNpm = process.env.npm_lifecycle_event !== undefined ? process.env.INIT_CWD : undefined;
  return fromNpm && existsSync(fromNpm) ? fromNpm : process.cwd();
}

/**
 * Runs the command on our own terminal and ends as it ends.
 * @param {string} node
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 */
function spawnOn(node, command, options) {
  const leash = pathToFileURL(join(ROOT, "scripts", "leash.mjs")).href;
  const child = spawn(node, ["--import", leash, ...command], {
    ...options,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  /** @type {readonly NodeJS.Signals[]} */
  const signals = ["SIGTERM", "SIGHUP", "SIGINT"];
  for (const signal of signals) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the child by itself; twice would mean "now at once".
      if (signal !== "SIGINT" || !hasTerminal()) {
        child.kill(signal);
      }
    });
  }
  endWithCaller(() => child.kill("SIGTERM"));
  child.on("error", (error) => fail(`could not start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1);
  });
}

/**
 * npm hands a SIGTERM to its shell only, which dies and leaves us behind: without a caller we end too.
 * @param {() => void} end
 */
function endWithCaller(end) {
  const caller = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === caller) return;
    clearInterval(watch);
    end();
  }, 1000);
  watch.unref();
}

function hasTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}

/** @param {string} message one line */
function fail(message) {
  process.stderr.write(`fermata: ${message}\n`);
  process.exitCode = 1;
}
