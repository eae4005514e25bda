/**
 * The response validator that needs no model: empty answers, refusals, questions, answers to something else, code that
 * stops half-way. Pure; a reviewing agent's answer is read here, too.
 */
import { isObject, type Json, type JsonObject, own } from "../../util/json.ts";
import { shareIn, specificTerms } from "../../util/words.ts";
import { doubtIn } from "../worker/doubt.ts";
import { codeBlocks, truncation } from "./codeBlocks.ts";
import { touched, type Work } from "./evidence.ts";
import type { Finding, Validation } from "./facts.ts";

/** Looks at a response to a task by rules. */
export function validateResponse(instructions: string, work: Work): Validation {
  const { response } = work;
  const text = response.trim();
  const worked = touched(work).length > 0 || work.data !== undefined;
  if (text === "" && !worked)
    return invalid(finding("empty", "The answer is empty. Do the task, then say what you did."));
  const hasCode = codeBlocks(text).length > 0;
  const refused = !worked && !hasCode && refusalIn(text);
  if (refused) return invalid(finding("refusal", `The answer refuses the task: "${refused}"`));
  const asked = !worked && !hasCode && questionIn(text);
  if (asked) {
    const found = finding("question", `The agent asks instead of answering: "${asked}"`);
    return { ...invalid(found), task_unclear: true, question: asked };
  }
  const cut = truncation(text);
  if (cut) return invalid(finding("truncated", `The answer is not whole. ${cut} Give all of it.`));
  if (!worked && isOffTask(instructions, text))
    return invalid(
      finding("off_task", "The answer has nothing to do with the task. Do what the task asks for."),
    );
  return { verdict: "valid", by: "heuristic", task_unclear: false, findings: [] };
}

/** What stands for the validation of an attempt that came to nothing. */
export function noAnswer(reason: string): Validation {
  return invalid(finding("no_answer", `The last try gave no answer: ${reason}`));
}

/** The schema that a reviewing agent's answer must fit. */
export const REVIEW_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    valid: { type: "boolean", description: "Whether the response is an answer to the task." },
    task_unclear: { type: "boolean", description: "Whether the task cannot be done as it is put." },
    question: { type: "string", description: "What would have to be known." },
    findings: {
      type: "array",
      items: { type: "string" },
      description: "What is wrong, one thing each.",
    },
  },
  required: ["valid"],
};

/** What a reviewing agent said, from its result; anything but a clear word means that it could not be validated. */
export function readReview(agent: string, result: Json | undefined, why: string): Validation {
  const data = isObject(result) ? own(result, "data") : undefined;
  const doubt = result === undefined ? undefined : doubtIn(result);
  if (!isObject(data) || typeof data.valid !== "boolean" || doubt !== undefined) {
    // What a reviewer is to mend is nothing for whoever did the work.
    const [said = ""] = why.split(/[.!?](?:\s|$)/);
    const about = said === "" ? "" : ` (${said})`;
    const unread = `${agent} could not be understood${about}, so nobody has validated the answer.`;
    const message =
      doubt === undefined
        ? unread
        : `${agent} is not sure of its word, so nobody has validated the answer: ${doubt}`;
    return {
      verdict: "unvalidated",
      by: agent,
      task_unclear: false,
      findings: [finding("not_validated", message)],
    };
  }
  const said = Array.isArray(data.findings)
    ? data.findings.filter((one) => typeof one === "string")
    : [];
  const found = said.map((message) => finding("rejected_by_reviewer", message));
  const none = data.valid || found.length > 0;
  const unclear = data.task_unclear === true;
  return {
    verdict: data.valid ? "valid" : "invalid",
    by: agent,
    task_unclear: unclear,
    ...(typeof data.question === "string" && data.question !== ""
      ? { question: data.question }
      : {}),
    findings: none
      ? found
      : [finding("rejected_by_reviewer", `${agent} does not accept the answer.`)],
  };
}

const DECLINES =
  /\b(?:I|we)(?:'m| am| are|'re)?(?: (?:very )?sorry,?(?: but)?(?: (?:I|we))?)? ?(?:can(?:no|['’])t|cannot|can not|could(?:n['’]t| not)|won['’]t|will not|am unable to|are unable to|unable to|am not able to|are not able to|refuse to|must decline|decline to|am not allowed to|don['’]t feel comfortable)(?: (?:to|help|assist|comply|do|fulfil|fulfill|complete|provide|create|generate|write|implement|make|perform|proceed|continue|carry|engage|answer|work)\b|[.!]|$)[^.!?\n]*/i;

/** The sentence that refuses, where an answer begins with one. */
function refusalIn(text: string): string | undefined {
  const found = DECLINES.exec(text.slice(0, 400));
  if (!found) return undefined;
  // Whoever goes on to do something else at length has not refused.
  return text.length > 1500 ? undefined : found[0].trim();
}

const ASKS =
  /\b(?:could|can|would) you (?:please )?(?:clarify|specify|tell|provide|share|explain|describe|confirm|point)|\bplease (?:clarify|specify|provide more|tell me|let me know (?:what|which|how|if))|\b(?:need|require)s? (?:more|further|additional|some) (?:information|details?|context|clarification)|\bwh(?:at|ich)\b[^.?!\n]*\b(?:do|would|should|did) (?:you|I|we)\b[^.?!\n]*\?|\bwhat (?:exactly|specifically|do you mean)/i;

/** The question that an answer is, where it is little else. */
function questionIn(text: string): string | undefined {
  if (text.length > 1200 || !ASKS.test(text)) return undefined;
  const sentences = text.match(/[^.?!\n]+[.?!]*/g) ?? [text];
  const asked = sentences.filter(
    (sentence) => sentence.trim().endsWith("?") || ASKS.test(sentence),
  );
  return asked
    .map((sentence) => sentence.trim())
    .join(" ")
    .slice(0, 600);
}

/** A task that names enough to be recognised by, and an answer that has none of it. */
function isOffTask(instructions: string, text: string): boolean {
  const terms = specificTerms(instructions);
  return terms.length >= 4 && text.length > 40 && shareIn(terms, text) === 0;
}

function finding(code: Finding["code"], message: string): Finding {
  return { code, message };
}

function invalid(found: Finding): Validation {
  return { verdict: "invalid", by: "heuristic", task_unclear: false, findings: [found] };
}
