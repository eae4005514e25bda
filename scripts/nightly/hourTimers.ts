/**
 * Timers of an hour for real: a run of the product over a scratch folder with a hundred waits and each limit of time, an
 * hour long, looked at when it is over. For the night, not for CI: `node scripts/nightly/hourTimers.ts`, or with `2` for
 * two minutes instead of sixty. Ends with code 1 when something was early, more than five seconds late, or missing.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { composeApp } from "../../src/app/compose.ts";
import type { RunState } from "../../src/run/state.ts";

const MINUTE = 60_000;
const LATEST = 5_000;

const minutes = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 60);
const span = minutes * MINUTE;

const branch = (id: string, step: object): object => ({ id, steps: [{ id: "it", ...step }] });
const sleeper = { type: "shell", command: "sleep 100000", on_error: "continue" };
const file = {
  name: "hour",
  version: "1.0.0",
  steps: [
    {
      id: "all",
      type: "parallel",
      max_parallel: 1000,
      branches: [
        ...Array.from({ length: 100 }, (_, nth) =>
          branch(`wait${nth}`, { type: "wait", duration: `${minutes}m` }),
        ),
        branch("timeout", { ...sleeper, timeout: `${minutes}m` }),
        branch("total", { ...sleeper, timeout: "48h", total_timeout: `${minutes}m` }),
        branch("silent", { ...sleeper, timeout: "48h", idle_timeout: `${minutes}m` }),
        branch("signal", {
          type: "wait",
          signal: "never",
          timeout: `${minutes}m`,
          on_error: "continue",
        }),
      ],
    },
  ],
};

const root = await realpath(await mkdtemp(path.join(tmpdir(), "fermata-hour-")));
const workspace = path.join(root, "work");
await mkdir(path.join(workspace, "workflows"), { recursive: true });
await writeFile(path.join(workspace, "workflows", "hour.workflow.yaml"), JSON.stringify(file));
const env = { ...process.env, XDG_STATE_HOME: path.join(root, "state") };
const app = await composeApp({ workspace, env, trusted: true });
try {
  const started = await app.startRun({ template: "hour", inputs: {}, startedBy: "nightly" });
  if (!started.ok) throw new Error(started.failure.message);
  process.stdout.write(`${started.run} runs for ${minutes} minutes in ${root}\n`);
  process.exitCode = judge(await app.settled(started.run)) ? 0 : 1;
} finally {
  await app.dispose();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
}

/** Says how late each kind of timer was; true when none was early or late. */
function judge(state: RunState): boolean {
  const ended = [...state.tasks.values()].filter(({ id }) => id === "it");
  const late = ended.map(({ path: name, started_at, ended_at = 0 }) => ({
    name: name.replace(/\d+\/it$/, "/it"),
    ms: ended_at - started_at - span,
  }));
  for (const [name, all] of Map.groupBy(late, (one) => one.name)) {
    const worst = Math.max(...all.map(({ ms }) => ms));
    process.stdout.write(`${name.padEnd(16)} ${all.length} ended, at most ${worst} ms late\n`);
  }
  const fine = late.every(({ ms }) => ms >= 0 && ms <= LATEST);
  process.stdout.write(
    `${state.status}: ${ended.length} of 104, ${fine ? "all in time" : "NOT in time"}\n`,
  );
  return fine && state.status === "done" && ended.length === 104;
}
