/**
 * Whether a gate's condition held: expressions, exit codes, metrics with thresholds, schemas.
 * Pure; runs nothing. Owns a verdict's shape and the words of its reason.
 */
import { RE2JS } from "re2js";
import type { Json } from "../../util/json.ts";
import type { CommandCheck, Gate, SchemaCheck } from "../../workflow/definition/gate.ts";
import type { CommandOutcome } from "./commandOutcome.ts";
import { missingProgram } from "./missingProgram.ts";
import { schemaProblems } from "./schemaProblems.ts";
import { meets } from "./threshold.ts";

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
  if (outcome.timed_out !== undefined) {
    const late = `took longer than ${outcome.timed_out} s and was stopped`;
    const reason = `${late}; raise the step's timeout if it needs more`;
    const said = `${evidence.output}\n(${late})`.trim();
    return verdict(gate, false, reason, { ...evidence, output: said });
  }
  const missing = outcome.exit_code === wanted ? undefined : missingProgram(ran, outcome);
  if (missing !== undefined) {
    const reason = `there is no program ${missing}; install it, or put the command right`;
    return verdict(gate, false, reason, { ...evidence, missing });
  }
  const exited = `exit code ${outcome.exit_code}`;
  if (outcome.exit_code !== wanted) {
    return verdict(gate, false, `${exited}, expected ${wanted}`, evidence);
  }
  if (check.metric === undefined) return verdict(gate, true, exited, evidence);
  const found = findMetric(check.metric, output);
  if (found === undefined) return unmeasured(gate, check, evidence);
  const measured = { ...evidence, metric: found };
  const { expect } = check;
  if (expect === undefined) return verdict(gate, true, `measured ${found}`, measured);
  const held = meets(found, expect);
  if (held === undefined)
    return verdict(gate, false, `cannot compare ${found} with ${expect}`, measured);
  return verdict(gate, held, `measured ${found}, expected ${expect.trim()}`, measured);
}

/** Judges a gate whose check is an expression, from its value, or from why it has none. */
export function judgeExpression(
  gate: Gate,
  source: string,
  value: { readonly held: boolean } | { readonly problem: string },
): GateResult {
  const expression = /^\s*\{\{(.*)\}\}\s*$/s.exec(source)?.[1]?.trim() ?? source;
  if ("problem" in value) {
    const reason = `${expression} has no value: ${value.problem}`;
    return verdict(gate, false, reason, { expression });
  }
  const { held } = value;
  const reason = held ? `${expression} holds` : `${expression} does not hold`;
  return verdict(gate, held, reason, { expression });
}

/** Judges a gate whose check is a schema, over the step's output. */
export function judgeSchema(gate: Gate, { schema }: SchemaCheck, output: Json): GateResult {
  const problems = schemaProblems(output, schema, "the output");
  const reason =
    problems.length === 0 ? "the output fits its schema" : problems.slice(0, 5).join("; ");
  return verdict(gate, problems.length === 0, reason, { problems: [...problems] });
}

function unmeasured(gate: Gate, check: CommandCheck, evidence: Json): GateResult {
  const optional = check.required === false || check.expect?.trim().toLowerCase() === "acceptable";
  return verdict(gate, optional, `nothing in the output matches ${check.metric}`, evidence);
}

function verdict(gate: Gate, held: boolean, reason: string, evidence: Json): GateResult {
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
