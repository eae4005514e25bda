/**
 * The lines about runs as an SQLite database in memory. The one place of sql.js, which is loaded when it is first needed.
 * Owns the tables; must not know journals, files or locks.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Database, SqlJsStatic, SqlValue } from "sql.js";
import type { OpenQuestion, PastRun, PastRunRows, PastTask } from "../../run/history/pastRun.ts";
import type { RunQuery } from "../../run/history/query.ts";
import { isSealed, seal } from "./seal.ts";
import { whereOf } from "./where.ts";

/** What a run's lines were made from: a journal of another length or time makes them void. */
export interface Source {
  readonly bytes: number;
  /** Time of change, in ms. */
  readonly changed: number;
}

export interface RunsWanted {
  /** At most so many. */
  readonly limit?: number | undefined;
  readonly driven?: readonly string[];
}

export interface Image {
  /** By run. */
  sources(): ReadonlyMap<string, Source>;
  /** Takes away what is known of these runs and of those in the entries, and puts the entries in its place. */
  replace(
    runs: readonly string[],
    entries: readonly { readonly rows: PastRunRows; readonly source: Source }[],
  ): void;
  /** Latest first. `driven`: the runs that some process drives now, for questions that hang on it. */
  runs(query: RunQuery, more?: RunsWanted): readonly PastRun[];
  /** Of runs that the question fits. */
  tasks(query: RunQuery, more?: RunsWanted): readonly PastTask[];
  questions(): readonly OpenQuestion[];
  /** The whole as a sealed SQLite file. */
  bytes(): Uint8Array;
  dispose(): void;
}

/**
 * The image in a file's bytes, or an empty one when they are absent, broken, of another version or of another `place`.
 * `place` names the workspace.
 */
export async function openImage(
  file: Uint8Array | undefined,
  place: string,
): Promise<{ readonly image: Image; readonly kept: boolean }> {
  const sql = await loadSql();
  const kept = file && isSealed(file) ? openKept(sql, file, place) : undefined;
  return { image: createImage(kept ?? openEmpty(sql, place)), kept: kept !== undefined };
}

/** Changes with the tables: an image of another version is made anew. */
const VERSION = "3";

const TABLES = `
  CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  CREATE TABLE runs (
    run TEXT PRIMARY KEY, workflow TEXT, version TEXT, subject TEXT, status TEXT, started_at REAL, updated_at REAL,
    ended_at REAL, waiting INTEGER, doing TEXT, tokens INTEGER, cost_usd REAL, unpriced INTEGER,
    failure_code TEXT, failure_message TEXT, started_by TEXT, agents TEXT, text TEXT, bytes INTEGER, changed REAL
  ) WITHOUT ROWID;
  CREATE INDEX runs_by_start ON runs (started_at);
  CREATE TABLE tasks (
    run TEXT, step TEXT, kind TEXT, status TEXT, started_at REAL, took REAL, attempts INTEGER, tokens INTEGER,
    cost_usd REAL, unpriced INTEGER, agent TEXT, failure TEXT
  );
  CREATE INDEX tasks_by_run ON tasks (run);
  CREATE TABLE questions (run TEXT, path TEXT, kind TEXT, opened_at REAL, escalated INTEGER);
  CREATE INDEX questions_by_run ON questions (run);
`;

function openKept(sql: SqlJsStatic, file: Uint8Array, place: string): Database | undefined {
  const database = new sql.Database(file);
  try {
    const about = new Map(
      select(database, "SELECT name, value FROM about").map(({ name, value }) => [name, value]),
    );
    if (about.get("version") === VERSION && about.get("place") === place) return database;
  } catch {
    // Sealed, and yet not ours: a file of another program.
  }
  database.close();
  return undefined;
}

function openEmpty(sql: SqlJsStatic, place: string): Database {
  const database = new sql.Database();
  database.run(TABLES);
  database.run("INSERT INTO about VALUES ('version', ?), ('place', ?)", [VERSION, place]);
  return database;
}

function createImage(database: Database): Image {
  const remove = (runs: ReadonlySet<string>): void => {
    for (const table of ["runs", "tasks", "questions"]) {
      const remover = database.prepare(`DELETE FROM ${table} WHERE run = ?`);
      try {
        for (const run of runs) remover.run([run]);
      } finally {
        remover.free();
      }
    }
  };
  const put = (entries: Parameters<Image["replace"]>[1]): void => {
    const writers = {
      run: database.prepare(`INSERT INTO runs VALUES (${"?,".repeat(19)}?)`),
      task: database.prepare(`INSERT INTO tasks VALUES (${"?,".repeat(11)}?)`),
      question: database.prepare("INSERT INTO questions VALUES (?,?,?,?,?)"),
    };
    try {
      for (const { rows, source } of entries) {
        writers.run.run([...runCells(rows.run), source.bytes, source.changed]);
        for (const task of rows.tasks) writers.task.run(taskCells(task));
        for (const question of rows.questions) writers.question.run(questionCells(question));
      }
    } finally {
      for (const writer of Object.values(writers)) writer.free();
    }
  };
  return {
    sources: () =>
      new Map(
        select(database, "SELECT run, bytes, changed FROM runs").map(({ run, bytes, changed }) => [
          String(run),
          { bytes: Number(bytes), changed: Number(changed) },
        ]),
      ),
    replace: (runs, entries) => {
      if (runs.length === 0 && entries.length === 0) return;
      within(database, () => {
        remove(new Set([...runs, ...entries.map(({ rows }) => rows.run.run)]));
        put(entries);
      });
    },
    runs: (query, { limit = -1, driven } = {}) => {
      const { sql, values } = whereOf(query, driven);
      const text = `SELECT * FROM runs WHERE ${sql} ORDER BY started_at DESC, updated_at DESC, run LIMIT ?`;
      return select(database, text, [...values, limit]).map(runOf);
    },
    tasks: (query, { driven } = {}) => {
      const { sql, values } = whereOf(query, driven);
      const text = `SELECT * FROM tasks WHERE run IN (SELECT run FROM runs WHERE ${sql})`;
      return select(database, text, values).map(taskOf);
    },
    questions: () => select(database, "SELECT * FROM questions ORDER BY opened_at").map(questionOf),
    bytes: () => seal(database.export()),
    dispose: () => database.close(),
  };
}

type Row = Readonly<Record<string, SqlValue>>;

function select(
  database: Database,
  text: string,
  values: readonly (string | number)[] = [],
): readonly Row[] {
  const statement = database.prepare(text);
  try {
    statement.bind([...values]);
    const rows: Row[] = [];
    while (statement.step()) rows.push(statement.getAsObject());
    return rows;
  } finally {
    statement.free();
  }
}

function within(database: Database, work: () => void): void {
  database.run("BEGIN");
  try {
    work();
    database.run("COMMIT");
  } catch (error) {
    database.run("ROLLBACK");
    throw error;
  }
}

function runCells(run: PastRun): SqlValue[] {
  return [
    ...[run.run, run.workflow, run.version, run.subject, run.status],
    ...[run.started_at, run.updated_at, run.ended_at ?? null],
    ...[run.waiting, run.doing, run.tokens, run.cost_usd, run.unpriced ?? null],
    ...[run.failure?.code ?? null, run.failure?.message ?? null],
    ...[run.started_by, `\n${run.agents.join("\n")}\n`, run.text],
  ];
}

function runOf(row: Row): PastRun {
  const code = row.failure_code as NonNullable<PastRun["failure"]>["code"] | null;
  return {
    run: String(row.run),
    workflow: String(row.workflow),
    version: String(row.version),
    subject: String(row.subject),
    status: row.status as PastRun["status"],
    started_at: Number(row.started_at),
    updated_at: Number(row.updated_at),
    waiting: Number(row.waiting),
    doing: row.doing as PastRun["doing"],
    tokens: Number(row.tokens),
    cost_usd: Number(row.cost_usd),
    started_by: String(row.started_by),
    agents: String(row.agents)
      .split("\n")
      .filter((name) => name !== ""),
    text: String(row.text),
    ...(row.unpriced === null ? {} : { unpriced: Number(row.unpriced) }),
    ...(row.ended_at === null ? {} : { ended_at: Number(row.ended_at) }),
    ...(code === null ? {} : { failure: { code, message: String(row.failure_message) } }),
  };
}

function taskCells(task: PastTask): SqlValue[] {
  return [
    ...[task.run, task.step, task.kind, task.status, task.started_at, task.took ?? null],
    ...[
      task.attempts,
      task.tokens,
      task.cost_usd,
      task.unpriced ?? null,
      task.agent ?? null,
      task.failure ?? null,
    ],
  ];
}

function taskOf(row: Row): PastTask {
  return {
    run: String(row.run),
    step: String(row.step),
    kind: String(row.kind),
    status: row.status as PastTask["status"],
    started_at: Number(row.started_at),
    attempts: Number(row.attempts),
    tokens: Number(row.tokens),
    cost_usd: Number(row.cost_usd),
    ...(row.unpriced === null ? {} : { unpriced: Number(row.unpriced) }),
    ...(row.took === null ? {} : { took: Number(row.took) }),
    ...(row.agent === null ? {} : { agent: String(row.agent) }),
    ...(row.failure === null ? {} : { failure: row.failure as NonNullable<PastTask["failure"]> }),
  };
}

function questionCells(question: OpenQuestion): SqlValue[] {
  const { run, path, kind, opened_at, escalated } = question;
  return [run, path, kind, opened_at, escalated ? 1 : 0];
}

function questionOf(row: Row): OpenQuestion {
  return {
    run: String(row.run),
    path: String(row.path),
    kind: String(row.kind),
    opened_at: Number(row.opened_at),
    escalated: row.escalated === 1,
  };
}

async function loadSql(): Promise<SqlJsStatic> {
  const { default: open } = await import("sql.js");
  const wasm = await readFile(wasmFile());
  return open({ wasmBinary: new Uint8Array(wasm).buffer });
}

/** Beside the bundle, or in the package when there is none. */
function wasmFile(): string {
  const beside = join(import.meta.dirname, "sql-wasm.wasm");
  return existsSync(beside)
    ? beside
    : createRequire(import.meta.url).resolve("sql.js/dist/sql-wasm.wasm");
}
