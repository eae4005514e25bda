/**
 * One running code-server: a fresh or kept folder of its own, a port that was free, an end by pid.
 * Knows how to start and stop it and how its addresses look; not what anybody does in it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installEditor } from "./editorInstall.ts";

export interface EditorServerOptions {
  /** Holds user data and extensions. Absolute and short: sockets are made in it, and their paths have a limit. */
  readonly home: string;
  /** A free one unless told. */
  readonly port?: number;
  /** `.vsix` files installed before the start, as a user would. */
  readonly vsix?: readonly string[];
  /** True asks whether the workspace is trusted, as desktop VS Code does; otherwise every workspace is. */
  readonly askTrust?: boolean;
  /** Lets `address` load an extension from sources. The editor then shows no toasts: its price for that switch. */
  readonly acceptLoad?: boolean;
  /** Added to the user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the server, and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  readonly say?: (line: string) => void;
}

export interface EditorServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly pid: number;
  /** What the server printed so far. */
  readonly log: () => string;
  /**
   * The address of the editor on a folder. `development` is an extension's folder to load from its sources;
   * `tests` the module whose `run` is then called in the extension host.
   */
  readonly address: (workspace: string, load?: { development?: string; tests?: string }) => string;
  /** Ends the server and its extension hosts; resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

const START_MS = 60_000;
const STOP_MS = 5_000;

/** Installs code-server where it is missing, starts it and waits until it answers. Throws with its log otherwise. */
export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const entry = await installEditor(options.say ?? (() => {}));
  prepareHome(options);
  for (const vsix of options.vsix ?? []) {
    await installExtension(entry, options, vsix);
  }
  const child = launch(entry, options, [
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${options.port ?? 0}`],
    ...["--disable-telemetry", "--disable-update-check", "--ignore-last-opened"],
    ...["--disable-getting-started-override", "--reconnection-grace-time", "1"],
    ...(options.acceptLoad ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ...(options.askTrust ? [] : ["--disable-workspace-trust"]),
  ]);
  const log = collect(child);
  const stop = stopper(child);
  try {
    const origin = await untilListening(child, log);
    return { origin, pid: child.pid ?? 0, log, stop, address: addresses(origin) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function prepareHome({ home, settings }: EditorServerOptions): void {
  mkdirSync(join(home, "user", "User"), { recursive: true });
  mkdirSync(join(home, "ext"), { recursive: true });
  writeFileSync(join(home, "cs.yaml"), "");
  const all = {
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": true,
    "telemetry.telemetryLevel": "off",
    "extensions.autoUpdate": false,
    "git.openRepositoryInParentFolders": "never",
    ...settings,
  };
  writeFileSync(join(home, "user", "User", "settings.json"), JSON.stringify(all, null, 2));
}

async function installExtension(entry: string, options: EditorServerOptions, vsix: string) {
  const child = launch(entry, options, ["--install-extension", vsix, "--force"]);
  const log = collect(child);
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) {
    throw new Error(`installing ${vsix} failed (exit ${code}):\n${log()}`);
  }
}

/** Runs code-server in a process group of its own, so that nothing of it outlives `stop`. */
function launch(entry: string, { home, env }: EditorServerOptions, args: readonly string[]) {
  const folders = ["--user-data-dir", join(home, "user"), "--extensions-dir", join(home, "ext")];
  return spawn(process.execPath, [entry, "--config", join(home, "cs.yaml"), ...folders, ...args], {
    cwd: home,
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      TMPDIR: home,
      EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
      ...env,
    },
  });
}

function collect(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return () => text;
}

async function untilListening(child: ChildProcess, log: () => string): Promise<string> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(100)) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the editor ended while starting:\n${log()}`);
    }
    const origin = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log())?.[1];
    if (origin && (await answers(`${origin}/healthz`))) {
      return origin;
    }
  }
  throw new Error(`the editor did not answer within ${START_MS / 1000} s:\n${log()}`);
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("error", () => resolve(false));
  });
}

function addresses(origin: string): EditorServer["address"] {
  const remote = (path: string) => `vscode-remote://${origin.replace("http://", "")}${path}`;
  return (workspace, load = {}) => {
    const payload = [
      ...(load.development ? [["extensionDevelopmentPath", remote(load.development)]] : []),
      ...(load.tests ? [["extensionTestsPath", remote(load.tests)]] : []),
    ];
    const query = new URLSearchParams({ folder: workspace });
    if (payload.length > 0) {
      query.set("payload", JSON.stringify(payload));
    }
    return `${origin}/?${query}`;
  };
}

/** Polite first, then the whole group; also when our own process ends without having stopped it. */
function stopper(child: ChildProcess): () => Promise<void> {
  const killGroup = () => signalGroup(child, "SIGKILL");
  process.once("exit", killGroup);
  return async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await Promise.race([gone, sleep(STOP_MS, undefined, { ref: false })]);
    }
    killGroup();
    process.off("exit", killGroup);
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch {
    // Already gone, which is what we want.
  }
}
