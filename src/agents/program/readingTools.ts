/** Whether an agent's own list of tools keeps it to reading. Owns the names, which are those of agent files. */
import type { AgentRecord } from "../agent.ts";

const READING_TOOLS: ReadonlySet<string> = new Set(
  "Read Grep Glob LS NotebookRead WebFetch WebSearch TodoWrite".split(" "),
);

/** True for an agent that is given tools, none of which changes anything: it may simply be asked again. */
export function onlyReads({ tools }: AgentRecord): boolean {
  return tools !== undefined && tools.length > 0 && tools.every((tool) => READING_TOOLS.has(tool));
}
