/** `fermata run`: from a name and inputs to a run that is followed to its rest. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Failure } from "../../../run/failure.ts";
import { printable } from "../../../views/printable.ts";
import type { FileDiagnostic } from "../../../workflow/diagnostic.ts";
import { EXIT, type ExitCode, exitOfFailure } from "../exitCode.ts";
import { followRun } from "../follow/followRun.ts";
import { Problem } from "../problem.ts";
import { diagnosticText } from "../screen/diagnosticText.ts";
import { readAnswersFile } from "../session/answersFile.ts";
import { inputDiagnostics } from "../session/inputDiagnostics.ts";
import { readInputs } from "../session/inputs.ts";
import { commandLine } from "../session/programName.ts";
import { type CommonOptions, type Session, withSession } from "../session/session.ts";
import { ensureTrusted } from "../session/trust.ts";
import { withResult } from "../session/withResult.ts";

export interface RunOptions extends CommonOptions {
  readonly input?: readonly string[];
  readonly inputs?: string;
  readonly answers?: string;
}

/** Starts a run and stays with it. Nothing has run when it ends with "invalid". */
export function runCommand(name: string | undefined, options: RunOptions): Promise<ExitCode> {
  return withResult(options, () => run(name, options));
}

async function run(name: string | undefined, options: RunOptions): Promise<ExitCode> {
  const given = await readInputs(options);
  const answers =
    options.answers === undefined ? undefined : await readAnswersFile(options.answers);
  const json = options.json === true;
  return withSession(options, async (session) => {
    const { app, me } = session;
    const template = name === undefined ? await chooseTemplate(session) : fileOrName(name);
    const checked = await app.validate(template);
    if (!checked.ok) return refused(session, json, invalidFile(checked.file), checked.diagnostics);
    await ensureTrusted(session, "run", name ?? "NAME");
    const inputs = session.terminal.interactive
      ? await askMissing(session, checked.file, given)
      : given;
    const problems = await inputDiagnostics(checked.file, inputs);
    if (problems.length > 0) {
      refused(session, json, invalidInputs(problems), problems);
      session.terminal.error("Give inputs with --input NAME=VALUE, or --inputs FILE.json.");
      return EXIT.invalid;
    }
    const started = await app.startRun({
      template,
      inputs,
      coerce: true,
      startedBy: me,
      ...(answers === undefined ? {} : { answers }),
    });
    if (!started.ok) return refused(session, json, started.failure, started.diagnostics);
    return followRun(session, started.run, {
      json,
      asks: true,
      ...(answers === undefined ? {} : { answers }),
    });
  });
}

/** A path from the current folder when there is such a file; otherwise the app looks the name up. */
export function fileOrName(name: string): string {
  return /\.ya?ml$/.test(name) && existsSync(resolve(name)) ? resolve(name) : name;
}

async function chooseTemplate({ app, terminal, call }: Session): Promise<string> {
  const templates = await app.listTemplates();
  const usable = templates.filter(({ problem }) => problem === undefined);
  if (!terminal.interactive || usable.length === 0) {
    const names = usable.map((template) => `  ${template.name}  ${template.description}`);
    throw new Problem(
      `Which workflow? Name one, or a file: ${commandLine(call, "run", "NAME")}`,
      EXIT.invalid,
      names,
    );
  }
  const { pickTemplate } = await import("../prompts/pickTemplate.ts");
  const picked = await pickTemplate(usable);
  if (picked === undefined) throw new Problem("Nothing was chosen, so nothing runs.");
  return picked;
}

async function askMissing(
  session: Session,
  file: string,
  given: Awaited<ReturnType<typeof readInputs>>,
) {
  const { askInputs } = await import("../prompts/askInputs.ts");
  return askInputs(file, given, session.terminal);
}

function invalidInputs(problems: readonly FileDiagnostic[]): Failure {
  return { code: "invalid_input", message: problems.map(({ message }) => message).join(" ") };
}

function invalidFile(file: string): Failure {
  return { code: "invalid_input", message: `${file} cannot run. Mend it, then try again.` };
}

/** Says why nothing runs: where the file is wrong, or the one thing that is missing. */
function refused(
  { terminal }: Session,
  json: boolean,
  failure: Failure,
  diagnostics: readonly FileDiagnostic[],
): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (json) {
    const status = failure.code === "untrusted" ? "untrusted" : "invalid";
    terminal.line(
      JSON.stringify({
        type: "result",
        run: null,
        status,
        value: null,
        failure,
        diagnostics: errors,
      }),
    );
  }
  for (const diagnostic of errors) {
    for (const line of diagnosticText(diagnostic, terminal.paint, process.cwd()))
      terminal.error(line);
  }
  if (errors.length === 0) terminal.error(`fermata: ${printable(failure.message)}`);
  return errors.length > 0 ? EXIT.invalid : exitOfFailure(failure);
}
