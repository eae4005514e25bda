/** The numbers this program ends with, in one place; docs/cli.md and the help print this table. */
import type { Failure } from "../../run/failure.ts";
import type { RunState } from "../../run/state.ts";

export const EXIT = {
  done: 0,
  failed: 1,
  invalid: 2,
  rejected: 3,
  cancelled: 4,
  waiting: 5,
  untrusted: 6,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, "done"],
  [EXIT.failed, "the run failed or could not be recorded, or the request was refused"],
  [EXIT.invalid, "wrong usage, an invalid file, missing or wrong inputs"],
  [EXIT.rejected, "a plan was rejected"],
  [EXIT.cancelled, "the run was cancelled"],
  [EXIT.waiting, "the run waits for an answer or a signal, is paused, or is driven by nobody"],
  [EXIT.untrusted, "the folder is not trusted"],
  [EXIT.internal, "a fault of fermata itself"],
  [EXIT.interrupted, "stopped by Ctrl-C; the run keeps its state"],
];

/** How a run that has come to rest ends this program. */
export function exitOfRun(state: RunState): ExitCode {
  switch (state.status) {
    case "done":
    case "failed":
    case "rejected":
    case "cancelled":
      return EXIT[state.status];
    case "running":
    case "paused":
    case "cancelling":
      return EXIT.waiting;
  }
}

/** How a refused request ends this program. */
export function exitOfFailure(failure: Failure): ExitCode {
  switch (failure.code) {
    case "untrusted":
      return EXIT.untrusted;
    case "internal":
      return EXIT.internal;
    case "invalid_input":
    case "expression_error":
    case "agent_unavailable":
    case "tool_unavailable":
      return EXIT.invalid;
    default:
      return EXIT.failed;
  }
}
