/** The fold of what comes between a step's work and its end: the output, the verdicts on it. Decides nothing. */
import type { RunEvent } from "../event.ts";
import { countVerdicts, verdictOf } from "../gate/tally.ts";
import type { OpenTask, RunState } from "../state.ts";
import { derivedResult } from "./close.ts";
import { cameToNothing, dropUndo, keepUndo } from "./flow/undo.ts";
import { taskAt } from "./tree.ts";

/** Folds `task_performed`: the output is kept until the task ends. */
export function finishWork(
  state: RunState,
  event: Extract<RunEvent, { type: "task_performed" }>,
  at: number,
): void {
  const task = taskAt(state, event.path, at);
  task.output = event.result === undefined ? derivedResult(task) : event.result;
  task.replaced = event.replaced === true;
  if (event.failure) task.tolerated = event.failure;
  else delete task.tolerated;
  if (cameToNothing(task)) dropUndo(state, task.path);
  else keepUndo(state, task, task.output);
  task.state = { is: "worked" };
}

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
  if (task.frame.kind === "gates") replaceJudge(state, task.frame.owner, event.path);
  const verdicts = event.results.map(verdictOf);
  countVerdicts(state.gates, record.gates ?? [], verdicts);
  record.gates = verdicts;
}

/** A step whose work was made again is judged by another task: the verdicts of the one before count no more. */
function replaceJudge(state: RunState, judged: OpenTask | undefined, path: string): void {
  const before = judged?.judge === undefined ? undefined : state.tasks.get(judged.judge);
  if (judged) judged.judge = path;
  if (!before || before.path === path) return;
  countVerdicts(state.gates, before.gates ?? [], []);
  delete before.gates;
}
