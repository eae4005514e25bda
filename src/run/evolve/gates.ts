/** The fold of verdicts: kept with their task, counted for the run. Decides nothing. */
import type { RunEvent } from "../event.ts";
import { countVerdicts, type GateVerdict } from "../gate/tally.ts";
import type { RunState } from "../state.ts";
import { taskAt } from "./tree.ts";

/** Folds `gates_judged`. What the same task's gates came to before counts no more. */
export function judgeGates(
  state: RunState,
  event: Extract<RunEvent, { type: "gates_judged" }>,
  at: number,
): void {
  const task = taskAt(state, event.path, at);
  task.judged = event.results;
  task.state = { is: "judged" };
  const record = state.tasks.get(event.path);
  if (!record) return;
  const verdicts = event.results.map(({ evidence: _, ...verdict }): GateVerdict => verdict);
  countVerdicts(state.gates, record.gates ?? [], verdicts);
  record.gates = verdicts;
}
