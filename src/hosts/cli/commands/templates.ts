/** `fermata list` and `fermata validate`: what can run here, and what is wrong with a file. */
import type { TemplateInfo } from "../../../app/app.ts";
import { printableLine } from "../../../views/printable.ts";
import { EXIT, type ExitCode } from "../exitCode.ts";
import { diagnosticText, shortPath } from "../screen/diagnosticText.ts";
import { tableLines } from "../screen/table.ts";
import { commandLine } from "../session/programName.ts";
import { type CommonOptions, withSession } from "../session/session.ts";
import { fileOrName } from "./run.ts";

export function listCommand(options: CommonOptions): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal, call }) => {
    const templates = await app.listTemplates();
    if (options.json) {
      for (const template of templates)
        terminal.line(JSON.stringify({ type: "template", ...template }));
      return EXIT.done;
    }
    if (templates.length === 0) {
      terminal.line(
        `There are no workflows for ${app.workspace}. Write one as NAME.workflow.yaml.`,
      );
      return EXIT.done;
    }
    const { columns } = terminal.size();
    const rows = templates.map((template) => templateCells(template));
    for (const line of tableLines(rows, columns, (text, column) =>
      column === 0 ? terminal.paint("bold", text) : text,
    )) {
      terminal.line(line);
    }
    terminal.line();
    terminal.line(`Run one with: ${commandLine(call, "run", "NAME")}`);
    return EXIT.done;
  });
}

export function validateCommand(
  names: readonly string[],
  options: CommonOptions,
): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal }) => {
    let broken = 0;
    for (const name of names) {
      const checked = await app.validate(fileOrName(name));
      if (!checked.ok) broken += 1;
      if (options.json) {
        terminal.line(JSON.stringify({ type: "checked", ...checked }));
        continue;
      }
      for (const diagnostic of checked.diagnostics) {
        for (const line of diagnosticText(diagnostic, terminal.paint, process.cwd()))
          terminal.line(line);
      }
      if (checked.ok)
        terminal.line(
          `${shortPath(checked.file, process.cwd())}: ${verdict(checked.diagnostics.length)}`,
        );
    }
    return broken > 0 ? EXIT.invalid : EXIT.done;
  });
}

function verdict(notes: number): string {
  return notes === 0 ? "valid" : `valid, with ${notes} ${notes === 1 ? "remark" : "remarks"}`;
}

function templateCells({
  name,
  version,
  source,
  description,
  problem,
}: TemplateInfo): readonly string[] {
  const about = problem === undefined ? description : `cannot run: ${problem}`;
  return [name, version, source, about].map(printableLine);
}
