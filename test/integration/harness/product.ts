/**
 * The real product over a scratch workspace, for tests that look at it from outside: its verbs, its files, its processes.
 * Owns scratch folders and letting go; replaces nothing of the product.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { App, RunWatch, StartRequest } from "../../../src/app/app.ts";
import { type ComposeOptions, composeApp } from "../../../src/app/compose.ts";
import type { Breakpoint } from "../../../src/run/ask/breakpoint.ts";
import { isFinished, type RunState } from "../../../src/run/state.ts";
import { isObject, type Json, type JsonObject } from "../../../src/util/json.ts";

export interface Scene {
  /** Holds everything of one test. */
  readonly root: string;
  readonly workspace: string;
  /** What the product and every process of it gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file of the workspace. */
  write(path: string, text: string): Promise<void>;
  /** The product over it, disposed of at the test's end. The offline agent, and trusted, unless told otherwise. */
  open(options?: Partial<ComposeOptions>): Promise<App>;
}

export type Files = Readonly<Record<string, string>>;

/** A workspace with these files and a state folder of its own, both removed after the test. */
export async function scene(test: TestContext, files: Files = {}): Promise<Scene> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "fermata-it-")));
  const workspace = join(root, "work");
  const apps: App[] = [];
  test.after(async () => {
    for (const app of apps) await app.dispose();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: join(root, "home"),
    XDG_STATE_HOME: join(root, "state"),
    XDG_CONFIG_HOME: join(root, "config"),
    FERMATA_AGENT: "offline",
  };
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(workspace, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  await mkdir(workspace);
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const open = async (options: Partial<ComposeOptions> = {}): Promise<App> => {
    const app = await composeApp({ workspace, env, trusted: true, ...options });
    apps.push(app);
    return app;
  };
  return { root, workspace, env, write, open };
}

/** Starts a run that must start. */
export async function start(
  app: App,
  template: string,
  more: Partial<StartRequest> = {},
): Promise<string> {
  const started = await app.startRun({ template, inputs: {}, startedBy: "test", ...more });
  assert.ok(started.ok, started.ok ? "" : JSON.stringify(started, null, 1));
  return started.run;
}

/** Starts a run, answers by the policy, and gives the state in which it comes to rest. */
export async function play(
  app: App,
  template: string,
  inputs: JsonObject = {},
  answers?: JsonObject,
): Promise<RunState> {
  const policy = answers ? { answers: { id: "test", answers } } : {};
  return app.settled(await start(app, template, { inputs, ...policy }));
}

/** The state once it is as wanted; fails, showing where the run stands, when it is not in time. */
export async function reaches(
  app: App,
  run: string,
  what: string,
  wanted: (state: RunState, watch: RunWatch) => boolean,
  ms = 90_000,
): Promise<RunState> {
  const watch = (await app.watchRun(run)) ?? assert.fail(`there is no run ${run}`);
  try {
    if (wanted(watch.state, watch)) return watch.state;
    return await new Promise((resolve, reject) => {
      const late = () => reject(new Error(`Waited ${ms} ms for ${what}: ${stand(watch.state)}`));
      const timer = setTimeout(late, ms);
      watch.onChange(() => {
        if (!wanted(watch.state, watch)) return;
        clearTimeout(timer);
        resolve(watch.state);
      });
    });
  } finally {
    watch.dispose();
  }
}

/** The state at the end of a run, whatever that is. */
export function ends(app: App, run: string, ms?: number): Promise<RunState> {
  return reaches(app, run, "its end", isFinished, ms);
}

/** The open question of a path. */
export async function asks(app: App, run: string, path: string, ms?: number): Promise<Breakpoint> {
  const isOpen = (state: RunState): boolean => open(state, path) !== undefined;
  const state = await reaches(app, run, `the question ${path}`, isOpen, ms);
  return open(state, path) ?? assert.fail(`${path} is no longer asked`);
}

/** Answers what is asked at a path, having seen it. */
export async function answer(app: App, run: string, path: string, value: Json): Promise<void> {
  const { id, hash } = await asks(app, run, path);
  const signal = {
    type: "answer",
    breakpoint: id,
    answer: value,
    by: "tester",
    shown: hash,
  } as const;
  const admission = await app.signal(run, signal);
  assert.ok(admission.ok, admission.ok ? "" : admission.reason);
}

/** A run's value, which must be an object of a run that ended well. */
export function resultOf(state: RunState): JsonObject {
  assert.equal(state.status, "done", stand(state));
  return isObject(state.value)
    ? state.value
    : assert.fail(`its value is ${JSON.stringify(state.value)}`);
}

/** The lines of a file as JSON; none when there is no file. */
export async function jsonLines(file: string): Promise<JsonObject[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): JsonObject => JSON.parse(line));
}

/** Where a run stands, in one line. */
export function stand(state: RunState): string {
  const tasks = [...state.tasks.values()].map(({ path, status }) => `${path}: ${status}`);
  return `${state.status} ${JSON.stringify(state.failure ?? null)} ${tasks.join(", ")}`;
}

/** A workflow file from its steps, as YAML. */
export function workflow(name: string, body: string): string {
  return `name: ${name}\nversion: 1.0.0\ndescription: A test\n${body.trimStart()}`;
}

function open(state: RunState, path: string): Breakpoint | undefined {
  return [...state.breakpoints.values()].find((breakpoint) => breakpoint.path === path);
}
