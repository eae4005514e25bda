/**
 * The words for a tool server that does not come up: its command, what it said, and the next move.
 * Owns the wording only; must not know how a connection is made.
 */
import { SpawnError } from "../../process/spawnError.ts";
import { type Failure, failure } from "../../run/failure.ts";
import { describeCommand } from "../../util/shellQuote.ts";
import { formatPosition } from "../../workflow/diagnostic.ts";
import type { HttpConfig, ServerConfig, StdioConfig } from "../config.ts";
import { reasonOf } from "./callOutcome.ts";
import type { ProcessEvidence } from "./stdioTransport.ts";

/** A handshake that did not end in a connection. */
export interface FailedHandshake {
  readonly error: unknown;
  /** We gave up, rather than the server; `late` because its time was over. */
  readonly stopped: boolean;
  readonly late: boolean;
}

/** Where the server is configured, as `file:line:column`. */
export function placeOf({ at }: ServerConfig): string {
  return formatPosition(at.fileName, at.range.start);
}

/** Why a local server does not serve. `detail` has its command, end, and the last lines of its stderr. */
export function cannotStart(
  config: StdioConfig,
  failed: FailedHandshake,
  evidence: ProcessEvidence,
): Failure {
  const { stderr, strays, end } = evidence;
  const command = describeCommand(config.command);
  const what =
    failed.error instanceof SpawnError
      ? failed.error.failure.message
      : `${whatHappened(failed, evidence)}${lastLines(stderr)}`;
  const next = `Run \`${command}\` in a terminal to see more, or correct ${placeOf(config)}.`;
  const message = `The tool server \`${config.name}\` did not start: ${what} ${next}`;
  const detail = { command, stderr, stdout: strays, end: end === undefined ? null : { ...end } };
  return failure("tool_unavailable", message, detail);
}

/** Why a server on the network cannot be used. */
export function cannotReach(config: HttpConfig, { error, late }: FailedHandshake): Failure {
  const message = error instanceof Error ? error.message : "";
  const status = /\bHTTP (401|403)\b/.exec(message)?.[1];
  const reason = late ? "it did not answer in time" : reasonOf(error);
  const next =
    status === undefined
      ? `Is it running and speaking streamable HTTP? Otherwise correct ${placeOf(config)}.`
      : `Set its \`headers\` (Authorization) in ${placeOf(config)}.`;
  const said = `The tool server \`${config.name}\` cannot be reached at ${withoutSecrets(config.url)}: ${reason.replace(/\.$/, "")}. ${next}`;
  return failure("tool_unavailable", said);
}

/** How a process ended and what it said last; empty while it runs. */
export function describeEnd({ end, stderr }: ProcessEvidence): string {
  if (end === undefined) return "";
  return `Its process ended ${howEnded(end)}.${lastLines(stderr)}`;
}

function whatHappened(
  { error, late, stopped }: FailedHandshake,
  evidence: ProcessEvidence,
): string {
  const { end, strays } = evidence;
  const first = strays[0];
  const stray =
    first === undefined ? "" : ` It wrote something else to stdout: "${first.slice(0, 120)}".`;
  if (late) return `it did not answer the MCP handshake in time.${stray}`;
  if (stopped) return "it was stopped while it started.";
  if (end !== undefined) return `it ended ${howEnded(end)} before it answered.${stray}`;
  return `${reasonOf(error).replace(/\.$/, "")}.${stray}`;
}

function howEnded({ code, signal }: NonNullable<ProcessEvidence["end"]>): string {
  if (signal !== null) return `by signal ${signal}`;
  return code === null ? "for an unknown reason" : `with code ${code}`;
}

const LINES_IN_MESSAGE = 5;

function lastLines(stderr: readonly string[]): string {
  if (stderr.length === 0) return " It wrote nothing to stderr.";
  return ` Its last lines on stderr:\n${stderr.slice(-LINES_IN_MESSAGE).join("\n")}\n`;
}

function withoutSecrets(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname}`;
  } catch {
    return url;
  }
}
