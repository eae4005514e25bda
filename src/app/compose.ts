/**
 * Where everything meets: the real disk, clock, processes and environment, put together into an `App`.
 * With what lies in `machine` the only part of `app` that uses Node. Makes things; decides nothing.
 */
import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { missingWorkspace } from "../activities/folder.ts";
import { createWorkers } from "../activities/worker/workers.ts";
import type { LanguageModels } from "../agents/languageModels.ts";
import { createAgents } from "../agents/registry.ts";
import { createAgentPool } from "../engine/embedded/agentPool.ts";
import { createPerformer } from "../engine/embedded/performer.ts";
import { openSecretFile } from "../engine/embedded/secretFile.ts";
import { systemTimer } from "../engine/embedded/systemTimer.ts";
import { openTranscripts, type Transcripts } from "../engine/embedded/transcripts.ts";
import { createVault } from "../engine/embedded/vault.ts";
import type { SecretSource } from "../engine/secrets.ts";
import { createWorkerCalls } from "../http/workerCalls.ts";
import { createDisk, type Disk } from "../journal/disk.ts";
import { openRunIndex } from "../journal/history/runIndex.ts";
import { systemClock } from "../journal/machine/clock.ts";
import { createMachine } from "../journal/machine/machine.ts";
import { runFolder, runPaths } from "../journal/runFolder.ts";
import { openToolServers } from "../mcp/toolServers.ts";
import { spawnGuarded } from "../process/spawn.ts";
import { createProgram } from "../run/start/program.ts";
import { isFinished } from "../run/state.ts";
import type { JsonObject } from "../util/json.ts";
import { openWorktrees, type Worktrees } from "../worktrees/worktrees.ts";
import type { App, TemplateInfo } from "./app.ts";
import { createApp } from "./createApp.ts";
import { findings } from "./doctor.ts";
import type { LaunchPorts } from "./launch/launch.ts";
import { untrusted } from "./launch/launch.ts";
import { agentChooser, toolDescriber } from "./launch/names.ts";
import { missingSecrets, secretsSeen } from "./launch/secrets/missingSecrets.ts";
import { createTyped } from "./launch/secrets/typed.ts";
import { openSettings, type Settings } from "./launch/settings.ts";
import { openTrust } from "./launch/trust.ts";
import { machineHealth, processFigures } from "./machine/figures.ts";
import { type LogOptions, openLog, reportTo } from "./machine/openLog.ts";
import { type PlacesAsked, placesOf, templatePlaces } from "./machine/places.ts";
import { realFiles } from "./machine/realFiles.ts";
import { openSearchPath } from "./machine/searchPath.ts";
import { openRunDisk, type RunDisk } from "./runs/runDisk.ts";
import { createRuns } from "./runs/runs.ts";
import { elsewhere, type SurroundingsPorts, surroundingsOf } from "./runs/surroundings.ts";
import { toldBy } from "./told.ts";

export type { SecretSource };

/** `env`: the host's environment. */
export interface ComposeOptions extends PlacesAsked, LogOptions {
  /** The host's own settings; they win over files. */
  readonly settings?: JsonObject;
  /** The host's own word on trust; absent: the recorded one. */
  readonly trusted?: boolean | (() => boolean);
  /** The person's shell, where the host may have been started without the PATH that it sets. */
  readonly loginShell?: string;
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
  /** Given what takes secrets out of a text, for what the host says of its own. */
  readonly redacting?: (redact: (text: string) => string) => void;
  /** Another disk than the real one; for crash tests. */
  readonly disk?: Disk;
}

/** The product over one workspace, on this machine. */
export async function composeApp(options: ComposeOptions): Promise<App> {
  const { version = "0.1.0" } = options;
  const { workspace, state, root, config } = placesOf(options);
  const recorded = await openTrust(realFiles, path.join(root, "trusted-folders"), workspace);
  const trusted = asked(options.trusted) ?? recorded.isTrusted;
  const { env, searchPath } = openEnvironment(options, trusted);
  const inWorkspace = (file: string) => path.join(workspace, file);
  const live = await openLayers(options, { workspace, config, trusted });
  const { settings } = live;
  const secrets = openSecrets(options, config, trusted);
  const { vault } = secrets;
  options.redacting?.(vault.redact.text);
  const logFile = openLog(options, state, vault.redact, () => settings.all.logLevel);
  const log = reportTo(logFile, options.log, vault.redact);
  const guard = options.guardScript === undefined ? {} : { guardScript: options.guardScript };
  const shared = { environment: env, secrets: vault };
  const commands = { ...shared, allowedVariables: settings.env, ...guard };
  const place = { workspace, trusted, ...commands, ...modelsOf(options, settings) };
  const workerCalls = createWorkerCalls({ now: () => performance.now() });
  const agents = createAgents({ ...place, settings, workerCalls });
  const worktrees = openWorktrees({
    workspace,
    folder: path.join(state, "worktrees"),
    ...commands,
  });
  const servers = await openToolServers({
    ...{ worktrees, workspace, stateFolder: state, trusted, settings, version, ...shared },
    spawn: (command) => spawnGuarded({ ...command, ...guard }),
  });
  const workers = createWorkers({ workers: () => settings.workers, calls: workerCalls });
  const { restore, sweep } = worktrees;
  const called = { agents, servers, workers, commands, vault, workspace, restore };
  const { ready } = searchPath;
  const told = toldBy(vault.redact, { agents, workers, servers, ready, fullName: inWorkspace });
  const storage = openStorage(options, state, log);
  const self = storage.machine.self.host;
  const machine = machineHealth(storage);
  const agentPool = createAgentPool(() => settings.maxAgents);
  const runDisk = openRunDisk(storage);
  const program = createProgram();
  const pathsOf = (run: string) => runPaths(runFolder(state, run));
  const transcripts = (run: string) => openTranscripts(pathsOf(run).output, Date.now);
  const near = surrounder(called, searchPath.ready);
  const surroundings = (run: string) => near(pathsOf(run).folder, transcripts(run));
  const sweeping = trusted() ? sweepEnded(worktrees, runDisk, log) : Promise.resolve();
  const runs = createRuns({
    disk: runDisk,
    typed: secrets.launch.typed,
    machine: self,
    trusted,
    untrusted: () => untrusted(workspace),
    unable: async (state) => (await missingWorkspace(workspace)) ?? elsewhere(agents, state, self),
    surroundings: async (run) => ({
      program,
      ...(await surroundings(run)),
      createPerformer: (made) => createPerformer({ ...made, agentPool }),
      ...{ now: Date.now, timer: systemTimer },
      fault: (error) => log(`Fault in ${run}`, error),
    }),
    log: logFile,
    ended: sweep,
  });
  const index = openRunIndex({ ...storage, read: runDisk.state, live: runs.live });
  const launch: LaunchPorts = {
    files: realFiles,
    places: templatePlaces(workspace, config, options.shippedTemplates),
    program,
    trusted,
    ...agentChooser(agents, settings),
    ...toolDescriber(servers, inWorkspace),
    workerNames: () => Object.keys(settings.workers),
    env: () => vault.redact.json(picked(env, settings.env)),
    ...{ ...secrets.launch, settingsProblems: () => live.problems },
    machine: self,
    now: Date.now,
    newSeed: () => randomBytes(16).toString("hex"),
  };
  return createApp({
    ...{ workspace, stateFolder: state, files: realFiles, launch, disk: runDisk, index },
    report: log,
    process: processFigures,
    archives: { ...storage, now: Date.now, erase },
    settings: () => settings.all,
    health: { ...machine, agents: told.agents, servers: told.servers, trusted },
    ...{ runs, program, surroundings, transcripts, aside: asideOf(near, state) },
    visitWorktree: worktrees.visit,
    trust: recorded.trust,
    ...told.listed,
    refresh: () => Promise.all([live.refresh(), searchPath.ready()]).then(() => undefined),
    examine: async (templates) =>
      findings({
        node: process.versions.node,
        ...{ workspace, stateFolder: state, trusted: trusted() },
        room: await machine.room(),
        ...{ shellPath: searchPath.seen(), settingsProblems: live.problems },
        ...{ agents: await told.agents(), servers: await told.servers() },
        workers: await told.listed.listWorkers({ asked: trusted() }),
        serverProblems: told.serverProblems(),
        ...(await secrets.seen(templates)),
        ...templatesSeen(templates),
      }),
    logFile: logFile.file,
    dispose: async () => {
      await sweeping;
      await servers.dispose();
      await logFile.close();
    },
  });
}

/** Takes away what runs left that ended just before their host died. */
async function sweepEnded(
  worktrees: Worktrees,
  disk: RunDisk,
  report: (message: string, cause: unknown) => void,
): Promise<void> {
  try {
    for (const run of await worktrees.runs()) {
      const state = await disk.state(run);
      if (!state || isFinished(state)) await worktrees.sweep(run);
    }
  } catch (error) {
    report("Worktrees of runs that have ended could not be cleared away.", error);
  }
}

/** A copy gets the login shell's PATH; without one the host's own stays, which may know names in any case. */
function openEnvironment({ env: own, loginShell: shell }: ComposeOptions, trusted: () => boolean) {
  const environment = { ...own };
  const env = shell === undefined ? own : environment;
  return { env, searchPath: openSearchPath({ environment, trusted, shell }) };
}

/** The settings of the person, of the folder once it is trusted, and of the host. */
function openLayers(
  { settings }: ComposeOptions,
  seen: { readonly workspace: string; readonly config: string; readonly trusted: () => boolean },
) {
  const own = path.join(seen.workspace, ".fermata/settings.json");
  return openSettings(realFiles, {
    user: path.join(seen.config, "settings.json"),
    workspace: () => (seen.trusted() ? own : undefined),
    ...(settings ? { host: settings } : {}),
  });
}

/** What agents over models ask of the host and of the person. */
function modelsOf({ languageModels }: ComposeOptions, settings: Settings) {
  const prices = () => settings.prices;
  return languageModels ? { prices, languageModels } : { prices };
}

function erase(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function openStorage(options: ComposeOptions, state: string, report: (message: string) => void) {
  const disk = options.disk ?? createDisk();
  return { disk, state, machine: createMachine(), clock: systemClock, random: randomBytes, report };
}

/** Secrets from where the host keeps them, or else from variables and a file. */
function openSecrets({ env, secrets }: ComposeOptions, config: string, trusted: () => boolean) {
  const file = openSecretFile(env, path.join(config, "secrets.json"));
  const vault = createVault(secrets ?? file);
  const problem = async () => (secrets ? undefined : file.problem());
  const place = secrets
    ? "use Fermata: Set Secret"
    : `put it into ${file.file}, as JSON that only you may read (chmod 600)`;
  return {
    ...{ vault, problem },
    launch: {
      typed: createTyped(vault, trusted),
      missingSecrets: (names: readonly string[]) => missingSecrets(vault, names),
      secretsProblem: problem,
      heldIn: vault.redact.find,
    },
    seen: (templates: readonly TemplateInfo[]) => secretsSeen({ place, problem }, vault, templates),
  };
}

function templatesSeen(templates: readonly TemplateInfo[]) {
  return { templates: templates.length, brokenTemplates: broken(templates) };
}

/** What attempts act through, recorded in a folder of a run's own, or in one beside those. */
function surrounder(
  ports: Omit<SurroundingsPorts, "guardFolder" | "transcripts">,
  ready: () => Promise<unknown>,
) {
  return async (folder: string, transcripts: Transcripts) => {
    await ready();
    return surroundingsOf({ ...ports, transcripts, guardFolder: await guardFolder(folder) });
  };
}

/** For what belongs to no run; nothing of it is kept. */
function asideOf(near: ReturnType<typeof surrounder>, state: string) {
  const folder = path.join(state, "aside");
  return () => near(folder, openTranscripts(folder, Date.now));
}

/** The folder in which the processes of a run are recorded. */
async function guardFolder(run: string): Promise<string> {
  const folder = path.join(run, "guards");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function asked(word: ComposeOptions["trusted"]): (() => boolean) | undefined {
  return typeof word === "boolean" ? () => word : word;
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
    names
      .filter((name) => !name.startsWith("FERMATA_SECRET_"))
      .flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}
