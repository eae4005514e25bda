/** `fermata list` and `fermata validate`: what can run here, and what is wrong with a file. */
import type { Checked, Fixed, Migrated, TemplateInfo } from "../../../app/app.ts";
import type { FixMade } from "../../../app/launch/fixTemplate.ts";
import type { Paint } from "../../../views/plain/paint.ts";
import { printableLine } from "../../../views/printable.ts";
import { EXIT, type ExitCode } from "../exitCode.ts";
import { diagnosticText, shortPath } from "../screen/diagnosticText.ts";
import { diffLines } from "../screen/diffLines.ts";
import { tableLines } from "../screen/table.ts";
import { type CallWords, commandLine } from "../session/programName.ts";
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

export interface ValidateOptions extends CommonOptions {
  readonly fix?: boolean;
}

export function validateCommand(
  names: readonly string[],
  options: ValidateOptions,
): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal, call }) => {
    let broken = 0;
    for (const name of names) {
      const file = fileOrName(name);
      const checked = options.fix ? await app.fix(file) : await app.validate(file);
      if (!checked.ok) broken += 1;
      if (options.json) terminal.line(JSON.stringify({ type: "checked", ...checked }));
      else for (const line of checkedLines(checked, terminal.paint, call)) terminal.line(line);
    }
    return broken > 0 ? EXIT.invalid : EXIT.done;
  });
}

function checkedLines(checked: Checked | Fixed, paint: Paint, call: CallWords): readonly string[] {
  const file = shortPath(checked.file, process.cwd());
  const fixed = "fixed" in checked ? checked.fixed : [];
  const { diagnostics } = checked;
  const fixable = diagnostics.filter(
    ({ fix, fileName }) => fix && !fix.byHand && fileName === checked.file,
  );
  return [
    ...fixed.map((each) => fixedLine(file, each, paint)),
    ...diagnostics.flatMap((each) => diagnosticText(each, paint, process.cwd())),
    ...(checked.ok ? [`${file}: ${verdict(diagnostics.length)}`] : []),
    ...(fixable.length === 0 ? [] : [offer(fixable.length, file, call)]),
  ];
}

function fixedLine(file: string, { line, title, message }: FixMade, paint: Paint): string {
  const place = paint("bold", `${file}:${line}`);
  return `${place}: ${paint("green", "fixed")}: ${printableLine(title)} (${printableLine(message)})`;
}

function offer(count: number, file: string, call: CallWords): string {
  return `${count} of these can be mended: ${commandLine(call, "validate", "--fix", file)}`;
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

export interface MigrateOptions extends CommonOptions {
  readonly write?: boolean;
}

/** Shows what today's language makes of files of the older one, or writes it. */
export function migrateCommand(
  names: readonly string[],
  options: MigrateOptions,
): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal, call }) => {
    let broken = 0;
    for (const name of names) {
      const migrated = await app.migrate(fileOrName(name), { write: options.write === true });
      if (!migrated.ok) broken += 1;
      if (options.json) terminal.line(JSON.stringify({ type: "migrated", ...migrated }));
      else
        for (const line of migratedLines(migrated, options.write === true, terminal.paint, call))
          terminal.line(line);
    }
    return broken > 0 ? EXIT.invalid : EXIT.done;
  });
}

function migratedLines(
  migrated: Migrated,
  written: boolean,
  paint: Paint,
  call: CallWords,
): readonly string[] {
  const { before, after, changes, diagnostics } = migrated;
  const file = shortPath(migrated.file, process.cwd());
  const changed = before !== after;
  const rename = file.endsWith(migrated.name)
    ? []
    : [`Its dialect is told by its name: rename ${file} to ${migrated.name}.`];
  const next = written
    ? `Written: ${file}`
    : `Write it with: ${commandLine(call, "migrate", "--write", file)}`;
  return [
    ...(changed && !written ? diffLines(file, before, after, paint) : []),
    ...changes.map(({ line, title }) => `${file}:${line}: ${printableLine(title)}`),
    ...diagnostics.flatMap((each) => diagnosticText(each, paint, process.cwd())),
    ...(changed ? [next] : migrated.ok ? [`${file}: nothing to change`] : []),
    ...rename,
  ];
}
