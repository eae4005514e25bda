/** `fermata where`, `doctor` and `eval`: about the place, the machine and the language. */
import type { Finding } from "../../../app/app.ts";
import { printable, printableLine, printableLines } from "../../../views/printable.ts";
import { EXIT, type ExitCode } from "../exitCode.ts";
import { readJsonFile } from "../session/inputs.ts";
import { type CommonOptions, withSession } from "../session/session.ts";

export interface EvalOptions extends CommonOptions {
  readonly context?: string;
}

export interface WhereOptions extends CommonOptions {
  readonly log?: boolean;
}

/** Prints the folder that holds the runs of the workspace. */
export function whereCommand(options: WhereOptions): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal }) => {
    const { workspace, stateFolder, logFile } = app;
    if (options.json)
      terminal.line(JSON.stringify({ type: "where", workspace, state: stateFolder, log: logFile }));
    else terminal.line(options.log ? logFile : stateFolder);
    return EXIT.done;
  });
}

/** Looks at everything a run may need, and says what to do about what is amiss. */
export function doctorCommand(options: CommonOptions): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal }) => {
    const findings = await app.doctor();
    for (const finding of findings) {
      if (options.json) terminal.line(JSON.stringify({ type: "finding", ...finding }));
      else for (const line of findingLines(finding, terminal.paint)) terminal.line(line);
    }
    return findings.some(({ status }) => status === "problem") ? EXIT.failed : EXIT.done;
  });
}

/** How everything fares now. Ends with 1 only when something is broken; `--json` tells what is merely worth a look. */
export function healthCommand(options: CommonOptions): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal }) => {
    const health = await app.health();
    if (options.json) terminal.line(JSON.stringify({ type: "health", ...health }));
    else {
      for (const check of health.checks)
        for (const line of findingLines(check, terminal.paint)) terminal.line(line);
      terminal.line();
      terminal.line(HEALTH_WORDS[health.status]);
    }
    return health.status === "unhealthy" ? EXIT.failed : EXIT.done;
  });
}

const HEALTH_WORDS = {
  healthy: "Healthy.",
  degraded: "Degraded: it works, and something is worth a look.",
  unhealthy: "Unhealthy: something is broken.",
} as const;

/** Prints what a template gives, as JSON. */
export async function evalCommand(template: string, options: EvalOptions): Promise<ExitCode> {
  const context = options.context === undefined ? {} : await readJsonFile(options.context);
  return withSession(options, async ({ app, terminal }) => {
    const evaluated = app.evaluate(template, context);
    if (evaluated.ok) {
      terminal.line(JSON.stringify(evaluated.value));
      return EXIT.done;
    }
    const { line, column, message } = evaluated;
    terminal.error(`template:${line}:${column}: ${printable(message)}`);
    terminal.error(`  ${printable(template.split("\n")[line - 1] ?? "")}`);
    terminal.error(`  ${" ".repeat(Math.max(0, column - 1))}^`);
    return EXIT.invalid;
  });
}

function findingLines(
  { about, status, message, fix }: Pick<Finding, "about" | "status" | "message" | "fix">,
  paint: (style: "green" | "yellow" | "red", text: string) => string,
): readonly string[] {
  const sign =
    status === "ok"
      ? paint("green", "✔")
      : status === "warning"
        ? paint("yellow", "!")
        : paint("red", "✖");
  const [first = "", ...rest] = printableLines(message);
  return [
    `${sign} ${printableLine(about)}: ${first}`,
    ...[...rest, ...(fix === undefined ? [] : [printableLine(fix)])].map((line) => `    ${line}`),
  ];
}
