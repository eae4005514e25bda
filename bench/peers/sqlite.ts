/**
 * A SQLite for LangGraph's saver: its own native module, built once where a compiler and Node's headers are at hand,
 * otherwise Node's SQLite behind the few calls that the saver makes. Owns the choice and says which it was.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { environmentFor, npm, ROOT } from "../../scripts/bootstrap.mjs";

/** What the saver and the benchmark call on a database of better-sqlite3. */
export interface SqliteDatabase {
  pragma(source: string): unknown;
  exec(source: string): unknown;
  prepare(source: string): {
    /** Whether it answers rows. */
    readonly reader?: boolean;
    run(...values: SQLInputValue[]): unknown;
    get(...values: SQLInputValue[]): unknown;
    all(...values: SQLInputValue[]): unknown[];
  };
  transaction<A extends unknown[]>(work: (...args: A) => void): (...args: A) => void;
  close(): unknown;
}

export interface Sqlite {
  /** For the report. */
  readonly name: string;
  readonly open: (file: string) => SqliteDatabase;
}

/** The native module, or else the stand-in. Building takes a minute of one core, once. */
export async function loadSqlite(say: (line: string) => void): Promise<Sqlite> {
  const built = native() ?? (await build(say));
  return built ?? { name: "node:sqlite behind better-sqlite3's calls", open: openNodeSqlite };
}

const require = createRequire(import.meta.url);

function native(): Sqlite | undefined {
  try {
    const Database: new (file: string) => SqliteDatabase = require("better-sqlite3");
    const open = (file: string): SqliteDatabase => immortal(new Database(file));
    open(":memory:").close();
    return { name: "better-sqlite3", open };
  } catch {
    return undefined;
  }
}

/** What would be collected otherwise. */
const immortals: unknown[] = [];

/**
 * A database whose objects are never collected: better-sqlite3 12 aborts Node 24 when a collection ends outside of
 * JavaScript. Its statements are prepared once a text, which spares the saver some work.
 */
function immortal(database: SqliteDatabase): SqliteDatabase {
  const prepare = database.prepare.bind(database);
  const prepared = new Map<string, ReturnType<SqliteDatabase["prepare"]>>();
  immortals.push(database, prepared);
  database.prepare = (source) => {
    const statement = prepared.get(source) ?? prepare(source);
    prepared.set(source, statement);
    return statement;
  };
  database.pragma = (source) => {
    const statement = database.prepare(`PRAGMA ${source}`);
    return statement.reader ? statement.all() : statement.run();
  };
  return database;
}

async function build(say: (line: string) => void): Promise<Sqlite | undefined> {
  say("building better-sqlite3 for LangGraph's saver (once, about a minute)");
  const headers = nodeHeaders();
  const env = {
    ...environmentFor(process.execPath),
    ...(headers === undefined ? {} : { npm_config_nodedir: headers }),
  };
  const args = ["rebuild", "better-sqlite3", "--ignore-scripts=false"];
  try {
    await npm([...args, "--dangerously-allow-all-scripts"], { cwd: ROOT, env });
  } catch (error) {
    say(`it could not be built: ${error instanceof Error ? error.message : String(error)}`);
  }
  return native();
}

/** A folder with `include/node` of the Node that runs; undefined: node-gyp has to fetch it. */
function nodeHeaders(): string | undefined {
  const home = dirname(dirname(process.execPath));
  const platform = `node-${process.platform}-${process.arch}`;
  return [home, join(home, "node_modules", platform), join(dirname(home), platform)].find(
    (folder) => existsSync(join(folder, "include", "node", "node_version.h")),
  );
}

function openNodeSqlite(file: string): SqliteDatabase {
  const database = new DatabaseSync(file);
  return {
    pragma: (source) => database.prepare(`PRAGMA ${source}`).all(),
    exec: (source) => database.exec(source),
    prepare: (source) => database.prepare(source),
    transaction:
      (work) =>
      (...args) => {
        database.exec("BEGIN");
        try {
          work(...args);
          database.exec("COMMIT");
        } catch (error) {
          database.exec("ROLLBACK");
          throw error;
        }
      },
    close: () => database.close(),
  };
}
