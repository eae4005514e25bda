/** The end of a gate step: every check judged, counted, and the task failed when one of severity `fail` did. */
import type { Json } from "../../util/json.ts";
import { isList, isObject } from "../../util/json.ts";
import type { Gate } from "../../workflow/workflow.ts";
import type { Command } from "../command.ts";
import { failure } from "../failure.ts";
import { type CommandOutcome, type GateResult, judgeCommand, judgeExpression } from "../gate.ts";
import { type Evaluated, holds, type Moment, type Place } from "./scope.ts";
import { failAttempt, finallyFail } from "./settle.ts";
import type { Standing } from "./standing.ts";

/** Closes a gate step from what its commands came to; `outcomes` is empty when all its checks are expressions. */
export function closeGate(
  moment: Moment,
  standing: Standing,
  place: Place,
  outcomes: readonly (CommandOutcome & { readonly name: string })[],
): readonly Command[] {
  const results: GateResult[] = [];
  const { path, step } = standing;
  if (step.kind !== "gate") return [];
  for (const gate of step.gates) {
    const judged = judge(moment, place, gate, outcomes, ranCommand(standing, gate));
    if (!judged.ok) return finallyFail(standing, judged.failure);
    results.push(judged.value);
  }
  const result = summary(results);
  const failed = results.filter((gate) => gate.status === "FAIL");
  if (failed.length === 0)
    return [{ event: { type: "task_closed", path, status: "done", result } }];
  const said = failed.map((gate) => `${gate.name} (${gate.reason})`).join("; ");
  return failAttempt(
    moment,
    standing,
    failure("gate_failed", `${failed.length} of ${results.length} gates failed: ${said}`, result),
  );
}

/** The commands' outcomes in the result of a gate activity. */
export function commandOutcomes(
  result: Json,
): readonly (CommandOutcome & { readonly name: string })[] {
  const listed = isObject(result) && isList(result.commands) ? result.commands : [];
  return listed.filter(isObject).map((outcome) => ({
    name: String(outcome.name ?? ""),
    exit_code: typeof outcome.exit_code === "number" ? outcome.exit_code : -1,
    stdout: String(outcome.stdout ?? ""),
    stderr: String(outcome.stderr ?? ""),
  }));
}

/** A gate's command as the attempt was told it. */
function ranCommand({ task }: Standing, gate: Gate): string | readonly string[] | undefined {
  if (task?.request?.activity !== "gate") return undefined;
  return task.request.commands.find(({ name }) => name === gate.name)?.command;
}

function judge(
  moment: Moment,
  place: Place,
  gate: Gate,
  outcomes: readonly (CommandOutcome & { readonly name: string })[],
  ran: string | readonly string[] | undefined,
): Evaluated<GateResult> {
  if (typeof gate.check !== "string") {
    const outcome = outcomes.find((ran) => ran.name === gate.name);
    const missing = { exit_code: -1, stdout: "", stderr: "the command did not run" };
    return { ok: true, value: judgeCommand(gate, gate.check, outcome ?? missing, ran) };
  }
  const held = holds(moment, { ...place, more: { output: place.frame.last } }, gate.check);
  return held.ok ? { ok: true, value: judgeExpression(gate, gate.check, held.value) } : held;
}

function summary(results: readonly GateResult[]): Json {
  const count = (status: string): number => results.filter((gate) => gate.status === status).length;
  return {
    passed: count("PASS"),
    failed: count("FAIL"),
    warned: count("WARN"),
    results: results.map((gate) => ({ ...gate })),
  };
}
