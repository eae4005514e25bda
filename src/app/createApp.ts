/** The verbs of the product over its parts. Decides which part does what; does nothing itself. */

import { recordedOf } from "../engine/drive.ts";
import type { Transcripts } from "../engine/embedded/transcripts.ts";
import { lineColumn } from "../expression/error.ts";
import { seededRandom } from "../expression/random.ts";
import { compileTemplate, renderValue } from "../expression/template.ts";
import type { ArchivePlace } from "../journal/archive/archiveRun.ts";
import type { RunIndex } from "../journal/history/runIndex.ts";
import { type Retention, readRetention } from "../report/retention.ts";
import { fold } from "../run/evolve/evolve.ts";
import { stateHash } from "../run/stateHash.ts";
import type { JsonObject } from "../util/json.ts";
import { agentAnswersOf } from "./agentTools/agentAnswers.ts";
import type {
  App,
  Checked,
  Finding,
  Fixed,
  Migrated,
  ProcessFigures,
  TemplateInfo,
} from "./app.ts";
import type { Files } from "./files.ts";
import { type HealthPorts, health } from "./health.ts";
import { archive, restore } from "./history/archives.ts";
import { listRuns } from "./history/listing.ts";
import { createKeeping, prune } from "./history/prune.ts";
import { stats } from "./history/stats.ts";
import { fixTemplate } from "./launch/fixTemplate.ts";
import { type LaunchPorts, launch, namesNow, withServerProblems } from "./launch/launch.ts";
import { migrateTemplate } from "./launch/migrateTemplate.ts";
import { findSteps } from "./launch/stepPlaces.ts";
import { checkTemplate, errorsOf, findTemplate, listTemplates } from "./launch/templates.ts";
import { forkRun } from "./runs/forkRun.ts";
import type { RunDisk } from "./runs/runDisk.ts";
import { type RunGatesPorts, runGates } from "./runs/runGates.ts";
import type { Runs } from "./runs/runs.ts";
import { stopsSignal } from "./runs/stopSessions.ts";
import { noSuchRun } from "./runs/trouble.ts";

export interface AppParts
  extends Pick<RunGatesPorts, "program" | "surroundings" | "aside" | "visitWorktree"> {
  readonly workspace: string;
  readonly stateFolder: string;
  readonly logFile: string;
  readonly files: Files;
  readonly launch: LaunchPorts;
  readonly disk: RunDisk;
  readonly index: RunIndex;
  /** Told of what went wrong and was got around. */
  readonly report: (message: string, cause?: unknown) => void;
  readonly runs: Runs;
  readonly transcripts: (run: string) => Transcripts;
  readonly process: () => ProcessFigures;
  readonly archives: ArchivePlace;
  readonly health: Omit<HealthPorts, "index" | "live" | "stateFolder" | "workers">;
  /** Everything that is set, as it was read. */
  readonly settings: () => JsonObject;
  readonly trust: () => Promise<void>;
  readonly listAgents: App["listAgents"];
  readonly listTools: App["listTools"];
  readonly listWorkers: App["listWorkers"];
  /** Reads the settings again. */
  readonly refresh: () => Promise<void>;
  readonly examine: (templates: readonly TemplateInfo[]) => Promise<readonly Finding[]>;
  readonly dispose: () => Promise<void>;
}

/** The product over one workspace. */
export function createApp(parts: AppParts): App {
  const { files, runs, disk, index } = parts;
  const { places } = parts.launch;
  const across = { disk, index, live: runs.live };
  const archives = { place: parts.archives, disk, live: runs.live };
  const retention = async () => readRetention(parts.settings().retention);
  const remove = (limits: Retention, dryRun = false) =>
    prune({ place: parts.archives, disk, index }, limits, dryRun);
  const keeping = createKeeping({
    ...{ retention, prune: remove, now: parts.launch.now, report: parts.report },
  });
  return {
    workspace: parts.workspace,
    stateFolder: parts.stateFolder,
    logFile: parts.logFile,
    isTrusted: () => parts.launch.trusted(),
    trust: parts.trust,
    listTemplates: () => listTemplates(files, places),
    validate: async (template, text) => {
      await parts.refresh();
      return validate(parts, template, text);
    },
    fix: async (template) => {
      await parts.refresh();
      return fix(parts, template);
    },
    migrate: async (template, { write = false } = {}) => {
      await parts.refresh();
      return migrated(parts, template, write);
    },
    listAgents: parts.listAgents,
    listTools: parts.listTools,
    listWorkers: async (how) => {
      await parts.refresh();
      return parts.listWorkers(how);
    },
    startRun: async (request) => {
      await parts.refresh();
      const run = disk.newId();
      const launched = await launch(parts.launch, request, run);
      if (!launched.ok) return launched;
      const refused = await runs.create(run, launched.first, request);
      keeping.look();
      return refused ? { ok: false, failure: refused, diagnostics: [] } : { ok: true, run };
    },
    listRuns: (asked) => listRuns({ ...across, report: parts.report }, asked),
    stats: (asked) => stats({ ...across, process: parts.process, now: parts.launch.now }, asked),
    watchRun: (run) => runs.watch(run),
    readEvents: async (run) => (await disk.records(run)).map(recordedOf),
    openRun: (run, how = {}) => runs.open(run, how),
    resumeInterrupted: () => runs.resumeInterrupted(),
    signal: (run, signal) => runs.signal(run, signal),
    setStops: (run, stops) => runs.signal(run, stopsSignal(disk.self, stops)),
    findSteps: (template) => findSteps(files, places, template),
    forkRun: (request) => forkRun({ ...parts, place: parts.archives }, request),
    settled: (run) => runs.settled(run),
    runGates: (gates, signal) => runGates(parts, gates, signal),
    readOutput: (run, path) => parts.transcripts(run).read(path),
    exportRun: (run) => exportRun(parts, run),
    archiveRun: (run, file) => archive(archives, run, file),
    restoreRun: (file) => restore(archives, file),
    retention: async () => {
      await parts.refresh();
      return retention();
    },
    agentAnswers: async () => {
      await parts.refresh();
      return agentAnswersOf(parts.settings().agentAnswers);
    },
    prune: (limits, { dryRun = false } = {}) => remove(limits, dryRun),
    evaluate,
    health: async () => {
      await parts.refresh();
      const { stateFolder, listWorkers } = parts;
      return health({ ...parts.health, index, live: runs.live, stateFolder, workers: listWorkers });
    },
    doctor: async () => {
      await parts.refresh();
      return parts.examine(await listTemplates(files, places));
    },
    dispose: async () => {
      await keeping.done();
      await runs.dispose();
      await index.dispose();
      await parts.dispose();
    },
  };
}

async function validate(parts: AppParts, template: string, text?: string): Promise<Checked> {
  if (text !== undefined) return check(parts, parts.files.resolve(parts.workspace, template), text);
  const found = await findTemplate(parts.files, parts.launch.places, template);
  return found.ok ? check(parts, found.file, found.text) : notFound(template, found.message);
}

async function fix(parts: AppParts, template: string): Promise<Fixed> {
  const { files } = parts;
  const found = await findTemplate(files, parts.launch.places, template);
  if (!found.ok) return { ...notFound(template, found.message), fixed: [] };
  const { file } = found;
  const fixed = await fixTemplate(
    files,
    found,
    async (text) => (await check(parts, file, text)).diagnostics,
  );
  const text = (await files.readText(file)) ?? found.text;
  return { ...(await check(parts, file, text)), fixed };
}

async function migrated(parts: AppParts, template: string, write: boolean): Promise<Migrated> {
  const { files } = parts;
  const { places } = parts.launch;
  const found = await findTemplate(files, places, template);
  if (!found.ok) {
    const nothing = { before: "", after: "", changes: [], name: template };
    return { ...notFound(template, found.message), ...nothing };
  }
  return migrateTemplate(files, places, found, await namesNow(parts.launch), write);
}

function notFound(template: string, message: string): Checked {
  const start = { line: 1, column: 1, offset: 0 };
  const range = { start, end: start };
  const missing = { severity: "error", code: "not-found", message, range } as const;
  return { ok: false, file: template, diagnostics: [{ ...missing, fileName: template }] };
}

async function check(parts: AppParts, file: string, text: string): Promise<Checked> {
  const { places } = parts.launch;
  const lookups = await namesNow(parts.launch);
  const checked = await checkTemplate(parts.files, places, { fileName: file, text }, lookups);
  return {
    ok: errorsOf(checked.diagnostics).length === 0,
    file,
    diagnostics: withServerProblems(parts.launch, checked.diagnostics),
  };
}

/** Of a damaged run: what stands before the damage, with `damage` saying what it is. */
async function exportRun(parts: AppParts, run: string): Promise<JsonObject> {
  const { records, damage } = await parts.disk.salvage(run);
  const state = fold(records.map(recordedOf));
  if (!state) throw damage ?? new Error(noSuchRun(run).message);
  const transcripts = await parts.transcripts(run).readAll();
  return {
    format: "fermata-run-1",
    run,
    status: state.status,
    state_hash: stateHash(state),
    ...(damage ? { damage: damage.message } : {}),
    records: JSON.parse(JSON.stringify(records)),
    transcripts: JSON.parse(JSON.stringify(transcripts)),
  };
}

const evaluate: App["evaluate"] = (template, context) => {
  const result = renderValue(
    template,
    {
      roots: context,
      at: Date.now(),
      random: seededRandom("eval", template, 1),
      env: () => undefined,
      lenient: false,
    },
    compileTemplate,
  );
  if (result.ok) return { ok: true, value: result.value ?? null };
  const { line, column } = lineColumn(template, result.error.start);
  return { ok: false, message: result.error.message, line, column };
};
