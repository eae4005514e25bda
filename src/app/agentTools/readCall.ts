/** What a call of a tool names: its texts and numbers, and the run it is about. Both the looking and the steering tools use it. */
import type { Json } from "../../util/json.ts";
import type { App, RunWatch } from "../app.ts";
import { no, type ToolAnswer } from "./agentTool.ts";

/** Looks at a run and lets go of it. */
export async function withWatch(
  app: App,
  run: string,
  look: (watch: RunWatch) => Promise<ToolAnswer>,
): Promise<ToolAnswer> {
  const watch = await app.watchRun(run);
  if (!watch) return no(`There is no run ${run} in this folder. list_runs names them.`);
  try {
    return await look(watch);
  } finally {
    watch.dispose();
  }
}

/** Inputs were checked by their schema; these only tell the compiler. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
