/** `fermata gate`: a step's gates, of a run or of a file, run alone with their evidence. Changes no run. */
import type { GatesOf, GatesRun } from "../../../../app/app.ts";
import { movesFor } from "../../../../run/gate/gateNeeds.ts";
import { gateReport } from "../../../../views/gates/gateReport.ts";
import { printableLine } from "../../../../views/printable.ts";
import { formatDiagnostic } from "../../../../workflow/diagnostic.ts";
import { jsonOrText } from "../../../../workflow/inputs.ts";
import { EXIT, type ExitCode, exitOfFailure } from "../../exitCode.ts";
import { Problem } from "../../problem.ts";
import { readInputs, readText } from "../../session/inputs.ts";
import { findRun } from "../../session/runName.ts";
import { type CommonOptions, type Session, withSession } from "../../session/session.ts";
import { ensureTrusted } from "../../session/trust.ts";
import { fileOrName } from "../run.ts";

export interface GateOptions extends CommonOptions {
  readonly input?: readonly string[];
  readonly inputs?: string;
  readonly output?: string;
}

/** `wanted`: a run, or a workflow file; `step`: a task of that run, or a step of that file. */
export async function gateCommand(
  wanted: string,
  step: string | undefined,
  options: GateOptions,
): Promise<ExitCode> {
  const isFile = /\.ya?ml$/i.test(wanted);
  const of = isFile ? await ofFile(wanted, step, options) : undefined;
  return withSession(options, async (session) => {
    const { app, terminal } = session;
    const gates = of ?? (await ofRun(session, wanted, step, options));
    await ensureTrusted(session, "gate", wanted, ...(step === undefined ? [] : [step]));
    const stop = new AbortController();
    const interrupt = () => stop.abort();
    process.once("SIGINT", interrupt);
    const again = await app
      .runGates(gates, stop.signal)
      .finally(() => process.off("SIGINT", interrupt));
    if (stop.signal.aborted) return EXIT.interrupted;
    if (!again.ok) throw refused(again);
    const { results, before, path, unjudged } = again;
    const place = "run" in gates ? { run: gates.run } : { file: gates.template };
    if (options.json)
      terminal.line(JSON.stringify({ type: "gates", ...place, path, results, before, unjudged }));
    else for (const line of gateText(session, again, isFile)) terminal.line(line);
    const failed = results.some(({ status }) => status === "FAIL");
    // What nobody judged has not passed.
    const open = unjudged.some(({ severity }) => severity === "fail");
    return failed || open ? EXIT.failed : EXIT.done;
  });
}

async function ofRun(
  { app }: Session,
  wanted: string,
  path: string | undefined,
  { input, inputs, output }: GateOptions,
): Promise<GatesOf> {
  if (path === undefined) throw new Problem("Which task of the run? Name one: gate RUN TASK.");
  if ((input ?? inputs ?? output) !== undefined)
    throw new Problem(
      "A run has its inputs and outputs already: --input, --inputs and --output go with a FILE.",
    );
  return { run: await findRun(app, wanted), path };
}

async function ofFile(
  file: string,
  step: string | undefined,
  options: GateOptions,
): Promise<GatesOf> {
  const { output } = options;
  return {
    template: fileOrName(file),
    inputs: await readInputs(options),
    ...(step === undefined ? {} : { step }),
    ...(output === undefined ? {} : { output: jsonOrText(await readText(output)) }),
  };
}

function refused({ failure, diagnostics = [] }: Extract<GatesRun, { ok: false }>): Problem {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return new Problem(failure.message, exitOfFailure(failure), errors.map(formatDiagnostic));
}

function gateText(
  { terminal: { paint } }: Session,
  { results, before, unjudged }: Extract<GatesRun, { ok: true }>,
  isFile: boolean,
): readonly string[] {
  const stays = isFile ? "" : " The run stays as it is.";
  const passed = results.filter(({ status }) => status === "PASS").length;
  const lines = gateReport(results, before).flatMap(({ status, line, evidence }) => {
    const style = status === "PASS" ? "green" : status === "WARN" ? "yellow" : "red";
    const shown = evidence.map((text) => paint("dim", `    ${text}`));
    return [`${paint(style, status)} ${line}`, ...shown];
  });
  const not = unjudged.map(
    ({ name, reason }) => `${paint("yellow", "NOT JUDGED")} ${printableLine(`${name}: ${reason}`)}`,
  );
  const total = results.length + unjudged.length;
  const more = unjudged.length === 0 ? "" : ` ${unjudged.length} could not be judged.`;
  return [
    ...lines,
    ...not,
    "",
    `${passed} of ${total} passed.${more}${stays}`,
    ...movesFor(unjudged),
  ];
}
