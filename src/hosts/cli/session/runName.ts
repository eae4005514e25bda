/** Which run a person means: its id, an unambiguous beginning or end of it, or `last`. */
import type { App } from "../../../app/app.ts";
import { asGiven } from "../../../util/shorten.ts";
import { printable } from "../../../views/printable.ts";
import { Problem } from "../problem.ts";

/** The id of the run; a `Problem` that lists the candidates otherwise. */
export async function findRun(app: App, wanted: string): Promise<string> {
  const runs = [...(await app.listRuns())].sort(
    (a, b) => b.started_at - a.started_at || b.updated_at - a.updated_at,
  );
  const [latest] = runs;
  if (!latest) throw new Problem(`There are no runs in ${app.workspace} yet.`);
  if (wanted === "last") return latest.run;
  const ids = runs.map(({ run }) => run);
  if (ids.includes(wanted)) return wanted;
  const matches = ids.filter((run) => matchesRun(run, wanted));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  const listed = (only === undefined ? runs : runs.filter(({ run }) => matches.includes(run)))
    .slice(0, 5)
    .map(({ run, workflow, subject }) => printable(`  ${run}  ${workflow}  ${subject}`.trimEnd()));
  if (only !== undefined)
    throw new Problem(
      `${asGiven(wanted)} could be ${matches.length} runs. Write more of it:`,
      undefined,
      listed,
    );
  throw new Problem(
    `There is no run ${asGiven(wanted)} in ${app.workspace}. The latest:`,
    undefined,
    listed,
  );
}

function matchesRun(run: string, wanted: string): boolean {
  return (
    wanted !== "" &&
    (run.startsWith(wanted) || run.startsWith(`run_${wanted}`) || run.endsWith(wanted))
  );
}
