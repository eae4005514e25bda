/**
 * An open question as data for a program that reads it: what is asked, the hash of that, and what an answer looks like.
 * Owns that shape; whether a program may answer is for others to say.
 */
import type { Breakpoint } from "../../run/ask/breakpoint.ts";
import type { JsonObject } from "../../util/json.ts";
import { type FormView, formView } from "../breakpointForm.ts";

/** A question of a run. `answerable`: whoever reads this may answer it; otherwise only a person does. */
export function questionFacts(open: Breakpoint, answerable: boolean): JsonObject {
  const view = formView(open);
  const { id, path, kind, title, body, choices, fields, expected, hash, openedAt, due } = view;
  return {
    ...{ question: id, path, kind, title, text: body, expected },
    ...(choices.length > 0 && kind !== "plan" ? { choices: choices.map(choiceFacts) } : {}),
    ...(fields.length > 0
      ? { fields: fields.map(({ name, label, takes }) => ({ name, label, takes })) }
      : {}),
    ...{ answer: answerShape(view, open), shown: hash, answerable },
    waiting_since: new Date(openedAt).toISOString(),
    ...(due === undefined ? {} : { due: new Date(due).toISOString() }),
    ...(view.escalated ? { overdue: true } : {}),
  };
}

/** JSON Schema of what `questionFacts` gives. */
export const QUESTION_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    question: { type: "string", description: "Its id." },
    path: { type: "string", description: "Path of the task that asks." },
    kind: { type: "string" },
    title: { type: "string" },
    text: { type: "string", description: "The whole question, or the whole plan." },
    expected: { type: "string" },
    choices: { type: "array", items: { type: "object" } },
    fields: { type: "array", items: { type: "object" } },
    answer: { type: "string", description: "What an answer looks like." },
    shown: { type: "string", description: "Hash of the question: an answer names it." },
    answerable: { type: "boolean", description: "False: only a person answers this one." },
    waiting_since: { type: "string" },
    due: { type: "string" },
    overdue: { type: "boolean" },
  },
  required: ["question", "path", "kind", "title", "text", "answer", "shown", "answerable"],
};

function choiceFacts({ value, label }: FormView["choices"][number]): JsonObject {
  return { value, label };
}

function answerShape({ kind, choices }: FormView, { form }: Breakpoint): string {
  switch (kind) {
    case "text":
      return "a text";
    case "confirm":
      return "true or false";
    case "form":
      return "an object with a value for each field";
    case "choice":
    case "outcome":
    case "permission":
      return `one of ${JSON.stringify(choices.map(({ value }) => value))}`;
    case "info":
    case "stop":
      return "true";
    case "escalation":
      return `{ decision: one of ${JSON.stringify(choices.map(({ value }) => value))}, with response (edit), guidance (retry), agent (reroute) or reason (fail) }`;
    case "plan": {
      const revisable = form.kind === "approval" && form.revisable;
      const change = revisable ? ", { request_changes: true, comments: [{ line, text }] }" : "";
      return `{ approved: true }, { approved: false, reason }${change}`;
    }
  }
}
