/** Which moves a task offers. Owns that choice; pure, how they look is `nextMoves.ts`. */
import type { TaskMove } from "../../src/protocol/runView.ts";
import { isOver, type Status } from "../../src/views/statusWord.ts";
import type { TaskRow } from "../../src/views/taskRow.ts";

export interface Move {
  readonly move: TaskMove;
  readonly label: string;
}

/** The moves of a row, the likeliest first. */
export function movesOf(row: TaskRow): readonly Move[] {
  if (row.dimmed || !isTask(row.kind)) return [];
  const moves: Move[] = [];
  if (GUIDED.has(row.kind) && row.status === "running")
    moves.push({ move: "guide", label: "Guide" });
  if (SPEAKS.has(row.kind) && row.status === "running")
    moves.push({ move: "stop", label: "Stop This" });
  if (row.status === "failed")
    moves.push(
      { move: "retry", label: "Retry" },
      ...(GUIDED.has(row.kind) ? [{ move: "guide", label: "Retry with Guidance" } as const] : []),
      { move: "editAndRetry", label: "Edit State and Retry" },
    );
  if (isOver(row.status) && row.status !== "skipped")
    moves.push({ move: "fork", label: "Retry from Here" });
  if (SPEAKS.has(row.kind) && BEGAN.has(row.status))
    moves.push({ move: "transcript", label: "Open Transcript" });
  return moves;
}

function isTask(kind: string): boolean {
  return kind !== "run" && kind !== "phase" && kind !== "item" && kind !== "branch";
}

/** Kinds that ask an agent. */
const GUIDED: ReadonlySet<string> = new Set(["delegate", "plan", "planner"]);

/** Kinds that write a transcript. */
const SPEAKS: ReadonlySet<string> = new Set([
  ...["delegate", "plan", "planner", "worker_call", "shell", "mcp_call", "http", "gate", "approve"],
]);

const BEGAN: ReadonlySet<Status> = new Set([
  ...(["running", "retrying", "done", "failed", "cancelled", "interrupted", "asking"] as const),
]);
