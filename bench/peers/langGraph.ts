/**
 * LangGraph.js running the same sequence of no-op steps with its graph API and its SQLite saver, as durable as we are:
 * `synchronous=FULL`, and every step's checkpoint on disk before the next step (`durability: "sync"`).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { timed } from "../measure.ts";
import type { Sqlite, SqliteDatabase } from "./sqlite.ts";

/** Measures, in ms, `steps` steps in one fresh database; compiling the graph is not timed. */
export function createLangGraphRun(
  sqlite: Sqlite,
  steps: number,
  kept: boolean,
): () => Promise<number> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), "fermata-langgraph-"));
    const database = sqlite.open(join(folder, "checkpoints.sqlite"));
    try {
      const graph = sequence(steps, kept).compile({ checkpointer: await durableSaver(database) });
      const options = {
        configurable: { thread_id: "bench" },
        recursionLimit: steps + 2,
        durability: "sync",
      } as const;
      return await timed(async () => {
        const end = await graph.invoke({ n: 0 }, options);
        if (end.n !== steps) throw new Error(`LangGraph made ${end.n} of ${steps} steps`);
      });
    } finally {
      database.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** The saver, set up: left to itself it chooses WAL, whose default leaves commits unsynced. */
async function durableSaver(database: SqliteDatabase): Promise<SqliteSaver> {
  // The saver's type wants the whole of better-sqlite3; these are the calls that it makes.
  const saver = new SqliteSaver(database as never);
  await saver.getTuple({ configurable: { thread_id: "none" } });
  database.pragma("synchronous=FULL");
  assertFull(database.pragma("synchronous"));
  return saver;
}

function assertFull(rows: unknown): void {
  const [row] = Array.isArray(rows) ? rows : [];
  if (row?.synchronous !== 2) throw new Error("LangGraph's SQLite does not sync its commits");
}

/**
 * Each step's result is the yardstick's, its number and 120 characters. `kept`: they all stay in the state, where later
 * steps can read them, as they do in ours; otherwise only the last one does.
 */
function sequence(steps: number, kept: boolean) {
  const graph = new StateGraph(
    Annotation.Root({
      n: Annotation<number>,
      results: Annotation<Readonly<Record<string, string>>>({
        reducer: (before, more) => (kept ? { ...before, ...more } : more),
        default: () => ({}),
      }),
    }),
  );
  const pad = "x".repeat(120);
  const name = (index: number): string => `s${index}`;
  for (let index = 0; index < steps; index++)
    graph.addNode(name(index), ({ n }) => ({ n: n + 1, results: { [name(index)]: pad } }));
  // Node names are known only at run time, which its types do not foresee.
  const edges = graph as unknown as { addEdge(from: string, to: string): void };
  edges.addEdge(START, name(0));
  for (let index = 1; index < steps; index++) edges.addEdge(name(index - 1), name(index));
  edges.addEdge(name(steps - 1), END);
  return graph;
}
