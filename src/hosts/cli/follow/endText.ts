/**
 * The last words about a run: what came of it, where it lies, and the next move as a command to copy.
 * Owns those lines, and the last line of `--json`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RunWatch } from "../../../app/app.ts";
import { runMetrics } from "../../../report/metrics.ts";
import { whyNoRetry } from "../../../run/admit.ts";
import type { Breakpoint } from "../../../run/ask/breakpoint.ts";
import { doingOf } from "../../../run/doing.ts";
import { gateTotals } from "../../../run/gate/tally.ts";
import { agentFacts } from "../../../run/start/chosenAgents.ts";
import type { RunState } from "../../../run/state.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { answerCommands, formView } from "../../../views/breakpointForm.ts";
import { gateLines } from "../../../views/gates/gateLines.ts";
import { criteriaLines } from "../../../views/plain/criteria.ts";
import { workText } from "../../../views/plain/workText.ts";
import { printable, printableLine } from "../../../views/printable.ts";
import { runStatusName, runWord } from "../../../views/statusWord.ts";
import { questionLine, questionText } from "../screen/questionText.ts";
import { valueText } from "../screen/valueText.ts";
import { commandLine } from "../session/programName.ts";
import type { Session } from "../session/session.ts";
import type { Rest } from "./rest.ts";

/** Says how a run stands, to a person or as one JSON line. */
export function sayRest(session: Session, watch: RunWatch, rest: Rest, json: boolean): void {
  const { terminal } = session;
  if (json) terminal.line(JSON.stringify(resultLine(session, watch, rest)));
  else for (const line of restText(session, watch, rest)) terminal.line(line);
}

/** The last line of `--json`. */
export function resultLine(session: Session, watch: RunWatch, rest: Rest | undefined): JsonObject {
  const { state } = watch;
  const { run } = state.started;
  const waiting = questionsOf(state).map((open): JsonObject => {
    const { id, path, kind, title, body, hash, expected } = formView(open);
    const answer = answerCommands(open, { run, ...session.call }).map(({ says, command }) => ({
      says,
      command,
    }));
    return { id, path, kind, title, text: body, hash, expected, answer };
  });
  return {
    type: "result",
    run,
    status: statusOf(watch, rest),
    value: state.value ?? null,
    failure: state.failure ? plain(state.failure) : null,
    ...(watch.stopped === undefined ? {} : { stopped: watch.stopped }),
    ...(state.criteria ? { success_criteria: state.criteria.map((one) => ({ ...one })) } : {}),
    waiting,
    gates: { ...gateTotals(state) },
    agents: agentFacts(state.started),
    tokens: state.tokens,
    cost_usd: state.cost_usd,
    ...(state.unpriced ? { unpriced_tokens: state.unpriced } : {}),
    ...(state.ended_at === undefined ? {} : { work: plain(runMetrics(state, state.ended_at)) }),
  };
}

/** In the words of lists and `--query`. What waits for a signal waits, too; what is driven here ends with this process. */
function statusOf({ state, ownership }: RunWatch, rest: Rest | undefined): string {
  if (rest === "waiting") return "waiting";
  const driven = ownership === "elsewhere" || (ownership === "here" && rest !== "stopped");
  const waiting = questionsOf(state).length;
  return runStatusName({ status: state.status, waiting, doing: doingOf(state), driven });
}

function restText(session: Session, watch: RunWatch, rest: Rest): readonly string[] {
  switch (rest) {
    case "finished":
      return endText(session, watch.state);
    case "waiting":
      return ["", ...waitingText(session, watch)];
    case "paused":
      return ["", "Paused.", `Go on with:  ${resumeLine(session, watch)}`];
    case "undriven":
      return [
        "",
        `${wordNow(watch)}. No process drives this run now.`,
        ...(watch.stopped === undefined ? [] : [printableLine(watch.stopped)]),
        ...waitingLines(session, watch),
        `Go on with:  ${resumeLine(session, watch)}`,
      ];
    case "stopped":
      return watch.ownership === "elsewhere"
        ? ["", "The run goes on in its own process."]
        : [
            "",
            "Stopped here; the run keeps its state.",
            `Go on with:  ${resumeLine(session, watch)}`,
          ];
  }
}

function endText(session: Session, state: RunState): readonly string[] {
  const { paint, interactive } = session.terminal;
  // The live view has them in its picture.
  const criteria = interactive ? [] : criteriaLines(state.criteria, paint);
  const work = [...workLines(state), ...placeLines(session, state)];
  const where = [...criteria, ...work.map((line) => paint("dim", line))];
  switch (state.status) {
    case "done":
      return ["", paint("green", "Done."), ...valueText(state.value ?? null), "", ...where];
    case "rejected":
      return ["", paint("red", "Rejected."), ...reasonLines(state), "", ...where];
    case "cancelled":
      return ["", "Cancelled.", "", ...where];
    default:
      return ["", paint("red", "Failed."), ...failedText(session, state), ...where];
  }
}

/** Why a run failed, whole, and the next moves. */
export function failedText({ call }: Session, state: RunState): readonly string[] {
  const { run } = state.started;
  const path = state.failure?.path;
  const output =
    path === undefined ? [] : [`What it said:  ${commandLine(call, "output", run, path)}`];
  const retry = whyNoRetry(state) ?? `Try again:     ${commandLine(call, "retry", run)}`;
  return [...reasonLines(state), "", ...output, retry];
}

/** What working in parallel came to, and the gates: these while the run is under way, too. */
export function workLines(state: RunState): readonly string[] {
  const over = state.overspent.map(({ message }) => `Budget  ${message}`);
  const gates = [...over, ...gateLines(state)].map(printable);
  if (state.ended_at === undefined) return gates;
  const metrics = runMetrics(state, state.ended_at);
  const criticalPath = metrics.criticalPath.map((path) => state.tasks.get(path)?.title ?? path);
  return [...workText({ ...metrics, criticalPath }), ...gates];
}

/** Where the run lies on disk, and the memory that it may have written to. */
function placeLines({ app }: Session, { started }: RunState): readonly string[] {
  const memory = join(app.stateFolder, "memory.jsonl");
  const remembers = Object.keys(started.tools).some((tool) => tool.startsWith("memory."));
  return [
    `Run     ${join(app.stateFolder, "runs", started.run)}`,
    ...(remembers && existsSync(memory) ? [`Memory  ${memory}`] : []),
  ];
}

function reasonLines({ failure }: RunState): readonly string[] {
  if (!failure) return [];
  const place = failure.path === undefined ? [] : [`In ${printableLine(failure.path)}:`];
  return [...place, ...printable(failure.message).split("\n")];
}

function waitingText(session: Session, watch: RunWatch): readonly string[] {
  const { terminal } = session;
  const own =
    watch.ownership === "elsewhere" ? [] : [`Then go on with:  ${resumeLine(session, watch)}`];
  return [
    terminal.paint("bold", `${wordNow(watch)}.`),
    "",
    ...waitingLines(session, watch),
    ...own,
  ];
}

/** Questions that are shown whole; of more of them a line each. */
const WHOLE = 5;

/** Everything that the run waits for from outside, each with the command that gives it. */
export function waitingLines(session: Session, watch: RunWatch): readonly string[] {
  const { terminal, call } = session;
  const { state } = watch;
  const { run } = state.started;
  const asked = questionsOf(state);
  const whole = asked
    .slice(0, WHOLE)
    .flatMap((open) => [...questionText(open, run, call, terminal.paint), ""]);
  const more = asked.slice(WHOLE).map((open) => questionLine(open, terminal.paint));
  const next = `Each of these ${more.length} whole:  ${commandLine(call, "answer", run, "PATH")}`;
  const questions = [...whole, ...more, ...(more.length > 0 ? ["", next, ""] : [])];
  const signals = [...state.open.values()].flatMap((task) => {
    if (task.state.is !== "waiting" || task.state.signal === undefined) return [];
    const { signal } = task.state;
    return [
      `It waits for the signal ${printableLine(signal)}.`,
      `    send it  ${commandLine(call, "signal", run, signal)}`,
      "",
    ];
  });
  return [...questions, ...signals];
}

/** What an answer is taken for; a run that is being cancelled takes none. */
function questionsOf(state: RunState): readonly Breakpoint[] {
  return state.status === "cancelling" ? [] : [...state.breakpoints.values()];
}

function wordNow({ state, ownership }: RunWatch): string {
  const { word } = runWord({
    status: state.status,
    waiting: state.breakpoints.size,
    doing: doingOf(state),
    driven: ownership !== "nobody",
  });
  return word;
}

function resumeLine({ call }: Session, watch: RunWatch): string {
  return commandLine(call, "resume", watch.run);
}

function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}
