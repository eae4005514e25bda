/** `fermata signal`, `set`, `cancel`, `kill`, `pause` and `stop`: a word to a run, whoever drives it. */
import type { Signal } from "../../../run/signal.ts";
import type { Json } from "../../../util/json.ts";
import { printable } from "../../../views/printable.ts";
import { EXIT, type ExitCode } from "../exitCode.ts";
import { parseJson, readValues } from "../session/inputs.ts";
import { commandLine } from "../session/programName.ts";
import { findRun } from "../session/runName.ts";
import { type CommonOptions, type Session, withSession } from "../session/session.ts";

export interface CancelOptions extends CommonOptions {
  readonly reason?: string;
}

export function signalCommand(
  wanted: string,
  name: string,
  payload: string | undefined,
  options: CommonOptions,
): Promise<ExitCode> {
  const value: Json = payload === undefined ? null : parseJson(payload, "The signal's payload");
  return steer(
    wanted,
    options,
    (by) => ({ type: "signal", name, payload: value, by }),
    `The signal ${name} is recorded.`,
  );
}

export interface SetOptions extends CommonOptions {
  readonly at?: string;
}

/** Words are `field=value`: JSON where it reads as JSON, text otherwise, `@file` a file's text. */
export async function setCommand(
  wanted: string,
  words: readonly string[],
  options: SetOptions,
): Promise<ExitCode> {
  const updates = await readValues(words);
  const path = options.at === undefined ? {} : { path: options.at };
  const done = `Set ${Object.keys(updates).join(", ")}.`;
  return steer(wanted, options, (by) => ({ type: "set", updates, by, ...path }), done);
}

export function pauseCommand(wanted: string, options: CommonOptions): Promise<ExitCode> {
  const done = "Paused: nothing new starts; what runs now is finished and recorded.";
  return steer(wanted, options, (by) => ({ type: "pause", by }), done);
}

export function cancelCommand(wanted: string, options: CancelOptions): Promise<ExitCode> {
  const reason = options.reason === undefined ? {} : { reason: options.reason };
  return steer(wanted, options, (by) => ({ type: "cancel", by, ...reason }), "Cancelled.");
}

export function killCommand(wanted: string, options: CommonOptions): Promise<ExitCode> {
  return steer(wanted, options, (by) => ({ type: "kill", by }), "Cancelled at once.");
}

/** Stops what one task does now; the run goes on without it, or fails. */
export function stopCommand(
  wanted: string,
  path: string,
  options: CommonOptions,
): Promise<ExitCode> {
  return steer(wanted, options, (by) => ({ type: "stop_task", path, by }), `Stopped ${path}.`);
}

async function steer(
  wanted: string,
  options: CommonOptions,
  signalBy: (person: string) => Signal,
  done: string,
): Promise<ExitCode> {
  return withSession(options, async (session) => {
    const { app, terminal, call, me } = session;
    const run = await findRun(app, wanted);
    const signal = signalBy(me);
    const admission = await app.signal(run, signal);
    if (!admission.ok) {
      if (options.json)
        terminal.line(JSON.stringify({ type: "refused", run, reason: admission.reason }));
      terminal.error(printable(admission.reason));
      return EXIT.failed;
    }
    const driven = await isDriven(session, run);
    const stops = signal.type === "cancel" || signal.type === "kill";
    if (stops && !driven) await finish(session, run);
    const ended = !stops || driven || app.isTrusted();
    if (options.json) terminal.line(JSON.stringify({ type: "admitted", run, signal: signal.type }));
    else if (ended) terminal.line(printable(done));
    else for (const line of onlyRecorded(session, run)) terminal.line(line);
    const next = signal.type === "pause" || (signal.type === "signal" && !driven);
    if (next && !options.json) terminal.line(`Go on with: ${commandLine(call, "resume", run)}`);
    return EXIT.done;
  });
}

async function isDriven({ app }: Session, run: string): Promise<boolean> {
  return (await app.listRuns()).some(
    (found) => found.run === run && found.ownership === "elsewhere",
  );
}

/** A cancelled run that nobody drives is brought to its end here, where this folder is trusted. */
async function finish({ app }: Session, run: string): Promise<void> {
  if (!app.isTrusted()) return;
  const opened = await app.openRun(run);
  if (opened.ok && opened.ownership === "here") await app.settled(run);
}

/** What was begun may have to be stopped or undone, and that takes a process. */
function onlyRecorded({ app, call }: Session, run: string): readonly string[] {
  const end = commandLine({ ...call, trusting: true }, "resume", run);
  return [
    "The cancel is recorded, and nothing more is started or answered.",
    `${printable(app.workspace)} is not trusted, so nothing runs here to end it. End it with: ${end}`,
  ];
}
