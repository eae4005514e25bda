/** `fermata resume`, `fermata retry` and `fermata guide`: a run that stands still goes on, here when nobody else drives it. */
import type { AnswersPolicy } from "../../../app/app.ts";
import { whyNoRetry } from "../../../run/admit.ts";
import { unknownAnswers } from "../../../run/ask/unknownAnswers.ts";
import type { Signal } from "../../../run/signal.ts";
import { isFinished, type RunState } from "../../../run/state.ts";
import { printable } from "../../../views/printable.ts";
import { EXIT, type ExitCode, exitOfFailure } from "../exitCode.ts";
import { followRun } from "../follow/followRun.ts";
import { Problem } from "../problem.ts";
import { readAnswersFile } from "../session/answersFile.ts";
import { readValues } from "../session/inputs.ts";
import { commandLine, type DrivingVerb } from "../session/programName.ts";
import { findRun } from "../session/runName.ts";
import { type CommonOptions, type Session, withSession } from "../session/session.ts";
import { ensureTrusted } from "../session/trust.ts";
import { withResult } from "../session/withResult.ts";

export interface ResumeOptions extends CommonOptions {
  readonly takeOver?: boolean;
  readonly follow?: boolean;
  readonly answers?: string;
}

/** Drives a run on; takes it over from a process that died, and, told to, from one on another machine. */
export function resumeCommand(wanted: string, options: ResumeOptions): Promise<ExitCode> {
  return withResult(options, () => resume(wanted, options));
}

async function resume(wanted: string, options: ResumeOptions): Promise<ExitCode> {
  const answers =
    options.answers === undefined ? undefined : await readAnswersFile(options.answers);
  return withSession(options, async (session) => {
    const { app, me, call } = session;
    const run = await findRun(app, wanted);
    const state = await stateOf(session, run);
    if (isFinished(state)) {
      const next =
        state.status === "failed"
          ? (whyNoRetry(state) ?? `Try again with: ${commandLine(call, "retry", run)}`)
          : "Start a new one.";
      throw new Problem(`The run is over (${state.status}). ${next}`, EXIT.failed);
    }
    const misnamed = answers && unknownAnswers(state.started.bundle, answers.answers);
    if (misnamed) throw new Problem(printable(misnamed.message));
    await ensureTrusted(session, "resume", wanted);
    const here = await open(session, run, {
      takeOver: options.takeOver === true,
      ...(answers ? { answers } : {}),
    });
    if (state.status === "paused") {
      const admission = await app.signal(run, { type: "resume", by: me });
      if (!admission.ok) throw new Problem(printable(admission.reason), EXIT.failed);
    }
    return stay(session, run, here, options, answers);
  });
}

/** Puts failed tasks back to work with the state as it is. */
export function retryCommand(
  wanted: string,
  path: string | undefined,
  options: ResumeOptions,
): Promise<ExitCode> {
  const named = path === undefined ? {} : { path };
  return withResult(options, () =>
    anew(
      wanted,
      (by) => ({ type: "retry", by, ...named }),
      ["retry", wanted, ...(path === undefined ? [] : [path])],
      options,
    ),
  );
}

/** Another attempt of one task, whose agent is told something. */
export function guideCommand(
  wanted: string,
  path: string,
  text: string,
  options: ResumeOptions,
): Promise<ExitCode> {
  return withResult(options, () =>
    anew(
      wanted,
      (by) => ({ type: "guide", path, text, by }),
      ["guide", wanted, path, text],
      options,
    ),
  );
}

/** A task is put to work anew, here when nobody else drives its run. `again`: the command as it was given. */
function anew(
  wanted: string,
  signalBy: (person: string) => Signal,
  again: readonly [DrivingVerb, ...string[]],
  options: ResumeOptions,
): Promise<ExitCode> {
  return withSession(options, async (session) => {
    const { app, me } = session;
    const run = await findRun(app, wanted);
    await ensureTrusted(session, ...again);
    const admission = await app.signal(run, signalBy(me));
    if (!admission.ok) throw new Problem(printable(admission.reason), EXIT.failed);
    const here = await open(session, run, {});
    return stay(session, run, here, options, undefined);
  });
}

export interface ForkOptions extends CommonOptions {
  readonly from: string;
  readonly set?: readonly string[];
}

/** Retries from a task that may have finished, as a new run; the other one stays as it is. */
export function forkCommand(wanted: string, options: ForkOptions): Promise<ExitCode> {
  return withResult(options, () =>
    withSession(options, async (session) => {
      const { app, me, terminal } = session;
      const run = await findRun(app, wanted);
      const set = options.set === undefined ? {} : { set: await readValues(options.set) };
      await ensureTrusted(session, "fork", wanted, "--from", options.from);
      const forked = await app.forkRun({ run, from: options.from, startedBy: me, ...set });
      if (!forked.ok)
        throw new Problem(printable(forked.failure.message), exitOfFailure(forked.failure));
      if (!options.json) terminal.line(`${forked.run} goes on from ${options.from} of ${run}.`);
      return followRun(session, forked.run, { json: options.json === true, asks: true });
    }),
  );
}

async function open(
  { app }: Session,
  run: string,
  how: { readonly takeOver?: boolean; readonly answers?: AnswersPolicy },
): Promise<boolean> {
  const opened = await app.openRun(run, how);
  if (!opened.ok)
    throw new Problem(printable(opened.failure.message), exitOfFailure(opened.failure));
  return opened.ownership === "here";
}

/** A run that is driven here lives only as long as this command; one that is driven elsewhere needs us only to look. */
async function stay(
  session: Session,
  run: string,
  here: boolean,
  options: ResumeOptions,
  answers: AnswersPolicy | undefined,
): Promise<ExitCode> {
  const json = options.json === true;
  if (here || options.follow || session.terminal.interactive || json) {
    return followRun(session, run, {
      json,
      asks: here || session.terminal.interactive,
      ...(answers ? { answers } : {}),
    });
  }
  const { terminal, call } = session;
  terminal.line(
    `Another process drives ${run}. Follow it with: ${commandLine(call, "show", run, "--follow")}`,
  );
  return EXIT.done;
}

async function stateOf({ app }: Session, run: string): Promise<RunState> {
  const watch = await app.watchRun(run);
  if (!watch) throw new Problem(`There is no run ${run}.`);
  const { state } = watch;
  watch.dispose();
  return state;
}
