/**
 * An agent's attempt, watched: the workspace before and after, its output meanwhile. What was seen goes into the result
 * as `evidence`, for supervision to judge. Owns the putting together only.
 */
import type { ActivityContext } from "../../engine/activity.ts";
import type { ActivityOutcome } from "../../run/request.ts";
import { isList, isObject, type Json } from "../../util/json.ts";
import { changesBetween, takeSnapshot } from "./fileWatcher.ts";
import { createOutputMonitor, type Sign } from "./outputMonitor.ts";

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
  const before = await takeSnapshot(workspace, signal).catch(() => undefined);
  const monitor = createOutputMonitor(now());
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
  return { ...outcome, result: withEvidence(outcome.result, evidence) };
}

function withEvidence(result: Json, evidence: Record<string, Json>): Json {
  const given = isObject(result) ? result : { response: result };
  const named = isList(given.files_changed) ? given.files_changed : [];
  const files = isList(evidence.files) ? evidence.files.filter(isObject) : [];
  const changed = files.filter(({ change }) => change !== "earlier").map(({ path }) => path ?? "");
  return { ...given, files_changed: named.length > 0 ? named : changed, evidence };
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
