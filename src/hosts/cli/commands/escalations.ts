/** `fermata escalations` and `fermata claim`: the queue of what supervision hands to people, and taking one on. */
import { listEscalations } from "../../../app/history/escalations.ts";
import type { Escalation } from "../../../views/ask/escalations.ts";
import { formatAge, formatElapsed } from "../../../views/duration.ts";
import { printable, printableLine } from "../../../views/printable.ts";
import { EXIT, type ExitCode } from "../exitCode.ts";
import { commandLine } from "../session/programName.ts";
import { findRun } from "../session/runName.ts";
import { type CommonOptions, withSession } from "../session/session.ts";

/** Lists them, the most urgent first. */
export function escalationsCommand(options: CommonOptions): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal, call }) => {
    const now = Date.now();
    const waiting = await listEscalations(app, now);
    if (options.json) {
      for (const one of waiting) terminal.line(JSON.stringify({ type: "escalation", ...one }));
      return EXIT.done;
    }
    if (waiting.length === 0) terminal.line("Nothing is escalated.");
    for (const one of waiting) {
      terminal.line(headOf(one, now));
      terminal.line(`  ${printableLine(one.reason)}`);
      terminal.line(`  ${commandLine(call, "answer", one.run, one.breakpoint)}`);
    }
    return EXIT.done;
  });
}

export interface ClaimOptions extends CommonOptions {
  readonly release?: boolean;
}

/** Takes a question on, or gives it back. */
export function claimCommand(
  wanted: string,
  breakpoint: string,
  options: ClaimOptions,
): Promise<ExitCode> {
  return withSession(options, async ({ app, terminal, me }) => {
    const run = await findRun(app, wanted);
    const release = options.release ? { release: true } : {};
    const admission = await app.signal(run, { type: "claim", breakpoint, by: me, ...release });
    if (options.json)
      terminal.line(
        JSON.stringify({ type: admission.ok ? "claimed" : "refused", run, breakpoint }),
      );
    if (!admission.ok) {
      terminal.error(printable(admission.reason));
      return EXIT.failed;
    }
    if (!options.json) terminal.line(options.release ? "Given back." : "It is yours.");
    return EXIT.done;
  });
}

function headOf(one: Escalation, now: number): string {
  const parts = [
    one.priority,
    one.overdue ? "overdue" : one.due === undefined ? "" : `due in ${formatElapsed(one.due - now)}`,
    one.owner === undefined ? "" : `for ${one.owner}`,
    one.claimed_by === undefined ? "" : `claimed by ${one.claimed_by}`,
    `waiting ${formatAge(now - one.opened_at)}`,
  ];
  const said = parts.filter((part) => part !== "").join(", ");
  return printableLine(`${one.run} ${one.path} (${one.workflow}): ${said}`);
}
