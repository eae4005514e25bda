/**
 * An agent's attempt, watched: the workspace before and after, its output meanwhile. What was seen goes into the result
 * as `evidence`, for supervision to judge. One that began under a host that died is compared with what that host saw.
 * Owns the putting together only.
 */
import type { ActivityContext } from "../../engine/activity.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import { isList, isObject, type Json } from "../../util/json.ts";
import { changesBetween, type Snapshot, takeSnapshot } from "./fileWatcher.ts";
import { keepSnapshot, keptSnapshot } from "./keptSnapshot.ts";
import { createOutputMonitor, type OutputMonitor, type Sign } from "./outputMonitor.ts";

/**
 * Performs an attempt and adds {watched, files, commands, errors, rate_limits, stalls} to a completed result. The files
 * that really changed take the place of those that the agent named, where it named none.
 */
export async function watched(
  context: ActivityContext,
  also: readonly string[],
  now: () => number,
  perform: (context: ActivityContext) => Promise<ActivityOutcome>,
): Promise<ActivityOutcome> {
  const { workspace, signal } = context;
  const before = await lookBefore(context);
  const monitor = monitorFrom(context, now);
  const outcome = await perform({
    ...context,
    output: (line) => {
      const sign = monitor.see(line, now());
      if (sign) context.progress(wordsOf(sign));
      context.output(line);
    },
  });
  if (outcome.type !== "completed") return outcome;
  const after = before && (await takeSnapshot(workspace, signal).catch(() => undefined));
  const files = before && after ? changesBetween(before, after, also) : [];
  const { commands, errors, rate_limits, stalls } = monitor.report(now());
  const evidence = {
    watched: after !== undefined,
    files: files.map((file) => ({ ...file })),
    commands: commands.map((command) => ({ ...command })),
    ...{ errors: [...errors], rate_limits, stalls: [...stalls] },
  };
  const partly = context.earlier !== undefined;
  return { ...outcome, result: withEvidence(outcome.result, evidence, partly) };
}

/** How the workspace was before the attempt, kept for whoever has to know; undefined where nobody knows. */
async function lookBefore(context: ActivityContext): Promise<Snapshot | undefined> {
  if (context.earlier) return keptSnapshot(context.before).catch(() => undefined);
  const snapshot = await takeSnapshot(context.workspace, context.signal).catch(() => undefined);
  const { before, holdsSecret } = context;
  if (snapshot) await keepSnapshot(before, snapshot, holdsSecret).catch(() => undefined);
  return snapshot;
}

/** A monitor that has seen what the attempt said under an earlier host. */
function monitorFrom({ earlier = [] }: ActivityContext, now: () => number): OutputMonitor {
  const monitor = createOutputMonitor(earlier[0]?.at ?? now());
  for (const line of earlier) monitor.see(line, line.at);
  monitor.resume(now());
  return monitor;
}

/** `partly`: the agent's last turn is not all of its work, and names its own files alone. */
function withEvidence(result: Json, evidence: Record<string, Json>, partly: boolean): Json {
  const given = isObject(result) ? result : { response: result };
  const named = isList(given.files_changed) ? given.files_changed : [];
  const files = isList(evidence.files) ? evidence.files.filter(isObject) : [];
  const changed = files.filter(({ change }) => change !== "earlier").map(({ path }) => path ?? "");
  const told = named.length === 0 ? changed : partly ? [...new Set([...named, ...changed])] : named;
  return { ...given, files_changed: told, evidence };
}

function wordsOf(sign: Sign): string {
  switch (sign.kind) {
    case "progress":
      return sign.text;
    case "error":
      return `error: ${sign.text}`;
    case "rate_limit":
      return sign.retry_after_s === null
        ? "held up by a rate limit"
        : `held up by a rate limit, again in ${sign.retry_after_s} s`;
  }
}
