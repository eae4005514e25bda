/**
 * Turns what a surface sent into an answer that fits the form, or says in a sentence why it does not.
 * The one reader of answers: terminal, editor, answers file and MCP all come through here.
 */
import { shortHash } from "../../util/hash.ts";
import type { Json, JsonObject } from "../../util/json.ts";
import { isList, isObject, own } from "../../util/json.ts";
import { checkAnswer, checkInputs, formatInputProblem } from "../../workflow/inputs.ts";
import { type Answer, type Comment, type Form, PERMISSION_KINDS } from "./breakpoint.ts";
import { readEscalation } from "./escalation.ts";
import { planItems, withoutItems } from "./plan.ts";

export type ReadAnswer =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly message: string };

type FormOf<K extends Form["kind"]> = Extract<Form, { kind: K }>;

/** Reads an answer to a form. The message of a refusal names what was expected. */
export function readAnswer(form: Form, raw: Json): ReadAnswer {
  switch (form.kind) {
    case "prompt":
      return readPrompt(form, raw);
    case "approval":
      return readApproval(form, raw);
    case "stop":
      return { ok: true, answer: { kind: "stop" } };
    case "outcome":
      return readOutcome(raw);
    case "permission":
      return readPermission(form, raw);
    case "escalation":
      return readEscalation(form, raw);
  }
}

function readPrompt(form: FormOf<"prompt">, raw: Json): ReadAnswer {
  if (form.input === "form") return readFields(form, raw);
  const value = promptValue(form, raw);
  if (value === undefined) return no(expectedOf(form));
  const problems = form.input === "text" ? checkAnswer(form.validation, value) : [];
  return problems.length > 0
    ? no(problems.map((problem) => problem.message).join(" "))
    : { ok: true, answer: { kind: "prompt", value } };
}

/** Every field checked, whoever filled it in; what nobody gave is what was offered. */
function readFields(form: FormOf<"prompt">, raw: Json): ReadAnswer {
  const fields = form.fields ?? {};
  if (!isObject(raw)) return no(expectedOf(form));
  const offered = Object.entries(fields).map(([name, field]) => [name, field.default ?? null]);
  const given = Object.entries(raw).filter(([, value]) => value !== null);
  const values: JsonObject = Object.fromEntries([...offered, ...given]);
  const checked = checkInputs(fields, values, { coerce: true, noun: "field" });
  return checked.ok
    ? { ok: true, answer: { kind: "prompt", value: checked.values } }
    : no(checked.problems.map(formatInputProblem).join(" "));
}

function promptValue(form: FormOf<"prompt">, raw: Json): Json | undefined {
  switch (form.input) {
    case "form":
      return undefined;
    case "info":
      return true;
    case "confirm":
      return yesOrNo(field(raw, "confirmed"));
    case "text": {
      const text = field(raw, "input");
      return typeof text === "string"
        ? text
        : typeof text === "number" || typeof text === "boolean"
          ? String(text)
          : undefined;
    }
    case "choice": {
      const wanted = String(field(raw, "selected") ?? "")
        .trim()
        .toLowerCase();
      return form.options?.find((option) => option.toLowerCase() === wanted);
    }
  }
}

function expectedOf(form: FormOf<"prompt">): string {
  switch (form.input) {
    case "confirm":
      return "It takes yes or no (true or false).";
    case "choice":
      return `It takes one of: ${(form.options ?? []).join(", ")}.`;
    case "form":
      return `It takes its fields as an object: {${Object.keys(form.fields ?? {}).join(", ")}}.`;
    default:
      return "It takes text.";
  }
}

function readApproval(form: FormOf<"approval">, raw: Json): ReadAnswer {
  const given: JsonObject = isObject(raw) ? raw : { approved: yesOrNo(raw) ?? null };
  const comments = readComments(own(given, "comments"));
  if (!comments.ok) return comments;
  if (given.request_changes === true) return readChange(form, comments.value);
  if (given.approved === false) {
    const reason = typeof given.reason === "string" ? given.reason : "";
    return {
      ok: true,
      answer: { kind: "approval", decision: "reject", reason, comments: comments.value },
    };
  }
  if (given.approved !== true) {
    return no(
      "It takes {approved: true}, {approved: false, reason}, or {request_changes: true, comments}.",
    );
  }
  return readApproved(form, given, comments.value);
}

function readChange(form: FormOf<"approval">, comments: readonly Comment[]): ReadAnswer {
  if (!form.revisable)
    return no("This plan cannot be revised any further: approve it or reject it.");
  if (comments.length === 0) return no("Say what to change: comments: [{line, text}].");
  return { ok: true, answer: { kind: "approval", decision: "change", comments } };
}

function readApproved(
  form: FormOf<"approval">,
  given: JsonObject,
  comments: readonly Comment[],
): ReadAnswer {
  const edit = own(given, "plan");
  if (edit !== undefined && edit !== null && typeof edit !== "string") return no("A plan is text.");
  const numbers = readDrop(own(given, "drop"));
  if (!numbers) return no("drop lists the numbers of the items to leave out: [2, 5].");
  if (typeof edit === "string" && edit !== form.plan && !form.allow.includes("edit")) {
    return no("This plan may not be edited: approve it as it is, or reject it.");
  }
  const text = typeof edit === "string" ? edit : form.plan;
  if (numbers.length > 0 && !form.allow.includes("partial")) {
    return no("Items of this plan may not be dropped: approve it whole, or reject it.");
  }
  const count = planItems(text).length;
  const beyond = numbers.find((number) => number < 1 || number > count);
  if (beyond !== undefined)
    return no(`There is no item ${beyond}: the plan has ${count} top-level items.`);
  const plan = withoutItems(text, numbers);
  return {
    ok: true,
    answer: {
      kind: "approval",
      decision: "approve",
      plan,
      hash: shortHash(plan),
      edited: text !== form.plan,
      dropped: numbers.length,
      comments,
    },
  };
}

/** Numbers from 1, each once; undefined for anything else, because an item left in by mistake would be approved. */
function readDrop(raw: Json | undefined): readonly number[] | undefined {
  if (raw === undefined || raw === null) return [];
  const numbers = isList(raw) ? raw.filter((value) => typeof value === "number") : [];
  const whole = isList(raw) && numbers.length === raw.length && numbers.every(Number.isInteger);
  return whole ? [...new Set(numbers)] : undefined;
}

function readComments(
  raw: Json | undefined,
):
  | { readonly ok: true; readonly value: readonly Comment[] }
  | { readonly ok: false; readonly message: string } {
  if (raw === undefined || raw === null) return { ok: true, value: [] };
  const listed = isList(raw) ? raw : [raw];
  const comments: Comment[] = [];
  for (const entry of listed) {
    const text = typeof entry === "string" ? entry : isObject(entry) ? entry.text : undefined;
    const line = isObject(entry) && typeof entry.line === "number" ? entry.line : 1;
    if (typeof text !== "string" || text.trim() === "")
      return { ok: false, message: "A comment is {line, text}." };
    const end = isObject(entry) ? entry.end_line : undefined;
    comments.push({
      line,
      ...(typeof end === "number" && end > line ? { end_line: end } : {}),
      text,
    });
  }
  return { ok: true, value: comments };
}

function readOutcome(raw: Json): ReadAnswer {
  const selected = String(field(raw, "selected") ?? "").toLowerCase();
  if (selected === "retry" || selected === "done" || selected === "fail") {
    return { ok: true, answer: { kind: "outcome", selected } };
  }
  return no("It takes one of: retry, done, fail.");
}

/** By the kind of what is offered, by the agent's name of it, or by what a person reads; a plain yes or no is for once. */
function readPermission({ options }: FormOf<"permission">, raw: Json): ReadAnswer {
  const given = field(raw, "selected");
  const plain = yesOrNo(given);
  const said = typeof given === "string" ? given.trim().toLowerCase() : "";
  if (said === "dismiss") return { ok: true, answer: { kind: "permission", decision: "dismiss" } };
  const kind = PERMISSION_KINDS.find((known) => known === said);
  const wanted = kind ?? (plain === undefined ? undefined : plain ? "allow_once" : "reject_once");
  const found =
    options.find(({ id }) => id.toLowerCase() === said) ??
    options.find((option) => option.kind === wanted) ??
    options.find(({ label }) => label.trim().toLowerCase() === said);
  if (found) {
    const { kind: decision, id: option } = found;
    return { ok: true, answer: { kind: "permission", decision, option } };
  }
  const words = options.map(permissionWord(options)).join(", ");
  return no(`It takes one of: ${words}, dismiss.`);
}

/** The word for one of the options: its kind where no other has that, else the agent's own name. */
export function permissionWord(
  options: FormOf<"permission">["options"],
): (option: FormOf<"permission">["options"][number]) => string {
  return ({ id, kind }) =>
    options.filter((other) => other.kind === kind).length === 1 ? kind : id;
}

function field(raw: Json, name: string): Json | undefined {
  return isObject(raw) ? own(raw, name) : raw;
}

function yesOrNo(raw: Json | undefined): boolean | undefined {
  if (typeof raw === "boolean") return raw;
  const word = typeof raw === "string" ? raw.trim().toLowerCase() : "";
  if (["y", "yes", "true", "approve", "approved", "ok"].includes(word)) return true;
  if (["n", "no", "false", "reject", "rejected"].includes(word)) return false;
  return undefined;
}

function no(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
