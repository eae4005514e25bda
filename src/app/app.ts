/**
 * Every verb of the product, once. Hosts (terminal, editor, MCP, HTTP) are thin tables over this.
 * Knows no host: what differs between them comes in through `AppPorts`.
 */
import type { WorkerInfo } from "../activities/worker/workers.ts";
import type { IndexFigures } from "../journal/history/runIndex.ts";
import type { LeavingRun, ReadRetention, Retention } from "../report/retention.ts";
import type { RunStats } from "../report/runStats.ts";
import type { Admission } from "../run/command.ts";
import type { Recorded } from "../run/event.ts";
import type { Failure } from "../run/failure.ts";
import type { Unjudged } from "../run/gate/gateNeeds.ts";
import type { GateResult } from "../run/gate/judge.ts";
import type { RunQuery } from "../run/history/query.ts";
import type { RunLine } from "../run/history/runLine.ts";
import type { Signal } from "../run/signal.ts";
import type { RunState } from "../run/state.ts";
import type { Pace, StopPlace } from "../run/stops/stop.ts";
import type { Json, JsonObject } from "../util/json.ts";
import type { Health } from "../views/machine/health.ts";
import type { Inputs } from "../workflow/definition/inputDefinition.ts";
import type { FileDiagnostic, Range } from "../workflow/diagnostic.ts";
import type { Change } from "../workflow/mend/migrate.ts";
import type { AgentAnswers } from "./agentTools/agentAnswers.ts";
import type { FixMade } from "./launch/fixTemplate.ts";

export type TemplateSource = "workspace" | "user" | "shipped";

/** A workflow file in the catalogue. */
export interface TemplateInfo {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly source: TemplateSource;
  /** Absolute path. */
  readonly file: string;
  readonly inputs: Inputs;
  /** Names of the secrets that its own file names. */
  readonly secrets: readonly string[];
  /** Why it cannot run, when its file has errors. */
  readonly problem?: string;
}

/** A file's text beside what was found in it, so that a host can point at the place. */
export interface Checked {
  readonly ok: boolean;
  readonly file: string;
  readonly diagnostics: readonly FileDiagnostic[];
}

/** What is left to say after fixes were made. */
export interface Fixed extends Checked {
  readonly fixed: readonly FixMade[];
}

/** A file in today's language. Nothing of it is on disk unless it was to be written. */
export interface Migrated extends Checked {
  /** The text as it was, and as it is now. */
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
  /** What the file should be called; its dialect is told by its name. */
  readonly name: string;
}

export interface AgentInfo {
  /** With its `@`. */
  readonly name: string;
  readonly description: string;
  /** The file that defines it, absolute; absent for those of settings and of the product. */
  readonly file?: string;
  /** What stands behind it here, where that was asked; absent where nothing can. */
  readonly adapter?: string;
}

/** A type, not an interface, so that it may stand where any JSON object may. */
export type ToolListing = {
  /** `server.tool` */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the parameters. */
  readonly inputSchema: JsonObject;
};

export interface StartRequest {
  /** A template's name or a path, absolute or relative to the workspace. */
  readonly template: string;
  readonly inputs: JsonObject;
  /** Inputs are texts from a command line and become the types that are asked for. */
  readonly coerce?: boolean;
  readonly startedBy: string;
  /** Answers by step id or task path, as a policy; `id` names it in the record. */
  readonly answers?: AnswersPolicy;
  /** Set before the first step begins. */
  readonly stops?: Stops;
}

/** What a session of debugging wants a run to stop at, all of it. It ends with this process at the latest. */
export interface Stops {
  /** Names the session; the same in everything that it asks. */
  readonly session: string;
  readonly by: string;
  readonly places: readonly StopPlace[];
  /** Stop at the next step that begins, too. */
  readonly pace?: Pace;
}

/** Where a step is written, and what it is called in every run. */
export interface WrittenStep {
  readonly place: string;
  readonly title: string;
  readonly range: Range;
}

export type FoundSteps =
  | {
      readonly ok: true;
      /** Absolute. */
      readonly main: string;
      /** The main file first. `workflow`: its key in a run's bundle. */
      readonly files: readonly {
        readonly file: string;
        readonly workflow: string;
        readonly steps: readonly WrittenStep[];
      }[];
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly diagnostics: readonly FileDiagnostic[];
    };

/** A new run from the beginning of another: all that came before a task's start. */
export interface ForkRequest {
  readonly run: string;
  /** Path of the task that the new run goes on with. */
  readonly from: string;
  readonly startedBy: string;
  /** Fields of the state that this task reads, written before it begins. */
  readonly set?: JsonObject;
  /** Set before anything goes on. */
  readonly stops?: Stops;
}

export interface AnswersPolicy {
  readonly id: string;
  readonly answers: JsonObject;
}

export type Started =
  | { readonly ok: true; readonly run: string }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly diagnostics: readonly FileDiagnostic[];
    };

/** Who drives a run now. `here`: this process. */
export type Ownership = "here" | "elsewhere" | "nobody";

/** One line of a list of runs. */
export interface RunSummary extends RunLine {
  readonly ownership: Ownership;
  /** Why its journal cannot be read; the other fields then say what stood before the damage, as far as it is known. */
  readonly damage?: string;
}

/** Which runs are listed. */
export interface RunsAsked {
  /** All when left out. */
  readonly query?: RunQuery;
  /** At most so many, the latest. */
  readonly limit?: number;
}

/** The gates that a run has judged at a task, or those of a step of a workflow: its only one with gates unless it is named. */
export type GatesOf =
  | { readonly run: string; readonly path: string }
  | {
      /** A name, or a file's absolute path. */
      readonly template: string;
      readonly step?: string;
      readonly inputs: JsonObject;
      /** What the step is taken to have given, for gates over its output. */
      readonly output?: Json;
    };

/** `before`: what the run itself has of them; `path`: where they stand, or their step. */
export type GatesRun =
  | {
      readonly ok: true;
      readonly path: string;
      readonly results: readonly GateResult[];
      readonly before: readonly GateResult[];
      /** Those of a file that only a run can judge, or that look at what nobody said the step gave. */
      readonly unjudged: readonly Unjudged[];
    }
  | {
      readonly ok: false;
      readonly failure: Failure;
      /** What is wrong with the file. */
      readonly diagnostics?: readonly FileDiagnostic[];
    };

export type Archived =
  | { readonly ok: true; readonly file: string; readonly bytes: number }
  | { readonly ok: false; readonly failure: Failure };

export type Restored =
  | { readonly ok: true; readonly run: string }
  | { readonly ok: false; readonly failure: Failure };

/** What `prune` took away, or would. */
export interface Pruned {
  readonly leaving: readonly (LeavingRun & {
    readonly workflow: string;
    readonly subject: string;
  })[];
  /** Runs past the limits that stay, and why. */
  readonly kept: readonly { readonly run: string; readonly why: string }[];
  readonly dryRun: boolean;
}

/** What this process takes. */
export interface ProcessFigures {
  /** Bytes of memory that it holds, and of those what its own objects take. */
  readonly memory: number;
  readonly heap: number;
  /** Ms of computing, and since it started. */
  readonly cpu: number;
  readonly uptime: number;
}

/** The figures of many runs, and how this process and its index do. */
export interface Stats extends RunStats {
  readonly index: IndexFigures & {
    /** Of the looks at a run, the share that the index answered, from 0 to 1; null before the first. */
    readonly hit_rate: number | null;
  };
  readonly process: ProcessFigures;
  /** Runs whose journals cannot be read; they are in none of the figures. */
  readonly damaged: number;
}

/** What a watcher is told. `records` are durable; `live` lines are not events and may be lost. */
export type RunChange =
  | { readonly type: "records"; readonly records: readonly Recorded[] }
  | { readonly type: "live"; readonly path: string; readonly text: string }
  /** An answer of the answers file was refused: the question is still open. `reason` says what is wrong with it. */
  | { readonly type: "refused"; readonly path: string; readonly reason: string }
  | { readonly type: "ownership"; readonly ownership: Ownership }
  /** Driven here, and all that follows by itself is durable. */
  | { readonly type: "quiet" }
  /** This process had to stop driving or following it, and why: a journal that cannot be written, a fault of ours. */
  | { readonly type: "stopped"; readonly message: string };

/** A run that is looked at, whoever drives it. */
export interface RunWatch {
  readonly run: string;
  /** The fold so far; one object that moves on with every change. */
  readonly state: RunState;
  readonly ownership: Ownership;
  /** Driven here, and more may follow by itself: questions may be open, yet the run is not at rest. */
  readonly busy: boolean;
  /** Why this process had to stop driving it, or cannot follow it now; absent while all is well. */
  readonly stopped: string | undefined;
  /** Latest live line of each running task, by path. */
  readonly live: ReadonlyMap<string, string>;
  /** Why answers of the answers file were refused here whose questions are still open, by path. */
  readonly refused: ReadonlyMap<string, string>;
  onChange(listener: (change: RunChange) => void): () => void;
  dispose(): void;
}

export type Opened =
  | { readonly ok: true; readonly ownership: Ownership }
  | { readonly ok: false; readonly failure: Failure };

/** One thing that `doctor` looked at. */
export interface Finding {
  readonly about: string;
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  /** What to do about it; absent when it is fine. */
  readonly fix?: string;
}

/** A line of a transcript. `at` in ms since the epoch. */
export interface TranscriptLine {
  readonly at: number;
  readonly attempt: number;
  readonly kind: string;
  readonly text: string;
}

export interface App {
  readonly workspace: string;
  /** The folder that holds this workspace's runs. */
  readonly stateFolder: string;
  /** Where the log is written, one JSON object a line; older ones lie beside it. */
  readonly logFile: string;
  isTrusted(): boolean;
  /** Records the person's yes for this folder. */
  trust(): Promise<void>;
  listTemplates(): Promise<readonly TemplateInfo[]>;
  /** A template's name or path. `text` stands for what an editor has of that file and not yet saved. */
  validate(template: string, text?: string): Promise<Checked>;
  /** Makes the fixes that take nothing away, and writes the file. */
  fix(template: string): Promise<Fixed>;
  /** Rewrites a file of the older dialect into today's language; `write` puts it in its place. */
  migrate(template: string, how?: { readonly write?: boolean }): Promise<Migrated>;
  /** The agents that a workflow here can name; `chosen`: and what stands behind each on this machine. */
  listAgents(how?: { readonly chosen?: boolean }): Promise<readonly AgentInfo[]>;
  /** The tools that a workflow here can call; in a trusted folder this starts the configured servers. */
  listTools(): Promise<readonly ToolListing[]>;
  /** The HTTP workers of the settings, each with its address; `asked`: and how it is, which connects to it. */
  listWorkers(how?: { readonly asked?: boolean }): Promise<readonly WorkerInfo[]>;
  startRun(request: StartRequest): Promise<Started>;
  /** Latest first. */
  listRuns(asked?: RunsAsked): Promise<readonly RunSummary[]>;
  /** Of the runs that fit; all of them when there is no question. */
  stats(asked?: Pick<RunsAsked, "query">): Promise<Stats>;
  /** Undefined when there is no such run. Rejects with a `JournalFailure` when its journal cannot be read. */
  watchRun(run: string): Promise<RunWatch | undefined>;
  /** Everything that is durable of a run, from its first event. Rejects when its journal cannot be read. */
  readEvents(run: string): Promise<readonly Recorded[]>;
  /** Drives a run on from here when nobody else does; follows otherwise. */
  openRun(
    run: string,
    how?: { readonly takeOver?: boolean; readonly answers?: AnswersPolicy },
  ): Promise<Opened>;
  /** Opens, in turn, the unfinished runs that this machine created and nobody drives. */
  resumeInterrupted(): Promise<readonly string[]>;
  /** To the run's owner, here or in another process; takes the run for the moment when nobody drives it. */
  signal(run: string, signal: Signal): Promise<Admission>;
  /** Sets what a session of debugging stops the run at, in place of what it had set. A `stops_end` signal ends it. */
  setStops(run: string, stops: Stops): Promise<Admission>;
  /** Where the steps of a template, and of what it leads to, are written. */
  findSteps(template: string): Promise<FoundSteps>;
  /** Retries from a task that may have finished, as a new run driven from here; the other run is only read. */
  forkRun(request: ForkRequest): Promise<Started>;
  /** Resolves when the run is finished or waits only for somebody outside; at once when it already does. */
  settled(run: string): Promise<RunState>;
  /** What gates come to when they are run alone; nothing of it is recorded. */
  runGates(gates: GatesOf, signal: AbortSignal): Promise<GatesRun>;
  readOutput(run: string, path: string): Promise<readonly TranscriptLine[]>;
  /** One JSON object: events, transcripts, and the state's hash. */
  exportRun(run: string): Promise<JsonObject>;
  /** The run as one file, absolute, that must not exist. The run stays; one that somebody drives is refused. */
  archiveRun(run: string, file: string): Promise<Archived>;
  /** Brings a run back from such a file. It never goes on by itself. */
  restoreRun(file: string): Promise<Restored>;
  /** The limits that are set for the runs of this folder. */
  retention(): Promise<ReadRetention>;
  /** Removes finished runs that are past the limits; `dryRun` only names them. */
  prune(retention: Retention, how?: { readonly dryRun?: boolean }): Promise<Pruned>;
  /** Which questions of runs other agents may answer here. */
  agentAnswers(): Promise<AgentAnswers>;
  evaluate(
    template: string,
    context: JsonObject,
  ):
    | { readonly ok: true; readonly value: Json }
    | {
        readonly ok: false;
        readonly message: string;
        readonly line: number;
        readonly column: number;
      };
  /** The set-up: what is missing or wrong, with its fix. */
  doctor(): Promise<readonly Finding[]>;
  /** The running state: storage, owners of runs, queues, the index, agents, tools, memory. */
  health(): Promise<Health>;
  dispose(): Promise<void>;
}
