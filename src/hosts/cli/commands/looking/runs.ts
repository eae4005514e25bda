/** `fermata runs` and `fermata show`: looking at runs without touching them. */
import type { RunSummary, RunWatch } from "../../../../app/app.ts";
import { criticalMarks, runMetrics } from "../../../../report/metrics.ts";
import { agentLines } from "../../../../run/start/chosenAgents.ts";
import { asGiven } from "../../../../util/shorten.ts";
import { runText, signOf } from "../../../../views/plain/text.ts";
import { printableLine } from "../../../../views/printable.ts";
import { type RunRow, runRows } from "../../../../views/runList.ts";
import { runStatusName } from "../../../../views/statusWord.ts";
import { runTree } from "../../../../views/taskTree.ts";
import { EXIT, type ExitCode } from "../../exitCode.ts";
import { failedText, resultLine, waitingLines, workLines } from "../../follow/endText.ts";
import { followRun } from "../../follow/followRun.ts";
import { restOf } from "../../follow/rest.ts";
import { Problem } from "../../problem.ts";
import { tableLines } from "../../screen/table.ts";
import { widthOf } from "../../screen/terminal.ts";
import { commandLine } from "../../session/programName.ts";
import { readQuery } from "../../session/query.ts";
import { findRun } from "../../session/runName.ts";
import { type CommonOptions, type Session, withSession } from "../../session/session.ts";

export interface RunsOptions extends CommonOptions {
  readonly query?: string;
  readonly limit?: string;
}

export function runsCommand(options: RunsOptions): Promise<ExitCode> {
  const query = readQuery(options.query ?? "");
  const limit = limitOf(options.limit);
  return withSession(options, async ({ app, terminal, call }) => {
    const runs = await app.listRuns({ query, ...(limit === undefined ? {} : { limit }) });
    if (options.json) {
      for (const run of runs) terminal.line(JSON.stringify(programLine(run)));
      return EXIT.done;
    }
    if (runs.length === 0 && query.length > 0) {
      terminal.line(`No run in ${app.workspace} fits. All of them: ${commandLine(call, "runs")}`);
      return EXIT.done;
    }
    if (runs.length === 0) {
      terminal.line(
        `There are no runs in ${app.workspace} yet. Start one with: ${commandLine(call, "run", "NAME")}`,
      );
      return EXIT.done;
    }
    const rows = runRows(runs, Date.now()).map(runCells);
    for (const line of tableLines(rows, terminal.size().columns)) terminal.line(line);
    return EXIT.done;
  });
}

/** With the status in the words of `--query`. */
function programLine({ doing, ...run }: RunSummary): object {
  const { status, waiting, ownership, damage } = run;
  const facts = { status, waiting, doing, driven: ownership !== "nobody" };
  return { type: "run", ...run, status: damage === undefined ? runStatusName(facts) : "failed" };
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Problem(
    `--limit ${asGiven(text)} is no count. Write a whole number from 1: --limit 20.`,
  );
}

export interface ShowOptions extends CommonOptions {
  readonly follow?: boolean;
}

/** The whole run as it stands, with what it asks; or, followed, until it rests. */
export function showCommand(wanted: string, options: ShowOptions): Promise<ExitCode> {
  const json = options.json === true;
  return withSession(options, async (session) => {
    const run = await findRun(session.app, wanted);
    if (options.follow) return followRun(session, run, { json, asks: false });
    const watch = await session.app.watchRun(run);
    if (!watch) throw new Problem(`There is no run ${run}.`);
    try {
      if (json) showJson(session, watch);
      else showText(session, watch);
      return EXIT.done;
    } finally {
      watch.dispose();
    }
  });
}

function showText(session: Session, watch: RunWatch): void {
  const { terminal, me } = session;
  const { state, ownership, live } = watch;
  const critical = criticalMarks(runMetrics(state, Date.now()), state);
  const lines = runText(runTree(state, { driven: ownership !== "nobody", live, me, critical }), {
    workspace: state.started.workspace,
    agents: agentLines(state.started),
    width: terminal.interactive ? terminal.size().columns : 100,
    widthOf,
    colour: terminal.colour,
    now: Date.now(),
    show: "all",
  });
  for (const line of [...lines, ...workLines(state).map((work) => ` ${work}`)]) terminal.line(line);
  const failed = state.status === "failed" ? ["", ...failedText(session, state)] : [];
  for (const line of failed) terminal.line(line);
  const asked = waitingLines(session, watch);
  if (asked.length > 0) terminal.line();
  for (const line of asked) terminal.line(line);
}

function showJson(session: Session, watch: RunWatch): void {
  const { state, ownership, live } = watch;
  const critical = criticalMarks(runMetrics(state, Date.now()), state);
  const tree = runTree(state, { driven: ownership !== "nobody", live, me: session.me, critical });
  const { type: _, ...result } = resultLine(
    session,
    watch,
    restOf(watch, () => false),
  );
  session.terminal.line(
    JSON.stringify({ type: "run", ...result, ownership, inputs: state.started.inputs, tree }),
  );
}

function runCells(row: RunRow): readonly string[] {
  const info = [row.elapsed ?? "", row.tokens, row.cost].filter((part) => part !== "").join(" · ");
  const about = row.detail === undefined ? row.subject : `${row.subject} — ${row.detail}`;
  return [
    signOf(row.status),
    row.run,
    row.word,
    row.age === "now" ? "now" : `${row.age} ago`,
    info,
    row.title,
    about,
  ].map(printableLine);
}
