/**
 * Starts, shows and stops the six workers: `npm run workers -- start|status|stop [--work FOLDER] [--free-ports]`.
 * Keeps their process ids and addresses in `.agent_pids` of the work folder; stops only what is written there.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pidFileOf, type Running, readRunning, writeRunning } from "./lib/running.ts";
import { SERVICES } from "./services.ts";

const [command = "status", ...options] = process.argv.slice(2);
const given = options.indexOf("--work");
const work = given >= 0 ? (options[given + 1] ?? "") : join(import.meta.dirname, "run");

switch (command) {
  case "start":
    process.exitCode = await start();
    break;
  case "status":
    process.exitCode = await status(readRunning(work));
    break;
  case "stop":
    process.exitCode = await stop();
    break;
  default:
    console.error("Say start, status or stop.");
    process.exitCode = 2;
}

/** One after the other, each once the one before it is well. */
async function start(): Promise<number> {
  const before = readRunning(work).filter(({ pid }) => isAlive(pid));
  if (before.length > 0) {
    console.error(`${before.map(({ name }) => name).join(", ")} is running already. Stop first.`);
    return 1;
  }
  mkdirSync(join(work, "logs"), { recursive: true });
  const running: Running[] = [];
  for (const [name, { port }] of Object.entries(SERVICES)) {
    const one = await startOne(name, options.includes("--free-ports") ? 0 : port);
    if (typeof one === "string") {
      console.error(one);
      await stopAll(running);
      return 1;
    }
    running.push(one);
    writeRunning(work, running);
  }
  return status(running);
}

/** Its own output goes to a file beside its log; the address is read from there. */
async function startOne(name: string, port: number): Promise<Running | string> {
  const outputFile = join(work, "logs", `${name}.out`);
  const output = openSync(outputFile, "w");
  const file = join(import.meta.dirname, "serve.ts");
  const child = spawn(process.execPath, [file, name, work, String(port)], {
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.unref();
  const { pid } = child;
  for (let tries = 0; tries < 300 && pid !== undefined; tries++) {
    const said = readFileSync(outputFile, "utf8");
    const url = new RegExp(`^${name} (http://\\S+)$`, "m").exec(said)?.[1];
    if (url !== undefined && (await isWell(url))) return { name, pid, url };
    if (!isAlive(pid)) return `${name} did not start:\n${said}`;
    await new Promise((next) => setTimeout(next, 100));
  }
  return `${name} did not say that it is well within 30 s. Its output is in ${outputFile}.`;
}

async function status(running: readonly Running[]): Promise<number> {
  const well = await Promise.all(running.map(({ url }) => isWell(url)));
  running.forEach(({ name, pid, url }, index) => {
    console.log(`${well[index] ? "healthy" : "down   "}  ${name.padEnd(16)} ${url}  pid ${pid}`);
  });
  const count = well.filter(Boolean).length;
  console.log(
    `${count}/${Object.keys(SERVICES).length} services healthy, logs in ${join(work, "logs")}`,
  );
  return count === Object.keys(SERVICES).length ? 0 : 1;
}

async function stop(): Promise<number> {
  const left = await stopAll(readRunning(work));
  if (left.length > 0)
    console.error(`Still running: ${left.map(({ name, pid }) => `${name} (${pid})`).join(", ")}`);
  else rmSync(pidFileOf(work), { force: true });
  return left.length > 0 ? 1 : 0;
}

/** Politely, and for good after 12 s. Only what still answers under its own name at its own address is ours to stop. */
async function stopAll(running: readonly Running[]): Promise<readonly Running[]> {
  const ours: Running[] = [];
  for (const one of running)
    if (isAlive(one.pid) && (await isWell(one.url, one.name))) ours.push(one);
  for (const { pid } of ours) process.kill(pid, "SIGTERM");
  let left = ours;
  for (let tries = 0; tries < 120 && left.length > 0; tries++) {
    await new Promise((next) => setTimeout(next, 100));
    left = left.filter(({ pid }) => isAlive(pid));
  }
  for (const { pid } of left) process.kill(pid, "SIGKILL");
  await new Promise((next) => setTimeout(next, left.length > 0 ? 500 : 0));
  return left.filter(({ pid }) => isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function isWell(url: string, name?: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
    const body: unknown = await response.json();
    const said = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
    return name === undefined ? said.status === "healthy" : said.worker === name;
  } catch {
    return false;
  }
}
