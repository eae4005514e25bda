/** `fermata archive`, `restore` and `prune`: what is kept of runs, and for how long. */
import { resolve } from "node:path";
import type { Pruned } from "../../../app/app.ts";
import { type Retention, readRetention } from "../../../report/retention.ts";
import type { JsonObject } from "../../../util/json.ts";
import { formatAge } from "../../../views/duration.ts";
import { formatBytes } from "../../../views/machine/bytes.ts";
import { printableLine } from "../../../views/printable.ts";
import { EXIT, type ExitCode, exitOfFailure } from "../exitCode.ts";
import { Problem } from "../problem.ts";
import { tableLines } from "../screen/table.ts";
import { commandLine } from "../session/programName.ts";
import { findRun } from "../session/runName.ts";
import { type CommonOptions, type Session, withSession } from "../session/session.ts";

/** The run as one file, named after it where no name is given. */
export function archiveCommand(
  wanted: string,
  file: string | undefined,
  options: CommonOptions,
): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal }) => {
    const run = await findRun(app, wanted);
    const archived = await app.archiveRun(run, resolve(file ?? `${run}.fermata.gz`));
    if (!archived.ok) throw new Problem(archived.failure.message, exitOfFailure(archived.failure));
    const { bytes } = archived;
    terminal.line(
      options.json
        ? JSON.stringify({ type: "archived", run, file: archived.file, bytes })
        : `${archived.file} (${formatBytes(bytes)})`,
    );
    return EXIT.done;
  });
}

/** The run of an archive, back among the runs of this folder. */
export function restoreCommand(file: string, options: CommonOptions): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal, call }) => {
    const restored = await app.restoreRun(resolve(file));
    if (!restored.ok) throw new Problem(restored.failure.message, exitOfFailure(restored.failure));
    const { run } = restored;
    terminal.line(
      options.json
        ? JSON.stringify({ type: "restored", run })
        : `${run} is here again. Look at it with: ${commandLine(call, "show", run)}`,
    );
    return EXIT.done;
  });
}

export interface PruneOptions extends CommonOptions {
  readonly maxAge?: string;
  readonly maxRuns?: string;
  readonly maxSize?: string;
  readonly dryRun?: boolean;
}

/** Removes what is past the limits: those given here, or those that are set. */
export function pruneCommand(options: PruneOptions): Promise<ExitCode> {
  const given = limitsOf(options);
  return withSession(options, async (session) => {
    const { app, terminal } = session;
    const retention = given ?? (await setLimits(session));
    const pruned = await app.prune(retention, { dryRun: options.dryRun === true });
    if (options.json) {
      terminal.line(JSON.stringify({ type: "pruned", ...pruned }));
      return EXIT.done;
    }
    for (const line of prunedLines(session, pruned)) terminal.line(line);
    return EXIT.done;
  });
}

function limitsOf({ maxAge, maxRuns, maxSize }: PruneOptions): Retention | undefined {
  const limits: JsonObject = {
    ...(maxAge === undefined ? {} : { max_age: maxAge }),
    ...(maxRuns === undefined ? {} : { max_runs: maxRuns }),
    ...(maxSize === undefined ? {} : { max_size: maxSize }),
  };
  if (Object.keys(limits).length === 0) return undefined;
  const read = readRetention(limits);
  if (!read.ok) throw new Problem(read.message.replace(/retention\.max_(\w+)/, "--max-$1"));
  return read.retention;
}

async function setLimits({ app, call }: Session): Promise<Retention> {
  const set = await app.retention();
  if (!set.ok) throw new Problem(`In the settings: ${set.message}`);
  if (Object.keys(set.retention).length > 0) return set.retention;
  throw new Problem(
    "No limit is set, so nothing is removed. Give one, for example:",
    EXIT.invalid,
    [`  ${commandLine(call, "prune", "--max-age", "90d", "--dry-run")}`],
  );
}

function prunedLines({ terminal }: Session, { leaving, kept, dryRun }: Pruned): readonly string[] {
  const now = Date.now();
  const rows = leaving.map(({ run, ended_at, bytes, why, workflow, subject }) =>
    [
      run,
      `${formatAge(now - (ended_at ?? now))} ago`,
      formatBytes(bytes),
      REASONS[why],
      workflow,
      subject,
    ].map(printableLine),
  );
  const bytes = leaving.reduce((sum, run) => sum + run.bytes, 0);
  const verb = dryRun ? "would go" : leaving.length === 1 ? "is gone" : "are gone";
  const many = `${leaving.length} run${leaving.length === 1 ? "" : "s"}`;
  return [
    ...tableLines(rows, terminal.size().columns),
    leaving.length === 0 ? "No run is past the limits." : `${many} ${verb}: ${formatBytes(bytes)}.`,
    ...kept.map(({ run, why }) => `${run} stays: ${printableLine(why)}`),
  ];
}

const REASONS = { age: "too old", count: "too many", size: "too large together" } as const;
