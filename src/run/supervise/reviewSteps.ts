/**
 * The steps in which supervision asks others about an answer: a reviewing agent, the tests, a judging agent. What they
 * are told of the answer stands in `item`, never in their templates, so that no answer is ever evaluated.
 */
import type { JsonObject } from "../../util/json.ts";
import { withoutMiddle } from "../../util/shorten.ts";
import type { DelegateStep } from "../../workflow/definition/activitySteps.ts";
import type { Supervision } from "../../workflow/definition/supervision.ts";
import type { Step } from "../../workflow/workflow.ts";
import type { ReviewPart } from "../event.ts";
import { JUDGEMENT_SCHEMA } from "./confidence.ts";
import { touched, type Work } from "./evidence.ts";
import { REVIEW_SCHEMA } from "./validate.ts";

/** What the steps of supervision are called, by their ids. */
export const REVIEWS = {
  validate: "Validate the answer",
  tests: "Run the tests",
  judge: "Judge the answer",
} as const;

/** The steps of a part; empty where the settings do not ask for it. `folder`: where the work is, if not in the workspace. */
export function reviewSteps(
  part: ReviewPart,
  supervision: Supervision,
  folder?: string,
): readonly Step[] {
  const { quality, confidence, validator, iteration_timeout: timeout } = supervision;
  const where = folder === undefined ? {} : { folder };
  switch (part) {
    case "validate": {
      const asked = asking("validate", validator, timeout, REVIEW_SCHEMA);
      return [{ ...asked, ...where }];
    }
    case "tests": {
      if (quality.tests === undefined) return [];
      const check = { command: quality.tests };
      const gate = { name: "tests", category: "test_pass_rate", check, severity: "fail" } as const;
      return [{ kind: "gate", id: "tests", name: REVIEWS.tests, gates: [gate], timeout, ...where }];
    }
    case "judge": {
      const { agent } = confidence;
      if (agent === undefined) return [];
      return [{ ...asking("judge", agent, timeout, JUDGEMENT_SCHEMA), ...where }];
    }
  }
}

function asking(
  id: "validate" | "judge",
  agent: string,
  timeout: number,
  output_schema: JsonObject,
): DelegateStep {
  const instructions = `${id === "validate" ? VALIDATE : JUDGE}\n\n${SHOWN}`;
  const asked = { id, name: REVIEWS[id], agent, timeout, instructions, output_schema };
  return { kind: "delegate", effects: "repeatable", ...asked };
}

/** What a reviewer is shown of a task and its answer. */
export function reviewItem(task: string, work: Work | undefined): JsonObject {
  return {
    task,
    response: withoutMiddle(work?.response ?? "", MOST),
    files: work ? [...touched(work)] : [],
  };
}

const MOST = 24_000;

const VALIDATE =
  "Say whether the response below is an answer to the task: whole, about the task, no refusal. Do not do the task. " +
  "List what is wrong, one finding each. If the task cannot be done as it is put, say so (task_unclear) with a question.";

const JUDGE =
  "Say from 0 to 100 how sure you are that the response below does the task, and why. Do not do the task.";

const SHOWN =
  "Task:\n{{ item.task }}\n\nResponse:\n{{ item.response }}\n\nFiles changed: {{ item.files | join(', ') }}";
