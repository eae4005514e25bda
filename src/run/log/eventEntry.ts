/**
 * What the log says of each event of a run. Owns the words and the levels: what goes wrong is told as a warning or an
 * error, what a person decides and how a run fares as information, everything else when somebody asks for it.
 */
import type { Json, JsonObject } from "../../util/json.ts";
import type { Recorded, RunEvent } from "../event.ts";
import type { Failure } from "../failure.ts";
import type { LogEntry, LogLevel } from "./entry.ts";

/** The line about an event of this run. */
export function eventEntry(run: string, { seq, event }: Recorded): LogEntry {
  const { level, message, failure } = told(event);
  return {
    ...{ level, message, run },
    ...("path" in event && event.path !== undefined ? { path: event.path } : {}),
    ...("attempt" in event ? { attempt: event.attempt } : {}),
    ...{ event: event.type, seq },
    ...(failure ? { error: errorOf(failure) } : {}),
  };
}

interface Told {
  readonly level: LogLevel;
  readonly message: string;
  readonly failure?: Failure | undefined;
}

function told(event: RunEvent): Told {
  switch (event.type) {
    case "run_started":
      return info(`${event.bundle.main} began, started by ${event.started_by}.`);
    case "run_finished":
      return finished(event.status, event.failure);
    case "attempt_failed":
      return wrong(`An attempt failed: ${event.failure.message}`, event.failure);
    case "attempt_lost":
      return wrong(
        `Nobody knows what became of an attempt: ${event.failure.message}`,
        event.failure,
      );
    case "attempt_timed_out":
      return wrong(`An attempt took too long: ${event.failure.message}`, event.failure);
    case "task_closed":
      return event.failure && event.status === "failed"
        ? wrong(`A task failed: ${event.failure.message}`, event.failure)
        : debug(`A task is ${event.status}.`);
    case "breakpoint_opened":
      return info(`A question was opened: ${event.id}.`);
    case "breakpoint_escalated":
      return { level: "warn", message: `Nobody answered ${event.id} in time.` };
    case "breakpoint_answered":
      return info(`${event.answered_by} answered ${event.id}.`);
    case "breakpoint_withdrawn":
      return info(`${event.id} is not asked any more.`);
    case "breakpoint_claimed":
      return info(`${event.by} ${event.released ? "gives back" : "takes on"} ${event.id}.`);
    case "decision_made":
      return info(`Supervision decides to ${event.decision}: ${event.reason}`);
    case "budget_exceeded":
    case "price_unknown":
      return wrong(event.failure.message, event.failure);
    case "cancel_requested":
      return info(`${event.by} cancels the run.`);
    case "kill_requested":
      return info(`${event.by} kills the run.`);
    case "run_paused":
      return info(`${event.by} pauses the run.`);
    case "run_resumed":
      return info(`${event.by} lets the run go on.`);
    case "stops_set":
      return info(`${event.by} debugs the run.`);
    case "stops_removed":
      return info(`${event.by} ends the debugging of the run.`);
    case "retry_requested":
      return info(`${event.by} retries ${event.paths.join(", ")}.`);
    default:
      return debug(`${event.type.replaceAll("_", " ")}.`);
  }
}

function finished(status: string, failure: Failure | undefined): Told {
  if (status === "failed")
    return { level: "error", message: `The run failed: ${failure?.message ?? ""}`, failure };
  return { level: "info", message: `The run is ${status}.`, failure };
}

function info(message: string): Told {
  return { level: "info", message };
}

function debug(message: string): Told {
  return { level: "debug", message };
}

function wrong(message: string, failure: Failure): Told {
  return { level: "warn", message, failure };
}

function errorOf({ code, message, detail, path }: Failure): JsonObject {
  return {
    ...{ code, message },
    ...(path === undefined ? {} : { path }),
    ...(detail === undefined ? {} : { detail: short(detail) }),
  };
}

/** Evidence may be a whole output: a line of the log keeps its beginning. */
function short(detail: Json): Json {
  const text = JSON.stringify(detail);
  return text.length <= LONGEST ? detail : `${text.slice(0, LONGEST)}…`;
}

const LONGEST = 4000;
