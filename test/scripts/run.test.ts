/**
 * The bootstrap in a tiny clone of its own: what a person gets on the first and on every later call.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../../scripts/bootstrap.mjs";

const scratch = mkdtempSync(join(realpathSync(tmpdir()), "fermata-run-"));
const clone = join(scratch, "clone");
const RUN = join(clone, "scripts", "run.mjs");

/** Says where it runs and with what; then waits for TERM when told to. */
const VERB = `
if (process.argv.includes("wait")) {
  process.on("SIGTERM", () => { console.log("polite"); process.exit(7); });
  setInterval(() => {}, 1000);
} else {
  process.exitCode = 3;
}
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(),
  npm: process.env.FERMATA_FROM_NPM, initCwd: process.env.INIT_CWD, pid: process.pid }));
`;

before(() => {
  for (const file of ["run.mjs", "bootstrap.mjs", "lock.mjs", "leash.mjs"]) {
    cpSync(join(ROOT, "scripts", file), join(clone, "scripts", file));
  }
  write("package.json", '{ "name": "tiny", "version": "1.0.0", "type": "module" }');
  write("src/hosts/cli/main.ts", VERB);
  write("bench/main.ts", VERB);
  lockPackages({});
  makeReady();
});

after(() => rmSync(scratch, { recursive: true, force: true }));

for (const verb of ["fermata", "bench"]) {
  test(`${verb} gets its arguments and gives its exit code`, async () => {
    const { code, said } = await start([verb, "a b", "--x"]);
    assert.equal(code, 3);
    assert.deepEqual(JSON.parse(said).args, ["a b", "--x"]);
  });
}

test("under npm the CLI runs where the person typed, other verbs in the root", async () => {
  const env = { npm_lifecycle_event: "fermata", INIT_CWD: scratch };
  const cli = JSON.parse((await start(["fermata"], env, clone)).said);
  assert.deepEqual([cli.cwd, cli.npm, cli.initCwd], [scratch, "1", undefined]);
  const bench = JSON.parse((await start(["bench"], env, scratch)).said);
  assert.deepEqual([bench.cwd, bench.npm], [clone, "1"]);
});

test("without npm the CLI runs in the current folder", async () => {
  const { said } = await start(["fermata"], { INIT_CWD: "/" }, scratch);
  assert.equal(JSON.parse(said).cwd, scratch);
});

test("a polite signal reaches the verb, and its code comes back", async () => {
  const { child, done, untilSaid } = launch(["bench", "wait"]);
  await untilSaid("pid");
  child.kill("SIGTERM");
  const { code, said } = await done;
  assert.equal(code, 7);
  assert.match(said, /polite/);
});

test("a verb does not outlive its killed front", async () => {
  const { child, done, untilSaid } = launch(["bench", "wait"]);
  const { pid } = JSON.parse(await untilSaid("pid"));
  assert.notEqual(pid, child.pid);
  child.kill("SIGKILL");
  await done;
  for (let tries = 0; isAlive(pid); tries++) {
    assert.ok(tries < 100, `process ${pid} still runs`);
    await sleep(50);
  }
});

test("an unknown verb names the known ones", async () => {
  const { code, complained } = await start(["brew"]);
  assert.equal(code, 1);
  assert.match(complained, /^fermata: unknown verb "brew"; one of: start, fermata, /);
});

test("what npm installed by hand is taken as it is", async () => {
  lockPackages({ "node_modules/thing": { version: "1.2.3" } });
  write(
    "node_modules/.package-lock.json",
    lockText({ "node_modules/thing": { version: "1.2.3" } }),
  );
  const { code, complained } = await start(["fermata"]);
  assert.deepEqual([code, complained], [3, ""]);
  assert.ok(existsSync(join(clone, "node_modules", ".fermata-ready")));
});

test("without npm there is one clear line", async () => {
  lockPackages({ "node_modules/thing": { version: "1.2.4" } });
  const { code, complained } = await start(["fermata"], {
    PATH: join(scratch, "nothing"),
  });
  assert.equal(code, 1);
  assert.match(complained, /npm was not found; install Node\.js with npm/);
});

test("without a network there is one clear line", async () => {
  lockPackages({ "node_modules/thing": { version: "1.2.5" } });
  write(
    "package.json",
    '{ "name": "tiny", "version": "1.0.0", "type": "module", "dependencies": { "thing": "1.2.5" } }',
  );
  const { code, complained } = await start(["fermata"], {
    npm_config_registry: "http://127.0.0.1:1/",
    npm_config_fetch_retries: "0",
    npm_config_cache: join(scratch, "cache"),
  });
  assert.equal(code, 1);
  assert.match(complained, /the npm registry could not be reached \(ECONNREFUSED\)/);
});

test("two first calls install one after the other", async () => {
  write(
    "lock.ts",
    `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { withLock } from "./scripts/lock.mjs";
    await withLock("${join(clone, "x.lock")}", { work: async () => {
      appendFileSync("${join(clone, "order")}", "in ");
      await sleep(150);
      appendFileSync("${join(clone, "order")}", "out ");
    } });
    console.log("done");`,
  );
  // A holder that died: no process has this number.
  write("x.lock", "4194999");
  const runs = [1, 2, 3].map(() => collect(spawn(process.execPath, [join(clone, "lock.ts")])).done);
  assert.deepEqual(
    (await Promise.all(runs)).map(({ code }) => code),
    [0, 0, 0],
  );
  assert.equal(readFileSync(join(clone, "order"), "utf8"), "in out ".repeat(3));
  assert.ok(!existsSync(join(clone, "x.lock")));
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), text);
}

function lockText(packages: Readonly<Record<string, object>>): string {
  const root = { name: "tiny", version: "1.0.0" };
  return JSON.stringify({ ...root, lockfileVersion: 3, packages: { "": root, ...packages } });
}

function lockPackages(packages: Readonly<Record<string, object>>): void {
  write("package-lock.json", lockText(packages));
}

function makeReady(): void {
  const hash = createHash("sha256").update(lockText({})).digest("hex");
  write("node_modules/.fermata-ready", hash);
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = scratch) {
  return launch(args, env, cwd).done;
}

function launch(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = scratch,
) {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD|NODE_)/i.test(name),
  );
  return collect(
    spawn(process.execPath, [RUN, ...args], { cwd, env: { ...Object.fromEntries(clean), ...env } }),
  );
}

function collect(child: ChildProcess) {
  let said = "";
  let complained = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    complained += chunk;
  });
  const done = new Promise<{ code: number | null; said: string; complained: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, said, complained })),
  );
  const untilSaid = async (text: string) => {
    while (!said.includes(text) && child.exitCode === null) {
      await sleep(20);
    }
    return said;
  };
  return { child, done, untilSaid };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
