/**
 * From an agent's answer to a decision: validated, checked, scored, each as one event, then decided. What others have to
 * say (a reviewing agent, tests, a judging agent) is asked in steps of its own inside the task.
 */
import { isList, isObject, type Json } from "../../../util/json.ts";
import { describeCommand } from "../../../util/shellQuote.ts";
import type { Supervision } from "../../../workflow/definition/supervision.ts";
import type { Command } from "../../command.ts";
import { type Failure, failure } from "../../failure.ts";
import type { OpenTask } from "../../state.ts";
import {
  doubts,
  readJudgement,
  scoreConfidence,
  withJudgement,
} from "../../supervise/confidence.ts";
import { decideNext } from "../../supervise/decision.ts";
import { type CommandSeen, type Work, workOf } from "../../supervise/evidence.ts";
import type { DecisionInputs, Finding, Supervised, Validation } from "../../supervise/facts.ts";
import { checkQuality, findingsOf } from "../../supervise/quality.ts";
import { supervisionOf, taskOf, workAt } from "../../supervise/supervised.ts";
import { readReview, validateResponse } from "../../supervise/validate.ts";
import { ownConfidence } from "../../worker/asAnswer.ts";
import { isWorkerResult } from "../../worker/contract.ts";
import { doubtIn, workerDoubt } from "../../worker/doubt.ts";
import { missingIn } from "../gates/gate.ts";
import { type Evaluated, type Moment, renderText } from "../scope.ts";
import { callsLeft, finallyFail } from "../settle.ts";
import { placeOf, type Standing, standingAt } from "../standing.ts";
import { renderAll } from "./iterate.ts";

/** The next event about a supervised answer. */
export function reviewNext(moment: Moment, task: OpenTask): readonly Command[] {
  const { supervised, step, frame } = task;
  const supervision = supervisionOf(step, frame.body);
  if (!supervised || !supervision) return [];
  const { validation, quality, confidence } = supervised;
  if (!validation) return validate(moment, task, supervision, supervised);
  if (validation.verdict !== "valid") return decision(moment, task, supervision, supervised);
  if (!quality) return check(moment, task, supervision, supervised, undefined);
  if (!confidence) return score(moment, task, supervision, supervised, undefined);
  return decision(moment, task, supervision, supervised);
}

/** What was asked of others has come to an end. */
export function afterReview(
  moment: Moment,
  task: OpenTask,
  failed: Failure | undefined,
): readonly Command[] {
  const { supervised, opening, path, step, frame } = task;
  const supervision = supervisionOf(step, frame.body);
  if (!supervised || !supervision || opening?.kind !== "review") return [];
  const result = failed ? undefined : (task.results[0] ?? null);
  switch (opening.part) {
    case "validate": {
      const { iteration } = supervised;
      const read = readReview(supervision.validator, result, failed?.message ?? "");
      return [{ event: { type: "response_validated", path, iteration, ...read } }];
    }
    case "tests": {
      const missing = missingIn(testsEvidence(result));
      return missing === undefined
        ? check(moment, task, supervision, supervised, testsSeen(result, failed))
        : finallyFail(standingAt(task), noTests(task, supervision, missing));
    }
    case "judge":
      return score(moment, task, supervision, supervised, readJudgement(result));
  }
}

function validate(
  moment: Moment,
  task: OpenTask,
  { validator }: Supervision,
  { iteration }: Supervised,
): readonly Command[] {
  const { path } = task;
  const found = validateResponse(taskOf(task), workAt(task) ?? workOf(null));
  // What is wrong at first sight needs no reviewer.
  if (validator === "heuristic" || found.verdict !== "valid")
    return [{ event: { type: "response_validated", path, iteration, ...found } }];
  if (callsLeft(moment.state, task)) return [ask(path, "validate")];
  const unsaid = readReview(validator, undefined, "no agent call is left");
  return [{ event: { type: "response_validated", path, iteration, ...unsaid } }];
}

function check(
  moment: Moment,
  task: OpenTask,
  { quality }: Supervision,
  { iteration }: Supervised,
  tests: CommandSeen | undefined,
): readonly Command[] {
  const { path } = task;
  const standing = standingAt(task);
  const wanted = tests ? NONE : testsWanted(moment, standing, quality.tests);
  if (!wanted.ok) return finallyFail(standing, wanted.failure);
  if (wanted.value) return [ask(path, "tests")];
  const requirements = renderAll(moment, placeOf(standing), quality.requirements);
  if (!requirements.ok) return finallyFail(standing, requirements.failure);
  const words = task.step.kind === "worker_call" ? {} : { instructions: taskOf(task) };
  const seen = workAt(task) ?? workOf(null);
  const work = tests ? { ...seen, tests } : seen;
  const checked = checkQuality({ ...words, requirements: requirements.value }, work);
  const ran = tests ? { tests } : {};
  return [{ event: { type: "quality_checked", path, iteration, ...checked, ...ran } }];
}

const NONE = { ok: true, value: false } as const;

/** A command whose text, or last word, comes to nothing is none: so a workflow may leave it to its inputs. */
function testsWanted(
  moment: Moment,
  standing: Standing,
  tests: Supervision["quality"]["tests"],
): Evaluated<boolean> {
  const last = typeof tests === "string" ? tests : tests?.at(-1);
  if (last === undefined) return NONE;
  const command = renderText(moment, placeOf(standing), last);
  return command.ok ? { ok: true, value: command.value.trim() !== "" } : command;
}

function score(
  moment: Moment,
  task: OpenTask,
  { confidence: { agent, weight } }: Supervision,
  supervised: Supervised,
  judged: number | null | undefined,
): readonly Command[] {
  const { validation, quality, iteration, notes } = supervised;
  const { path, step } = task;
  if (!validation || !quality) return [];
  const asks = agent !== undefined && callsLeft(moment.state, task);
  if (asks && judged === undefined) return [ask(path, "judge")];
  const work: Work = workAt(task) ?? workOf(null);
  const { output = null } = task;
  const own = isWorkerResult(output) ? ownConfidence(output) : undefined;
  const scored =
    own ??
    scoreConfidence({
      ...{ work, validation, quality },
      schema: step.kind === "delegate" && step.output_schema !== undefined,
      known: notes.flatMap(({ files }) => files),
    });
  const whole =
    agent === undefined ? scored : withJudgement(scored, { agent, score: judged ?? null, weight });
  return [{ event: { type: "confidence_scored", path, iteration, ...whole } }];
}

function decision(
  moment: Moment,
  task: OpenTask,
  supervision: Supervision,
  supervised: Supervised,
): readonly Command[] {
  const { validation, iteration } = supervised;
  if (!validation) return [];
  const { path } = task;
  const inputs = inputsOf(moment, task, supervision, supervised, validation);
  const findings = findingsAt(supervision, supervised, validation);
  const decided = decideNext(inputs, findings);
  return [{ event: { type: "decision_made", path, iteration, ...decided, findings, inputs } }];
}

function inputsOf(
  moment: Moment,
  task: OpenTask,
  supervision: Supervision,
  supervised: Supervised,
  { verdict, task_unclear }: Validation,
): DecisionInputs {
  const { iteration, clarifications, extra, quality, confidence } = supervised;
  const { max_iterations, clarify_limit, breakpoints } = supervision;
  const doubt = doubtAt(task);
  return {
    ...{ iteration, max_iterations: max_iterations + extra, verdict, task_unclear },
    ...{ calls_left: callsLeft(moment.state, task), clarifications, clarify_limit },
    ...(quality ? { quality: quality.score } : {}),
    ...(confidence ? { confidence: confidence.score } : {}),
    ...(doubt === undefined ? {} : { doubt }),
    thresholds: {
      quality: supervision.quality.threshold,
      confidence: supervision.confidence.threshold,
      ...breakpoints,
    },
  };
}

/** Beyond its confidence, which has thresholds of its own. */
function doubtAt({ output = null }: OpenTask): string | undefined {
  return isWorkerResult(output)
    ? workerDoubt({ ...output, confidence: null }, undefined)
    : doubtIn(output);
}

function findingsAt(
  supervision: Supervision,
  { quality, confidence }: Supervised,
  { verdict, findings }: Validation,
): readonly Finding[] {
  if (verdict !== "valid" || !quality) return findings;
  const wanting = quality.score < supervision.quality.threshold ? findingsOf(quality) : [];
  const unsure = confidence && confidence.score < supervision.confidence.threshold;
  return [...findings, ...wanting, ...(unsure ? doubts(confidence) : [])];
}

function ask(path: string, part: "validate" | "tests" | "judge"): Command {
  return { event: { type: "task_opened", path, opening: { kind: "review", part } } };
}

/** No other iteration would come to more: the tests cannot be run here. */
function noTests(
  { step }: OpenTask,
  { quality: { tests = "" } }: Supervision,
  program: string,
): Failure {
  const title = step.name ?? step.id;
  const message =
    `The tests of ${title} cannot be run: there is no program ${program} (quality.tests: \`${describeCommand(tests)}\`). ` +
    "Install it and retry the task, which runs the tests of what was done; or put the command right and start anew.";
  return failure("tool_unavailable", message, { program });
}

/** The evidence of the verdict on the tests. */
function testsEvidence(result: Json | undefined): Json {
  const verdicts = isObject(result) && isList(result.results) ? result.results : [];
  const [first] = verdicts.filter(isObject);
  return first?.evidence ?? null;
}

/** What the tests came to, from the verdict on them. */
function testsSeen(result: Json | undefined, failed: Failure | undefined): CommandSeen {
  const unrun = { command: "the tests", exit_code: -1, output: failed?.message ?? "" };
  const evidence = testsEvidence(result);
  if (!isObject(evidence)) return unrun;
  const { command, exit_code, output } = evidence;
  return {
    command: typeof command === "string" ? command : isList(command) ? command.join(" ") : "tests",
    exit_code: typeof exit_code === "number" ? exit_code : -1,
    output: typeof output === "string" ? output : "",
  };
}
