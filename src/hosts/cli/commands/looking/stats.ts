/** `fermata stats`: what many runs come to, as tables. Programs take `--json`. */
import { ownLines, statsTables, summaryLines } from "../../../../app/history/statsText.ts";
import { EXIT, type ExitCode } from "../../exitCode.ts";
import { tableLines } from "../../screen/table.ts";
import { readQuery } from "../../session/query.ts";
import { type CommonOptions, withSession } from "../../session/session.ts";

export interface StatsOptions extends CommonOptions {
  readonly query?: string;
  readonly since?: string;
}

export function statsCommand(options: StatsOptions): Promise<ExitCode> {
  const since = options.since === undefined ? "" : ` since:"${options.since}"`;
  const query = readQuery(`${options.query ?? ""}${since}`);
  return withSession(options, async ({ app, terminal }) => {
    const stats = await app.stats({ query });
    if (options.json) {
      terminal.line(JSON.stringify({ type: "stats", ...stats }));
      return EXIT.done;
    }
    if (stats.runs.started === 0) {
      terminal.line(`No run in ${app.workspace} to count${query.length > 0 ? " fits" : " yet"}.`);
      return EXIT.done;
    }
    const { columns } = terminal.size();
    for (const line of summaryLines(stats)) terminal.line(line);
    for (const rows of statsTables(stats)) {
      terminal.line();
      const heading = (text: string, _: number, row: number) =>
        row === 0 ? terminal.paint("dim", text) : text;
      for (const line of tableLines(rows, columns, heading)) terminal.line(line);
    }
    terminal.line();
    for (const line of ownLines(stats)) terminal.line(terminal.paint("dim", line));
    return EXIT.done;
  });
}
