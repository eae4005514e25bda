/**
 * Answers given beforehand whose names no step of a run has: what people mistype in an answers file.
 * Owns that check and its words; must not know where the answers come from.
 */
import type { JsonObject } from "../../util/json.ts";
import { closest } from "../../workflow/closest.ts";
import { places } from "../../workflow/place.ts";
import type { Bundle } from "../../workflow/workflow.ts";
import { type Failure, failure } from "../failure.ts";
import { REVIEW } from "../isolation/parts.ts";
import { stepId } from "../path.ts";

/** Why such answers would never be given, or undefined. Any step may ask, so the id of any step will do. */
export function unknownAnswers(bundle: Bundle, answers: JsonObject): Failure | undefined {
  const steps = Object.values(bundle.workflows).flatMap((workflow) =>
    [...places(workflow)].map(({ step }) => step),
  );
  const reviewed = steps.filter((step) => step.kind === "delegate" && step.isolation);
  const known = new Set([...steps.map(({ id }) => id), ...reviewed.map(() => REVIEW)]);
  const unknown = Object.keys(answers).filter((name) => !known.has(stepId(name)));
  if (unknown.length === 0) return undefined;
  const asking = steps.filter(({ kind }) => kind === "prompt" || kind === "approve");
  const named = [...asking.map(({ id }) => id), ...reviewed.map(({ id }) => `${id}/${REVIEW}`)];
  const asks = [...new Set(named)].sort();
  const hints = unknown.map((name) => {
    const meant = closest(stepId(name), asks);
    return meant === undefined ? `\`${name}\`` : `\`${name}\` (did you mean \`${meant}\`?)`;
  });
  const questions =
    asks.length === 0 ? "It asks nothing." : `Its questions are ${asks.join(", ")}.`;
  return failure(
    "invalid_input",
    `The answers name ${hints.join(", ")}, but ${bundle.main} has no such step. ${questions}`,
  );
}
