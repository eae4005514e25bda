/** The process in which LangGraph runs for the benchmark: answers each message with the time of one more run, in ms. */
import { createLangGraphRun } from "./langGraph.ts";
import { loadSqlite } from "./sqlite.ts";

const sqlite = await loadSqlite((line) => console.error(line));
const measure = createLangGraphRun(sqlite, Number(process.argv[2]), true);
process.on("message", async () => process.send?.({ took: await measure() }));
process.send?.({ ready: sqlite.name });
