/** `fermata answer`: an answer to a breakpoint, from the command line or asked for in the terminal. */
import { findBreakpoint } from "../../../run/admit.ts";
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import type { RunState } from "../../../run/state.ts";
import { isList, isObject, type Json } from "../../../util/json.ts";
import { describeCommand } from "../../../util/shellQuote.ts";
import { printable } from "../../../views/printable.ts";
import { EXIT, type ExitCode } from "../exitCode.ts";
import { waitingLines } from "../follow/endText.ts";
import { followRun } from "../follow/followRun.ts";
import { Problem } from "../problem.ts";
import { questionText } from "../screen/questionText.ts";
import { readComments } from "../session/comments.ts";
import { readNamed, readText } from "../session/inputs.ts";
import { commandLine } from "../session/programName.ts";
import { findRun } from "../session/runName.ts";
import { type CommonOptions, type Session, withSession } from "../session/session.ts";
import { ensureTrusted } from "../session/trust.ts";

export interface AnswerOptions extends CommonOptions {
  readonly approve?: boolean;
  readonly reject?: string | true;
  readonly comment?: readonly string[];
  readonly plan?: string;
  readonly drop?: readonly string[];
  readonly edit?: string;
  readonly retry?: string | true;
  readonly reroute?: string;
  readonly shown?: string;
  readonly follow?: boolean;
}

/** Sends one answer. Refused ones change nothing, and what is asked now is shown. */
export function answerCommand(
  wanted: string,
  breakpoint: string | undefined,
  values: readonly string[],
  options: AnswerOptions,
): Promise<ExitCode> {
  return withSession(options, async (session) => {
    const { app, me } = session;
    const run = await findRun(app, wanted);
    const open = await openBreakpoint(session, run, breakpoint);
    if (values.length > 0) refuseTwo(options);
    const given =
      values.length === 0
        ? await answerFromOptions(open, options)
        : await answerFromWords(open, values);
    if (given === undefined) return askHere(session, run, open, options);
    const admission = await app.signal(run, {
      type: "answer",
      breakpoint: open?.id ?? breakpoint ?? "",
      answer: given,
      by: me,
      ...(options.shown === undefined ? {} : { shown: options.shown }),
    });
    if (!admission.ok) return sayRefused(session, run, admission, options.json === true);
    return goOn(session, run, options);
  });
}

/** What is said with an option is an answer, too: of two, nobody knows which one is meant. */
function refuseTwo(options: AnswerOptions): void {
  const said = DECIDING.find((name) => options[name] !== undefined);
  if (said !== undefined)
    throw new Problem(`A value and --${said} are two answers. Give one of them.`);
}

const DECIDING = [
  "approve",
  "reject",
  "comment",
  "plan",
  "drop",
  "edit",
  "retry",
  "reroute",
] as const;

async function openBreakpoint(
  { app }: Session,
  run: string,
  name: string | undefined,
): Promise<Breakpoint | undefined> {
  const watch = await app.watchRun(run);
  if (!watch) throw new Problem(`There is no run ${run}.`);
  try {
    return name === undefined ? onlyBreakpoint(watch.state) : findBreakpoint(watch.state, name);
  } finally {
    watch.dispose();
  }
}

function onlyBreakpoint(state: RunState): Breakpoint {
  const open = [...state.breakpoints.values()];
  const [only] = open;
  if (only === undefined)
    throw new Problem("Nothing waits for an answer in this run.", EXIT.failed);
  if (open.length === 1) return only;
  throw new Problem(
    "Several questions are open. Say which one:",
    EXIT.invalid,
    open.map(({ id }) => `  ${id}`),
  );
}

/** What the options say; undefined when they say nothing. */
async function answerFromOptions(
  open: Breakpoint | undefined,
  options: AnswerOptions,
): Promise<Json | undefined> {
  const { approve, reject, comment, plan, drop } = options;
  const comments = (comment ?? [])
    .flatMap((text) => [...readComments(text)])
    .map((said) => ({ ...said }));
  if (approve && reject !== undefined)
    throw new Problem("--approve and --reject contradict each other.");
  if (open?.form.kind === "prompt" && open.form.input === "confirm") return yesOrNo(options);
  if (open?.form.kind === "escalation") return decisionOf(options);
  if (approve) {
    return {
      approved: true,
      comments,
      ...(plan === undefined ? {} : { plan: await readText(plan) }),
      ...(drop === undefined ? {} : { drop: drop.map(itemNumber) }),
    };
  }
  if (reject !== undefined)
    return { approved: false, reason: reject === true ? "" : reject, comments };
  return comments.length > 0 ? { request_changes: true, comments } : undefined;
}

/** What the options say to an escalation; guidance comes with --retry, or beside --reroute. */
async function decisionOf(options: AnswerOptions): Promise<Json | undefined> {
  const { approve, reject, edit, retry, reroute } = options;
  const given = [approve, reject, edit, reroute ?? retry].filter((one) => one !== undefined);
  if (given.length > 1) throw new Problem("An escalation takes one decision.");
  const guidance = retry === undefined || retry === true ? "" : retry;
  if (approve) return { decision: "approve" };
  if (edit !== undefined) return { decision: "edit", response: await readText(edit) };
  if (reroute !== undefined) return { decision: "reroute", agent: reroute, guidance };
  if (retry !== undefined) return { decision: "retry", guidance };
  if (reject === undefined) return undefined;
  return { decision: "fail", reason: reject === true ? "" : reject };
}

/** What the options say to a question of yes or no, which has no room for more. */
function yesOrNo({ approve, reject, comment, plan, drop }: AnswerOptions): boolean | undefined {
  if ((comment ?? plan ?? drop) !== undefined || typeof reject === "string")
    throw new Problem("This question takes yes or no, and nothing with it.");
  return approve ? true : reject === undefined ? undefined : false;
}

function itemNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Problem(`--drop takes the number of a plan's item, not ${text}.`);
}

/** A form takes its fields one by one, or all as one JSON object; everything else is answered with one word. */
async function answerFromWords(
  open: Breakpoint | undefined,
  words: readonly string[],
): Promise<Json> {
  // Nothing is asked under that name: whatever the words are, that is what has to be told.
  if (!open) return words.join(" ");
  const [word = "", ...more] = words;
  const isForm = open.form.kind === "prompt" && open.form.input === "form";
  if (isForm) {
    const whole = more.length === 0 ? jsonOf(word) : undefined;
    return isObject(whole) ? whole : readNamed(words, "");
  }
  if (more.length === 0) return answerFromText(open, word);
  throw new Problem(
    `An answer is one word here: put quotes around ${describeCommand([words.join(" ")])}.`,
  );
}

/** A text prompt takes what was typed as it is; everything else may also come as JSON. */
function answerFromText(open: Breakpoint, text: string): Json {
  const isText = open.form.kind === "prompt" && open.form.input === "text";
  const parsed = jsonOf(text);
  if (isText) return isObject(parsed) && typeof parsed.input === "string" ? parsed : text;
  return isObject(parsed) || isList(parsed) || typeof parsed === "boolean" ? parsed : text;
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function askHere(
  session: Session,
  run: string,
  open: Breakpoint | undefined,
  options: AnswerOptions,
): Promise<ExitCode> {
  const { terminal, call } = session;
  if (!open) throw await nothingAsked(session, run);
  if (!terminal.interactive) {
    throw new Problem(
      "There is no answer in this command.",
      EXIT.invalid,
      questionText(open, run, call, terminal.paint),
    );
  }
  const { answerOnce } = await import("../prompts/answerOne.ts");
  const said = await answerOnce(session, run, open);
  if (!said) return EXIT.waiting;
  return goOn(session, run, options);
}

/** A lone word after the run is the name of a question: taken for an answer, a typing error would become one. */
async function nothingAsked(session: Session, run: string): Promise<Problem> {
  const watch = await session.app.watchRun(run);
  const asked = watch ? waitingLines(session, watch) : [];
  const open = watch?.state.breakpoints.size ?? 0;
  watch?.dispose();
  const message =
    open === 0
      ? "Nothing waits for an answer in this run."
      : "Nothing is asked under that name in this run.";
  return new Problem(message, EXIT.failed, asked);
}

function sayRefused(
  { terminal, call }: Session,
  run: string,
  { reason, present }: { readonly reason: string; readonly present?: Breakpoint },
  json: boolean,
): ExitCode {
  if (json)
    terminal.line(JSON.stringify({ type: "refused", run, reason, present: present ?? null }));
  terminal.error(printable(reason));
  if (present && !json)
    for (const line of ["", ...questionText(present, run, call, terminal.paint)])
      terminal.error(line);
  return EXIT.failed;
}

/** After an answer: stays with the run when told to; otherwise says who takes it from here. */
async function goOn(session: Session, run: string, options: AnswerOptions): Promise<ExitCode> {
  const { app, terminal, call } = session;
  const json = options.json === true;
  if (options.follow) {
    await ensureTrusted(session, "resume", run);
    const opened = await app.openRun(run);
    if (!opened.ok) throw new Problem(opened.failure.message, EXIT.failed);
    return followRun(session, run, { json, asks: true });
  }
  const summary = (await app.listRuns()).find((found) => found.run === run);
  const driven = summary?.ownership === "elsewhere";
  if (json) terminal.line(JSON.stringify({ type: "answered", run, driven }));
  else if (driven) terminal.line("Answered. The process that drives the run goes on with it.");
  else
    terminal.line(
      `Answered. Nobody drives the run now; go on with: ${commandLine(call, "resume", run)}`,
    );
  return EXIT.done;
}
