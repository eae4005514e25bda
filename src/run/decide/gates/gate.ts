/** A gate step: every check judged and recorded with its evidence, then the task failed when one of severity `fail` did. */
import type { Json } from "../../../util/json.ts";
import { isList, isObject, own } from "../../../util/json.ts";
import { type Gate, isAgentCheck } from "../../../workflow/definition/gate.ts";
import type { Command } from "../../command.ts";
import { type Failure, failure } from "../../failure.ts";
import { judgeAgent } from "../../gate/agentGate.ts";
import type { CommandOutcome } from "../../gate/commandOutcome.ts";
import { type GateResult, judgeCommand, judgeExpression, judgeSchema } from "../../gate/judge.ts";
import { countOf, verdictOf } from "../../gate/tally.ts";
import type { OpenTask } from "../../state.ts";
import { holds, type Moment, type Place } from "../scope.ts";
import { failAttempt, finallyFail } from "../settle.ts";
import { type Standing, standingAt } from "../standing.ts";
import { workDone } from "./workEnd.ts";

/** Judges a gate step from what its commands came to; `result` is its activity's, null when no check is a command. */
export function judgeGates(
  moment: Moment,
  standing: Standing,
  place: Place,
  result: Json,
): readonly Command[] {
  const { path, step } = standing;
  if (step.kind !== "gate") return [];
  const outcomes = commandOutcomes(result);
  const answers = isObject(result) && isObject(result.answers) ? result.answers : {};
  const results = step.gates.map((gate) =>
    isAgentCheck(gate.check)
      ? judgeAgent(gate, gate.check, own(answers, gate.name))
      : judge(moment, place, gate, outcomes, ranCommand(standing, gate)),
  );
  return [{ event: { type: "gates_judged", path, results } }];
}

/** Ends a gate step that has been judged. */
export function closeGate(moment: Moment, task: OpenTask): readonly Command[] {
  const { step, judged = [] } = task;
  const failed = judged.filter(({ status }) => status === "FAIL");
  // A gate step always fails; the gates of another step only record, unless it says so.
  const { kind } = task.frame;
  const recorded = kind === "review" || (kind === "gates" && step.enforce !== true);
  if (failed.length === 0 || recorded) return [workDone(standingAt(task))];
  const said = failed.map((gate) => `${gate.name} (${gate.reason})`).join("; ");
  const message = `${failed.length} of ${judged.length} gates failed: ${said}`;
  const results = judged.map(verdictOf);
  const missing = failed.flatMap(({ evidence }) => missingIn(evidence) ?? []);
  const more = missing.length === 0 ? {} : { missing };
  const detail = { ...countOf(judged), results, ...more };
  return failGates(moment, task, failure("gate_failed", message, detail));
}

/** Fails a task for its gates. Whoever does its work again can do nothing about a program that is not there. */
export function failGates(moment: Moment, task: OpenTask, failed: Failure): readonly Command[] {
  const { detail = null } = failed;
  return isObject(detail) && own(detail, "missing") !== undefined
    ? finallyFail(standingAt(task), failed)
    : failAttempt(moment, standingAt(task), failed);
}

/** The program that a gate's command was not run for. */
export function missingIn(evidence: Json): string | undefined {
  const missing = isObject(evidence) ? own(evidence, "missing") : undefined;
  return typeof missing === "string" ? missing : undefined;
}

type NamedOutcome = CommandOutcome & { readonly name: string };

/** The commands' outcomes in the result of a gate activity. */
function commandOutcomes(result: Json): readonly NamedOutcome[] {
  const listed = isObject(result) && isList(result.commands) ? result.commands : [];
  return listed.filter(isObject).map((outcome) => ({
    name: String(outcome.name ?? ""),
    exit_code: typeof outcome.exit_code === "number" ? outcome.exit_code : -1,
    stdout: String(outcome.stdout ?? ""),
    stderr: String(outcome.stderr ?? ""),
    ...(typeof outcome.timed_out === "number" ? { timed_out: outcome.timed_out } : {}),
    ...(outcome.missing === true ? { missing: true } : {}),
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
  outcomes: readonly NamedOutcome[],
  ran: string | readonly string[] | undefined,
): GateResult {
  const { check } = gate;
  const output = place.frame.last;
  if (typeof check === "string") {
    const held = holds(moment, { ...place, more: { output, files: filesOf(output) } }, check);
    return judgeExpression(
      gate,
      check,
      held.ok ? { held: held.value } : { problem: held.failure.message },
    );
  }
  if (isAgentCheck(check)) return judgeAgent(gate, check, undefined);
  if ("schema" in check) return judgeSchema(gate, check, output);
  const outcome = outcomes.find((ran) => ran.name === gate.name);
  const missing = { exit_code: -1, stdout: "", stderr: "the command did not run" };
  return judgeCommand(gate, check, outcome ?? missing, ran);
}

/** The files that the output says were changed. */
function filesOf(output: Json): Json {
  const files = isObject(output) ? own(output, "files_changed") : undefined;
  return isList(files) ? files : [];
}
