/** `fermata gate`: a step's gates run once more, alone, with their evidence. Changes nothing of the run. */
import type { GateResult } from "../../../../run/gate/judge.ts";
import { isObject } from "../../../../util/json.ts";
import { describeCommand } from "../../../../util/shellQuote.ts";
import { printable, printableLine } from "../../../../views/printable.ts";
import { EXIT, type ExitCode, exitOfFailure } from "../../exitCode.ts";
import { Problem } from "../../problem.ts";
import { findRun } from "../../session/runName.ts";
import { type CommonOptions, type Session, withSession } from "../../session/session.ts";
import { ensureTrusted } from "../../session/trust.ts";

export function gateCommand(
  wanted: string,
  path: string,
  options: CommonOptions,
): Promise<ExitCode> {
  return withSession(options, async (session) => {
    const { app, terminal } = session;
    const run = await findRun(app, wanted);
    await ensureTrusted(session);
    const stop = new AbortController();
    const interrupt = () => stop.abort();
    process.once("SIGINT", interrupt);
    const again = await app
      .runGates(run, path, stop.signal)
      .finally(() => process.off("SIGINT", interrupt));
    if (stop.signal.aborted) return EXIT.interrupted;
    if (!again.ok) throw new Problem(again.failure.message, exitOfFailure(again.failure));
    const { results, before } = again;
    if (options.json) terminal.line(JSON.stringify({ type: "gates", run, path, results, before }));
    else for (const line of gateText(session, results, before)) terminal.line(line);
    return results.some(({ status }) => status === "FAIL") ? EXIT.failed : EXIT.done;
  });
}

function gateText(
  { terminal: { paint } }: Session,
  results: readonly GateResult[],
  before: readonly GateResult[],
): readonly string[] {
  const passed = results.filter(({ status }) => status === "PASS").length;
  const lines = results.flatMap((result) => {
    const { name, category, status, reason, evidence } = result;
    const style = status === "PASS" ? "green" : status === "WARN" ? "yellow" : "red";
    const was = before.find((one) => one.name === name)?.status;
    const changed = was === undefined || was === status ? "" : ` (was ${was})`;
    const about = printableLine(category === null ? name : `${name} (${category})`);
    return [
      `${paint(style, status)} ${about}: ${printableLine(reason)}${changed}`,
      ...evidenceLines(evidence).map((line) => paint("dim", `    ${line}`)),
    ];
  });
  return [...lines, "", `${passed} of ${results.length} passed. The run stays as it is.`];
}

/** The command, then the end of what it printed; other evidence as JSON. */
function evidenceLines(evidence: GateResult["evidence"]): readonly string[] {
  if (!isObject(evidence)) return [];
  const { command, output, ...more } = evidence;
  const words = Array.isArray(command) ? command.map(String) : String(command ?? "");
  const ran = command === undefined ? [] : [`$ ${printableLine(describeCommand(words))}`];
  const said = typeof output === "string" ? printable(output).trimEnd().split("\n").slice(-20) : [];
  const rest = Object.entries(more).map(
    ([name, value]) => `${name}: ${printableLine(JSON.stringify(value)).slice(0, 500)}`,
  );
  return [...ran, ...said.filter((line) => line !== ""), ...rest];
}
