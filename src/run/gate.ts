/**
 * Whether a gate's condition held: exit codes, metrics and thresholds in every syntax the language takes.
 * Pure; runs nothing.
 */
import { RE2JS } from "re2js";
import type { Json } from "../util/json.ts";
import type { CommandCheck, Gate } from "../workflow/workflow.ts";

export type GateStatus = "PASS" | "WARN" | "FAIL";

export interface GateResult {
  readonly name: string;
  readonly category: string | null;
  readonly status: GateStatus;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Command, exit code, metric, last output: what a person opens to check it. */
  readonly evidence: Json;
}

/** What a command came to, as the gate activity reports it. */
export interface CommandOutcome {
  readonly exit_code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Judges a gate whose check is a command; `ran` is the command as it was run. */
export function judgeCommand(
  gate: Gate,
  check: CommandCheck,
  outcome: CommandOutcome,
  ran: string | readonly string[] = check.command,
): GateResult {
  const output = `${outcome.stdout}\n${outcome.stderr}`;
  const evidence = {
    command: asJson(ran),
    exit_code: outcome.exit_code,
    output: output.trim().slice(-2000),
  };
  const wanted = check.pass ?? 0;
  if (outcome.exit_code !== wanted) {
    return result(gate, false, `exit code ${outcome.exit_code}, expected ${wanted}`, evidence);
  }
  if (check.metric === undefined)
    return result(gate, true, `exit code ${outcome.exit_code}`, evidence);
  const found = findMetric(check.metric, output);
  if (found === undefined) {
    const reason = `nothing in the output matches ${check.metric}`;
    return result(gate, check.required === false, reason, evidence);
  }
  const measured = { ...evidence, metric: found };
  if (check.expect === undefined) return result(gate, true, `measured ${found}`, measured);
  const number = Number.parseFloat(found);
  const held = compare(number, check.expect);
  if (held === undefined)
    return result(gate, false, `cannot compare ${found} with ${check.expect}`, measured);
  return result(gate, held, `measured ${found}, expected ${check.expect}`, measured);
}

/** Judges a gate whose check is an expression, from its value. */
export function judgeExpression(gate: Gate, source: string, held: boolean): GateResult {
  const expression = /^\s*\{\{(.*)\}\}\s*$/s.exec(source)?.[1]?.trim() ?? source;
  const reason = held ? `${expression} holds` : `${expression} does not hold`;
  return result(gate, held, reason, { expression });
}

/**
 * Compares a measurement with a threshold: `>= 90`, `<= 5`, `== 0`, `> 1`, `< 2`, `!= 3`; a bare number or `95%`
 * means at least; `>= 90/100` means 90. Undefined when the threshold cannot be read.
 */
export function compare(measured: number, threshold: string): boolean | undefined {
  const parts = /^\s*(>=|<=|==|!=|>|<)?\s*(-?\d+(?:\.\d+)?)\s*(?:%|\/\s*\d+(?:\.\d+)?)?\s*$/.exec(
    threshold,
  );
  if (!parts || Number.isNaN(measured)) return undefined;
  const limit = Number(parts[2]);
  switch (parts[1] ?? ">=") {
    case ">=":
      return measured >= limit;
    case "<=":
      return measured <= limit;
    case "==":
      return measured === limit;
    case "!=":
      return measured !== limit;
    case ">":
      return measured > limit;
    default:
      return measured < limit;
  }
}

function result(gate: Gate, held: boolean, reason: string, evidence: Json): GateResult {
  const status = held ? "PASS" : gate.severity === "warn" ? "WARN" : "FAIL";
  return { name: gate.name, category: gate.category ?? null, status, reason, evidence };
}

/** The first group of the pattern in the output, or the whole match; undefined when it matches nothing. */
function findMetric(pattern: string, output: string): string | undefined {
  const matcher = RE2JS.compile(pattern).matcher(output);
  if (!matcher.find()) return undefined;
  return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group(0)) ?? undefined;
}

function asJson(command: string | readonly string[]): Json {
  return typeof command === "string" ? command : [...command];
}
