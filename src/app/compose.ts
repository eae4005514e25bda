/**
 * Where everything meets: the real disk, clock, processes and environment, put together into an `App`.
 * The only file of `app` that uses Node. Makes things; decides nothing.
 */
import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { mkdir, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { LanguageModels } from "../agents/languageModels.ts";
import { createAgents } from "../agents/registry.ts";
import { createAgentPool } from "../engine/embedded/agentPool.ts";
import { createPerformer } from "../engine/embedded/performer.ts";
import { redactError } from "../engine/embedded/redacted.ts";
import { openSecretFile } from "../engine/embedded/secretFile.ts";
import { systemTimer } from "../engine/embedded/systemTimer.ts";
import { openTranscripts } from "../engine/embedded/transcripts.ts";
import { createVault } from "../engine/embedded/vault.ts";
import type { Redactor, SecretSource } from "../engine/secrets.ts";
import { createDisk, type Disk } from "../journal/disk.ts";
import { openRunIndex } from "../journal/history/runIndex.ts";
import { type LookPlace, lookAtRun } from "../journal/history/unfinished.ts";
import { type LogFile, openLogFile } from "../journal/log/logFile.ts";
import { systemClock } from "../journal/machine/clock.ts";
import { createMachine } from "../journal/machine/machine.ts";
import { memoryLeft, roomIn } from "../journal/machine/room.ts";
import { runFolder, runPaths } from "../journal/runFolder.ts";
import { stateFolder, stateRoot } from "../journal/stateFolder.ts";
import { openToolServers } from "../mcp/toolServers.ts";
import { spawnGuarded } from "../process/spawn.ts";
import { describeError, type Log, type LogEntry, logLevelOf } from "../run/log/entry.ts";
import { createProgram } from "../run/start/program.ts";
import { readPlainFile } from "../search/plainFile.ts";
import type { JsonObject } from "../util/json.ts";
import type { App, ProcessFigures, TemplateInfo } from "./app.ts";
import { createApp } from "./createApp.ts";
import { findings } from "./doctor.ts";
import type { Files } from "./files.ts";
import type { LaunchPorts } from "./launch/launch.ts";
import { untrusted } from "./launch/launch.ts";
import { missingSecrets, secretsSeen } from "./launch/missingSecrets.ts";
import {
  agentChooser,
  listAgents,
  listTools,
  serverProblems,
  toolDescriber,
} from "./launch/names.ts";
import { openSettings } from "./launch/settings.ts";
import { openTrust } from "./launch/trust.ts";
import { openRunDisk } from "./runs/runDisk.ts";
import { createRuns } from "./runs/runs.ts";
import { elsewhere, surroundingsOf } from "./runs/surroundings.ts";

export type { SecretSource };

export interface ComposeOptions {
  /** The folder whose runs these are; it exists. */
  readonly workspace: string;
  /** The host's environment, its PATH as a person's login shell has it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The host's own settings; they win over files. */
  readonly settings?: JsonObject;
  /** The host's own word on trust; absent: the recorded one. */
  readonly trusted?: boolean | (() => boolean);
  /** Entry file of the guard, where it does not lie beside the program. */
  readonly guardScript?: string;
  /** The folder of the templates that come with the product; absent: beside the program or above it. */
  readonly shippedTemplates?: string;
  /** Told to MCP servers. */
  readonly version?: string;
  /** Where the person keeps secrets; absent: variables and a file, as at a terminal. */
  readonly secrets?: SecretSource;
  /** The language models of the editor that the host is. */
  readonly languageModels?: LanguageModels;
  /** Our own faults and odd findings, besides the log. */
  readonly log?: (message: string, cause?: unknown) => void;
  /** Told of every line of the log, for a host that shows one of its own. */
  readonly logged?: (entry: LogEntry) => void;
  /** Takes what must not be read out of each text of the log. */
  readonly redact?: (text: string) => string;
  /** Another disk than the real one; for crash tests. */
  readonly disk?: Disk;
}

/** The product over one workspace, on this machine. */
export async function composeApp(options: ComposeOptions): Promise<App> {
  const { env, version = "0.1.0" } = options;
  const { workspace, state, root, config } = placesOf(options);
  const recorded = await openTrust(realFiles, path.join(root, "trusted-folders"), workspace);
  const trusted = asked(options.trusted) ?? recorded.isTrusted;
  const inWorkspace = (file: string) => path.join(workspace, file);
  const own = () => (trusted() ? inWorkspace(".fermata/settings.json") : undefined);
  const user = path.join(config, "settings.json");
  const host = options.settings ? { host: options.settings } : {};
  const live = await openSettings(realFiles, { user, workspace: own, ...host });
  const { settings } = live;
  const secrets = openSecrets(options, config);
  const { vault } = secrets;
  const logFile = openLog(options, state, vault.redact, () => settings.all.logLevel);
  const log = reportTo(logFile, options.log, vault.redact);
  const guard = options.guardScript === undefined ? {} : { guardScript: options.guardScript };
  const languageModels = options.languageModels ? { languageModels: options.languageModels } : {};
  const shared = { environment: env, secrets: vault };
  const commands = { ...shared, allowedVariables: settings.env, ...guard };
  const agents = createAgents({ workspace, settings, trusted, ...commands, ...languageModels });
  const servers = await openToolServers({
    workspace,
    stateFolder: state,
    trusted,
    settings,
    spawn: (command) => spawnGuarded({ ...command, ...guard }),
    ...shared,
    version,
  });
  const connected = () => servers.connectAll(AbortSignal.timeout(SERVER_PATIENCE));
  const storage = openStorage(options, state, log);
  const agentPool = createAgentPool(() => settings.maxAgents);
  const runDisk = openRunDisk(storage);
  const program = createProgram();
  const pathsOf = (run: string) => runPaths(runFolder(state, run));
  const transcripts = (run: string) => openTranscripts(pathsOf(run).output, Date.now);
  const runs = createRuns({
    disk: runDisk,
    machine: storage.machine.self.host,
    trusted,
    untrusted: () => untrusted(workspace),
    elsewhere: (state) => elsewhere(agents, state),
    surroundings: async (run) => ({
      program,
      ...surroundingsOf({
        agents,
        servers,
        commands,
        vault,
        workspace,
        transcripts: transcripts(run),
        guardFolder: await guardFolder(pathsOf(run).folder),
      }),
      createPerformer: (made) => createPerformer({ ...made, agentPool }),
      now: Date.now,
      timer: systemTimer,
      fault: (error) => log(`Fault in ${run}`, error),
    }),
    log: logFile,
  });
  const index = openRunIndex({ ...storage, read: runDisk.state, live: runs.live });
  const launch: LaunchPorts = {
    files: realFiles,
    places: templatePlaces(options, workspace, config),
    program,
    trusted,
    ...agentChooser(agents, settings),
    ...toolDescriber(servers, inWorkspace),
    env: () => picked(env, settings.env),
    missingSecrets: (names) => missingSecrets(vault, names),
    machine: storage.machine.self.host,
    now: Date.now,
    newSeed: () => randomBytes(16).toString("hex"),
  };
  return createApp({
    workspace,
    stateFolder: state,
    files: realFiles,
    launch,
    disk: runDisk,
    index,
    report: log,
    process: processFigures,
    archives: { ...storage, now: Date.now, erase },
    settings: () => settings.all,
    health: { ...machineHealth(storage), agents: agents.doctor, servers: connected, trusted },
    runs,
    transcripts,
    trust: recorded.trust,
    listAgents: () => listAgents(agents, inWorkspace),
    listTools: () => listTools(servers),
    refresh: live.refresh,
    examine: async (templates) =>
      findings({
        ...(await placeSeen(workspace, state, trusted())),
        settingsProblems: live.problems,
        agents: await agents.doctor(),
        servers: await connected(),
        serverProblems: serverProblems(servers, inWorkspace),
        ...(await secrets.seen(templates)),
        ...templatesSeen(templates),
      }),
    logFile: logFile.file,
    dispose: async () => {
      await servers.dispose();
      await logFile.close();
    },
  });
}

/** Where everything of this workspace and of this person is kept. */
function placesOf({ workspace: given, env }: ComposeOptions) {
  const workspace = realpathSync.native(given);
  const where = { env, platform: process.platform, home: homedir() };
  return {
    workspace,
    state: stateFolder({ ...where, workspace }),
    root: path.join(stateRoot(where), "fermata"),
    config: path.join(env.XDG_CONFIG_HOME || path.join(homedir(), ".config"), "fermata"),
  };
}

function templatePlaces(options: ComposeOptions, workspace: string, config: string) {
  const shipped = options.shippedTemplates ?? shippedFolder();
  return { workspace, user: path.join(config, "workflows"), shipped };
}

/** What `health` asks of the machine itself. */
function machineHealth(storage: LookPlace) {
  const { disk, state, random } = storage;
  return {
    room: () => roomIn(disk, state, random),
    look: (run: string) => lookAtRun(storage, run),
    memory: () => ({ used: process.memoryUsage.rss(), available: memoryLeft() }),
    now: Date.now,
  };
}

function erase(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function openStorage(options: ComposeOptions, state: string, report: (message: string) => void) {
  const disk = options.disk ?? createDisk();
  return { disk, state, machine: createMachine(), clock: systemClock, random: randomBytes, report };
}

/** Secrets from where the host keeps them, or else from variables and a file. */
function openSecrets({ env, secrets }: ComposeOptions, config: string) {
  const file = openSecretFile(env, path.join(config, "secrets.json"));
  const vault = createVault(secrets ?? file);
  const problem = async () => (secrets ? undefined : file.problem());
  const place = secrets
    ? "use Fermata: Set Secret"
    : `put it into ${file.file}, as JSON that only you may read (chmod 600)`;
  return {
    vault,
    seen: (templates: readonly TemplateInfo[]) => secretsSeen({ place, problem }, vault, templates),
  };
}

async function placeSeen(workspace: string, stateFolder: string, trusted: boolean) {
  const { node } = process.versions;
  return { node, workspace, stateFolder, trusted, ...(await storageProblem(stateFolder)) };
}

function templatesSeen(templates: readonly TemplateInfo[]) {
  return { templates: templates.length, brokenTemplates: broken(templates) };
}

/** The log beside the runs. FERMATA_LOG_LEVEL wins over the setting. */
function openLog(
  options: ComposeOptions,
  state: string,
  { text: hide }: Redactor,
  setting: () => unknown,
): LogFile {
  const { env, logged, redact = (text) => text } = options;
  return openLogFile({
    folder: path.join(state, "log"),
    level: () => logLevelOf(env.FERMATA_LOG_LEVEL) ?? logLevelOf(setting()) ?? "info",
    redact: (text) => redact(hide(text)),
    now: Date.now,
    ...(logged ? { also: logged } : {}),
  });
}

/** Our own faults and odd findings go to the log and to the host. */
function reportTo(
  log: Log,
  host: ComposeOptions["log"],
  redact: Redactor,
): NonNullable<ComposeOptions["log"]> {
  return (message, cause) => {
    const found = cause === undefined ? {} : { error: describeError(cause) };
    const run = /\brun_[a-z2-7]{12}\b/.exec(message)?.[0];
    const about = run === undefined ? {} : { run };
    log.write({ level: cause === undefined ? "info" : "error", message, ...about, ...found });
    host?.(redact.text(message), cause === undefined ? cause : redactError(redact, cause));
  };
}

function processFigures(): ProcessFigures {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const uptime = Math.round(process.uptime() * 1000);
  return { memory: rss, heap: heapUsed, cpu: Math.round((user + system) / 1000), uptime };
}

/** The folder in which the processes of a run are recorded. */
async function guardFolder(run: string): Promise<string> {
  const folder = path.join(run, "guards");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** How long `doctor` waits for a tool server to start, in ms. */
const SERVER_PATIENCE = 15_000;

/** What a person wrote to be read is smaller. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

function realPathOf(file: string): Promise<string | undefined> {
  return realpath(file).catch(() => undefined);
}

const realFiles: Files = {
  readText: async (file) => {
    const bytes = await readPlainFile(file, { most: MAX_TEXT_BYTES }).catch(() => undefined);
    return bytes?.toString("utf8");
  },
  isInside: async (folder, file) => {
    const [root, found] = await Promise.all([folder, file].map(realPathOf));
    if (root === undefined || found === undefined) return false;
    const between = path.relative(root, found);
    return between !== ".." && !between.startsWith(`..${path.sep}`) && !path.isAbsolute(between);
  },
  writeText: async (file, text) => {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${randomBytes(6).toString("hex")}`;
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, file);
  },
  replaceText: async (file, text) => {
    const target = await realpath(file);
    const { mode } = await stat(target);
    const temporary = `${target}.${randomBytes(6).toString("hex")}`;
    await writeFile(temporary, text, { mode });
    await rename(temporary, target);
  },
  list: async (folder) => (await readdir(folder).catch((): string[] => [])).sort(),
  join: (...parts) => path.join(...parts),
  resolve: (base, file) => path.resolve(base, file),
  folderOf: (file) => path.dirname(file),
};

async function storageProblem(folder: string): Promise<{ readonly storageProblem?: string }> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return {};
  } catch (error) {
    return { storageProblem: error instanceof Error ? error.message : String(error) };
  }
}

function asked(word: ComposeOptions["trusted"]): (() => boolean) | undefined {
  return typeof word === "boolean" ? () => word : word;
}

/** The nearest `workflows` folder above this program's own file: the checkout's, or the package's. */
function shippedFolder(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "workflows");
    if (existsSync(path.join(candidate, "interactive-planning.workflow.yaml"))) return candidate;
    if (folder === path.dirname(folder)) return candidate;
  }
}

function broken(
  templates: readonly TemplateInfo[],
): readonly { readonly file: string; readonly problem: string }[] {
  return templates.flatMap(({ file, problem }) =>
    problem === undefined ? [] : [{ file, problem }],
  );
}

function picked(env: ComposeOptions["env"], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}
