/**
 * The functions that planning workflows call instead of an agent: plain text work, the same for the same input.
 * Owns how values become their text; the work itself is in the files beside this one.
 */
import { type Definition, define } from "../definition.ts";
import { Fault } from "../error.ts";
import type { Runtime } from "../runtime.ts";
import { textOf } from "../values/text.ts";
import { kindOf, type Value } from "../values/value.ts";
import { readFindings, writeFindings } from "./findings.ts";
import { mergePlan } from "./mergePlan.ts";
import { researchQuestions } from "./researchQuestions.ts";

/** What is read of a text; more than any task or requirement holds. */
const MAX_TEXT = 100_000;

export const HOST_FUNCTIONS: readonly Definition[] = [
  define(
    "generate_research_tasks(task, requirements=none)",
    "Up to six research questions from the words of a task and its requirements.",
    (rt, _, [task, requirements]) => {
      const subject = givenText(rt, task, "task");
      return [...researchQuestions(subject, paidText(rt, requirements))];
    },
  ),
  define(
    "analyze_search_results(results)",
    "Findings from the results of a search, each with its source.",
    (rt, _, [results]) => {
      const findings = readFindings(results, (value) => paidText(rt, value));
      const text = writeFindings(findings);
      rt.text(text.length);
      return text;
    },
  ),
  define(
    "merge_plan_with_feedback(plan, feedback)",
    "The plan with the points of a review as a list of tasks at its end.",
    (rt, _, [plan, feedback]) => {
      const text = mergePlan(givenText(rt, plan, "plan"), paidText(rt, feedback));
      rt.text(text.length);
      return text;
    },
  ),
];

function givenText(rt: Runtime, value: Value, name: string): string {
  const text = paidText(rt, value);
  if (text.trim() !== "") return text;
  const what = typeof value === "string" ? "empty text" : kindOf(value);
  throw new Fault("value", `\`${name}\` must say something, found ${what}.`);
}

/** The text form of a value; pays for the reading that follows. */
function paidText(rt: Runtime, value: Value): string {
  const text = textOf(rt, value);
  if (text.length > MAX_TEXT) {
    const message = `The text has more than ${MAX_TEXT} characters. Shorten it with \`compress\` first.`;
    throw new Fault("limit", message);
  }
  rt.work(100 + text.length / 2);
  rt.text(text.length);
  return text;
}
