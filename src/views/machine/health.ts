/**
 * How a workspace's runs and what they stand on fare right now, from what was looked at.
 * Owns what counts as well, as worth a look and as broken. What is missing in the set-up is `doctor`'s matter.
 */
import type { OpenQuestion } from "../../run/history/pastRun.ts";
import type { JsonObject } from "../../util/json.ts";
import { formatElapsed } from "../duration.ts";
import { formatBytes } from "./bytes.ts";

export interface HealthCheck {
  readonly about: string;
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  /** What to do about it; absent when it is fine. */
  readonly fix?: string;
  readonly figures?: JsonObject;
}

export interface Health {
  /** `degraded`: something is worth a look; `unhealthy`: something is broken. */
  readonly status: "healthy" | "degraded" | "unhealthy";
  readonly checks: readonly HealthCheck[];
}

export function healthOf(checks: readonly HealthCheck[]): Health {
  const has = (status: HealthCheck["status"]) => checks.some((check) => check.status === status);
  const status = has("problem") ? "unhealthy" : has("warning") ? "degraded" : "healthy";
  return { status, checks };
}

const MB = 1_000_000;
const LITTLE_DISK = { warning: 1000 * MB, problem: 100 * MB };
const LITTLE_MEMORY = { warning: 300 * MB, problem: 64 * MB };
/** A question that is open for longer, in ms, is worth a look: it may wait for somebody who does not know of it. */
const LONG_OPEN = 24 * 3_600_000;

/** `problem`: why a file could not be written and synced there. `free` in bytes; absent where it is not told. */
export function storageHealth(seen: {
  readonly folder: string;
  readonly problem?: string;
  readonly free?: number;
}): HealthCheck {
  const about = "Storage";
  const { folder, problem, free } = seen;
  const figures = { folder, writable: problem === undefined, free: free ?? null };
  if (problem !== undefined) {
    const fix = "Free space or give yourself the right to write there, or set XDG_STATE_HOME.";
    const message = `${folder} cannot be written: ${problem}.`;
    return { about, status: "problem", message, fix, figures };
  }
  const left = free === undefined ? "" : ` ${formatBytes(free)} are free.`;
  const status = scarcity(free, LITTLE_DISK);
  const message = `${folder} can be written.${left}`;
  return status === "ok"
    ? { about, status, message, figures }
    : { about, status, message, fix: "Free space on that disk: fermata prune helps.", figures };
}

export type OwnerState = "here" | "live" | "stale" | "dead";

/** A run that is not over, and who drives it. `waits`: nothing happens before somebody answers. */
export interface UnfinishedRun {
  readonly run: string;
  readonly owner: OwnerState;
  readonly waits: boolean;
}

/** Who drives the runs that are not over. A run that only waits for a person needs nobody. */
export function ownersHealth(runs: readonly UnfinishedRun[]): HealthCheck {
  const about = "Owners";
  const having = (owner: OwnerState) => runs.filter((run) => run.owner === owner);
  const stale = having("stale");
  const lost = having("dead").filter(({ waits }) => !waits);
  const live = having("here").length + having("live").length;
  const figures = {
    ...{ unfinished: runs.length, live, stale: stale.length },
    ...{ dead: having("dead").length, interrupted: lost.length },
  };
  const parts = [
    `${runs.length} unfinished`,
    `${live} driven`,
    ...(stale.length > 0
      ? [`${stale.length} by a process that does not stir (${ids(stale)})`]
      : []),
    ...(lost.length > 0 ? [`${lost.length} interrupted (${ids(lost)})`] : []),
  ];
  const message = `${parts.join(", ")}.`;
  if (stale.length === 0 && lost.length === 0) return { about, status: "ok", message, figures };
  const fix =
    stale.length > 0
      ? "Look whether that process hangs; once it is ended the run can be resumed."
      : "Go on with: fermata resume RUN";
  return { about, status: "warning", message, fix, figures };
}

/** What is at work, and what waits for its turn, for a person, or to be read by an owner. */
export interface Queues {
  readonly questions: readonly OpenQuestion[];
  /** Messages that no owner has read. */
  readonly unread: number;
  /** Attempts at work, and those that wait until others are done. */
  readonly running: number;
  readonly queued: number;
}

/** `now` in ms since the epoch. */
export function queuesHealth(seen: Queues, now: number): HealthCheck {
  const about = "Queues";
  const { questions, unread, running, queued } = seen;
  const oldest = Math.max(0, ...questions.map(({ opened_at }) => now - opened_at));
  const escalated = questions.filter(
    (question) => question.escalated || question.kind === "escalation",
  ).length;
  const figures = { running, queued, questions: questions.length, escalated, oldest, unread };
  const since = questions.length > 0 ? `, the oldest for ${formatElapsed(oldest)}` : "";
  const message =
    `${counted(running, "task")} at work, ${queued} in line; ${counted(questions.length, "open question")}${since}; ` +
    `${counted(escalated, "of them")} escalated; ${counted(unread, "unread message")}.`;
  const fine = escalated === 0 && oldest < LONG_OPEN;
  return fine
    ? { about, status: "ok", message, figures }
    : { about, status: "warning", message, fix: "Answer with: fermata answer RUN", figures };
}

/** Bytes that this process takes and that the machine still has for it. */
export function memoryHealth(seen: {
  readonly used: number;
  readonly available?: number;
}): HealthCheck {
  const about = "Memory";
  const { used, available } = seen;
  const left = available === undefined ? "" : `; ${formatBytes(available)} are left`;
  const message = `This process takes ${formatBytes(used)}${left}.`;
  const figures = { used, available: available ?? null };
  const status = scarcity(available, LITTLE_MEMORY);
  return status === "ok"
    ? { about, status, message, figures }
    : { about, status, message, fix: "End programs that are not needed.", figures };
}

/** The index across runs. `problem`: why it cannot be used; `unwritten`: why it cannot be kept. */
export function indexHealth(seen: {
  readonly found?: "whole" | "broken" | "none";
  readonly runs?: number;
  readonly bytes?: number;
  readonly damaged?: readonly string[];
  readonly problem?: string;
  readonly unwritten?: string;
}): HealthCheck {
  const about = "Index";
  const { found = "none", runs = 0, bytes = 0, damaged = [], problem } = seen;
  const figures = { found, runs, bytes, damaged: [...damaged] };
  if (problem !== undefined) {
    const message = `The index across runs cannot be used: ${problem}`;
    const fix = "Install Fermata again; runs themselves are not concerned.";
    return { about, status: "problem", message, fix, figures };
  }
  const message = `${counted(runs, "run")} in ${formatBytes(bytes)}`;
  if (seen.unwritten !== undefined) {
    const told = `${message}; it cannot be written (${seen.unwritten}), so that journals are read again and again.`;
    const fix = "Make room, give yourself the right to write it, or remove what lies in its place.";
    return {
      about,
      status: "warning",
      message: told,
      fix,
      figures: { ...figures, written: false },
    };
  }
  if (damaged.length > 0) {
    const names = damaged.slice(0, 3).join(", ");
    const fix = `Look at what is wrong with: fermata show ${damaged[0]}`;
    const told = `${message}; ${counted(damaged.length, "run")} cannot be read (${names}).`;
    return { about, status: "warning", message: told, fix, figures };
  }
  const state = { whole: "", none: "; made anew", broken: "; it was broken and is made anew" }[
    found
  ];
  return { about, status: "ok", message: `${message}${state}.`, figures };
}

function scarcity(
  left: number | undefined,
  little: { readonly warning: number; readonly problem: number },
): HealthCheck["status"] {
  if (left === undefined || left >= little.warning) return "ok";
  return left < little.problem ? "problem" : "warning";
}

function ids(runs: readonly UnfinishedRun[]): string {
  const named = runs.slice(0, 3).map(({ run }) => run);
  return named.join(", ") + (runs.length > 3 ? ", …" : "");
}

function counted(count: number, what: string): string {
  const plural = count === 1 || what.startsWith("of") ? what : `${what}s`;
  return `${count} ${plural}`;
}
