/** `fermata output` and `fermata export`: what tasks said, and a run as one file. */
import { resolve } from "node:path";
import type { RunState } from "../../../../run/state.ts";
import { asGiven } from "../../../../util/shorten.ts";
import { printable } from "../../../../views/printable.ts";
import { EXIT, type ExitCode } from "../../exitCode.ts";
import { Problem } from "../../problem.ts";
import { whyNot } from "../../session/inputs.ts";
import { findRun } from "../../session/runName.ts";
import { type CommonOptions, type Session, withSession } from "../../session/session.ts";
import { writeWholeFile } from "../../session/wholeFile.ts";

export interface ExportOptions extends CommonOptions {
  readonly to?: string;
}

/** The transcript of one task, every attempt of it. */
export function outputCommand(
  wanted: string,
  task: string,
  options: CommonOptions,
): Promise<ExitCode> {
  return withSession(options, async (session) => {
    const { app, terminal } = session;
    const run = await findRun(app, wanted);
    const path = await findTask(session, run, task);
    const lines = await app.readOutput(run, path);
    if (options.json) {
      for (const line of lines) terminal.line(JSON.stringify({ type: "output", path, ...line }));
      return EXIT.done;
    }
    let attempt = lines[0]?.attempt;
    for (const line of lines) {
      if (line.attempt !== attempt)
        terminal.line(terminal.paint("dim", `--- attempt ${line.attempt} ---`));
      attempt = line.attempt;
      for (const text of printable(line.text).trimEnd().split("\n")) {
        terminal.line(
          line.kind === "text" ? text : `${terminal.paint("dim", `${line.kind}:`)} ${text}`,
        );
      }
    }
    if (lines.length === 0) terminal.error(`${path} has said nothing.`);
    return EXIT.done;
  });
}

/** Everything about a run as one JSON object: for another machine, a report, a question to us. */
export function exportCommand(wanted: string, options: ExportOptions): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal }) => {
    const run = await findRun(app, wanted);
    const exported = await app.exportRun(run);
    const text = JSON.stringify(exported, null, options.json ? 0 : 2);
    if (typeof exported.damage === "string") {
      terminal.error(`${printable(exported.damage)} This is what stands before the damage.`);
    }
    if (options.to === undefined) {
      terminal.line(text);
      return EXIT.done;
    }
    const file = resolve(options.to);
    await writeWholeFile(file, `${text}\n`).catch((error) => {
      throw new Problem(`Cannot write ${file}: ${whyNot(error)}. Name another file: --to FILE.`);
    });
    terminal.line(file);
    return EXIT.done;
  });
}

/** The path of a task: as given, or the only one that ends with it. */
async function findTask({ app }: Session, run: string, task: string): Promise<string> {
  const watch = await app.watchRun(run);
  if (!watch) throw new Problem(`There is no run ${run}.`);
  try {
    return taskPathOf(watch.state, task);
  } finally {
    watch.dispose();
  }
}

function taskPathOf(state: RunState, task: string): string {
  if (state.tasks.has(task)) return task;
  const paths = [...state.tasks.keys()];
  const matches = paths.filter((path) => path.endsWith(`/${task}`));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  const listed = (matches.length > 0 ? matches : paths).slice(0, 20).map((path) => `  ${path}`);
  const message =
    only === undefined
      ? `There is no task ${asGiven(task)} in this run. It has:`
      : `${asGiven(task)} could be:`;
  throw new Problem(message, EXIT.invalid, listed);
}
