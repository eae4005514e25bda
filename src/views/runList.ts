/**
 * The runs of a workspace as lines of a list: what each is about, how it stands, what it cost.
 * Owns order and words; the facts come from whoever keeps the index.
 */
import type { RunLine } from "../run/history/runLine.ts";
import { formatAge, formatElapsed } from "./duration.ts";
import { firstLine } from "./printable.ts";
import { runWord, type Status, wordOf } from "./statusWord.ts";
import { formatSpent, formatTokens } from "./usage.ts";

/** What is known of a run without its journal. */
export interface RunFacts extends RunLine {
  readonly ownership: "here" | "elsewhere" | "nobody";
  readonly damage?: string;
}

export interface RunRow {
  readonly run: string;
  readonly title: string;
  readonly subject: string;
  readonly status: Status;
  readonly word: string;
  /** How long it took, or has taken so far; absent when nobody drives it. */
  readonly elapsed?: string;
  /** How long ago it began. */
  readonly age: string;
  /** Empty when there were none. */
  readonly tokens: string;
  readonly cost: string;
  /** Why it failed or cannot be read. One line. */
  readonly detail?: string;
}

/** The runs, latest first, as of `now` (ms since the epoch). */
export function runRows(runs: readonly RunFacts[], now: number): readonly RunRow[] {
  return [...runs]
    .sort((a, b) => b.started_at - a.started_at || b.updated_at - a.updated_at)
    .map((facts) => runRow(facts, now));
}

function runRow(facts: RunFacts, now: number): RunRow {
  const { run, workflow, subject, status, ownership, waiting, doing, tokens, cost_usd } = facts;
  const driven = ownership !== "nobody";
  const detail = facts.damage ?? facts.failure?.message;
  const end = facts.ended_at ?? (driven ? now : undefined);
  return {
    run,
    title: workflow,
    subject,
    ...(facts.damage === undefined
      ? runWord({ status, waiting, doing, driven })
      : wordOf("failed")),
    ...(end === undefined || facts.damage !== undefined
      ? {}
      : { elapsed: formatElapsed(end - facts.started_at) }),
    age: formatAge(now - facts.started_at),
    tokens: tokens > 0 ? formatTokens(tokens) : "",
    cost: formatSpent(cost_usd, facts.unpriced),
    ...(detail === undefined ? {} : { detail: firstLine(detail) }),
  };
}
