/** The decision after an iteration: escalate, clarify, retry or proceed, looked at in this order. Pure. */
import type { Decision, DecisionInputs, Finding } from "./facts.ts";

export interface Decided {
  readonly decision: Decision;
  /** Why, in a sentence. */
  readonly reason: string;
}

/**
 * What follows from the scores of an iteration. A response that was not scored (it was not valid) is below no
 * breakpoint. Out of iterations, or of calls, is only what needs another one.
 */
export function decideNext(inputs: DecisionInputs, findings: readonly Finding[] = []): Decided {
  const { thresholds, quality, confidence, verdict, iteration, max_iterations } = inputs;
  if (quality !== undefined && quality < thresholds.quality_too_low)
    return made(
      "escalate",
      `Quality ${quality} is below ${thresholds.quality_too_low}${because(findings)}.`,
    );
  if (confidence !== undefined && confidence < thresholds.low_confidence)
    return made(
      "escalate",
      `Confidence ${confidence} is below ${thresholds.low_confidence}${because(findings)}.`,
    );
  const wrong = shortcoming(inputs, findings);
  if (wrong !== undefined && iteration >= max_iterations)
    return made("escalate", `${iterations(iteration)} made, and still: ${wrong}.`);
  if (wrong !== undefined && !inputs.calls_left)
    return made("escalate", `No agent call is left, and still: ${wrong}.`);
  if (inputs.task_unclear && inputs.clarifications < inputs.clarify_limit)
    return made("clarify", `The task is not clear${because(findings)}.`);
  if (wrong !== undefined) return made("retry", `${capital(wrong)}.`);
  if (inputs.doubt !== undefined) return made("escalate", `${capital(inputs.doubt)}.`);
  return made(
    "proceed",
    verdict === "valid" && quality !== undefined && confidence !== undefined
      ? `Quality ${quality} and confidence ${confidence} are high enough.`
      : "The response is valid.",
  );
}

function shortcoming(
  { verdict, quality, confidence, thresholds }: DecisionInputs,
  findings: readonly Finding[],
): string | undefined {
  if (verdict === "unvalidated") return `the response could not be validated${because(findings)}`;
  if (verdict === "invalid") return `the response is not valid${because(findings)}`;
  if (quality !== undefined && quality < thresholds.quality)
    return `quality ${quality} is below ${thresholds.quality}${because(findings)}`;
  if (confidence !== undefined && confidence < thresholds.confidence)
    return `confidence ${confidence} is below ${thresholds.confidence}${because(findings)}`;
  return undefined;
}

function because([first]: readonly Finding[]): string {
  if (!first) return "";
  // What was printed stands in the finding; a reason is one line.
  const [line = ""] = first.message.split("\n");
  const said = line.replace(/ They say:$/, "").replace(/[.!?]$/, "");
  return `: ${/^[A-Z][a-z]/.test(said) ? said.charAt(0).toLowerCase() + said.slice(1) : said}`;
}

function iterations(made: number): string {
  return made === 1 ? "1 iteration was" : `${made} iterations were`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function made(decision: Decision, reason: string): Decided {
  return { decision, reason };
}
