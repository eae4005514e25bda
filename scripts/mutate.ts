/**
 * `npm run mutate [-- NAME...]`: takes one safeguard out of the sources at a time (a sync, a look at a token, a look at a
 * fence) and plays simulated crashes on what is left, in a copy: a promise must break, and a seed say so. A safeguard
 * whose loss nobody notices, or whose place is not found any more, fails the check.
 */
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { MUTATIONS, type Mutation } from "./testing/mutations.ts";

/** Seeds that a mutation may survive at most. */
const SEEDS = 10_000;

const wanted = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const unknown = wanted.filter((name) => !MUTATIONS.some((mutation) => mutation.name === name));
if (unknown.length > 0) {
  console.error(
    `no mutation ${unknown.join(", ")}; one of: ${MUTATIONS.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
let survivors = 0;
// One copy for all, so that what is compiled once stays so.
const copy = await makeCopy();
for (const mutation of chosen) {
  const start = performance.now();
  const said = await judge(mutation);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (!said.red) survivors += 1;
  console.log(`${said.red ? "red     " : "SURVIVED"} ${mutation.name} (${seconds} s): ${said.why}`);
}
await rm(copy, { recursive: true, force: true, maxRetries: 5 });
console.log(`${chosen.length - survivors} of ${chosen.length} missing safeguards are noticed`);
process.exitCode = survivors === 0 ? 0 : 1;

interface Verdict {
  readonly red: boolean;
  /** The broken promise with its seed, or what is wrong with the mutation. */
  readonly why: string;
}

async function judge(mutation: Mutation): Promise<Verdict> {
  const changes = [mutation, ...(mutation.also ? [mutation.also] : [])];
  try {
    for (const { file, from, to } of changes) {
      const text = await readFile(join(ROOT, file), "utf8");
      const places = text.split(from).length - 1;
      if (places !== 1) return { red: false, why: `its place is there ${places} times in ${file}` };
      await writeFile(
        join(copy, file),
        text.replace(from, () => to),
      );
    }
    return await play(copy);
  } finally {
    for (const { file } of changes) await cp(join(ROOT, file), join(copy, file));
  }
}

async function makeCopy(): Promise<string> {
  await mkdir(join(ROOT, ".cache"), { recursive: true });
  const made = await mkdtemp(join(ROOT, ".cache", "mutant-"));
  for (const folder of ["src", "test/run", "test/simulation", "test/journal", "scripts"])
    await cp(join(ROOT, folder), join(made, folder), { recursive: true });
  await cp(join(ROOT, "package.json"), join(made, "package.json"));
  await symlink(join(ROOT, "node_modules"), join(made, "node_modules"), "junction");
  return made;
}

function play(folder: string): Promise<Verdict> {
  const words = [join(folder, "scripts", "simulate.ts"), "1", String(SEEDS)];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, {
      cwd: folder,
      env: { ...process.env, NODE_COMPILE_CACHE: join(ROOT, ".cache", "compiled") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (bytes: Buffer) => {
      said += bytes.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const line = said.split("\n").find((each) => /^seed \d+: /.test(each));
      if (code === 0) resolve({ red: false, why: `${SEEDS} seeds kept every promise` });
      else if (line)
        resolve({ red: true, why: line.length > 200 ? `${line.slice(0, 200)}…` : line });
      else resolve({ red: false, why: `it does not even run: ${said.slice(0, 500)}` });
    });
  });
}
