/**
 * What a breakpoint asks, in words: the same for terminal, editor, answers file and chat.
 * Owns the wording and the commands that answer it; how an answer is read is readAnswer's matter.
 */
import type { Breakpoint, Form, PermissionKind } from "../run/ask/breakpoint.ts";
import { permissionWord } from "../run/ask/readAnswer.ts";
import { describeCommand } from "../util/shellQuote.ts";
import type { Priority } from "../workflow/definition/supervision.ts";
import { ESCALATION, escalationWords } from "./ask/escalationWords.ts";
import { type FieldView, fieldsOf, fieldWord, ruleWords } from "./formFields.ts";

/** One thing that a person may say. */
export interface Choice {
  /** What is sent as the answer; for a plan it is a word of `PlanChoice`. */
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export type PlanChoice = "approve" | "change" | "reject" | "edit";

export interface FormView {
  readonly id: string;
  readonly path: string;
  readonly kind:
    | "info"
    | "confirm"
    | "text"
    | "choice"
    | "form"
    | "plan"
    | "stop"
    | "outcome"
    | "permission"
    | "escalation";
  /** One line. */
  readonly title: string;
  /** The whole question, or the whole plan: its hash is what an answer is bound to. */
  readonly body: string;
  readonly hash: string;
  readonly choices: readonly Choice[];
  /** What a form asks for, in order; empty for everything else. */
  readonly fields: readonly FieldView[];
  /** What an answer looks like, as a sentence. */
  readonly expected: string;
  readonly openedAt: number;
  /** When its own time-out ends it, in ms since the epoch. */
  readonly due?: number;
  readonly escalated: boolean;
  /** Of an escalation: whose it is, how urgent, who has taken it on. */
  readonly owner?: string;
  readonly priority?: Priority;
  readonly claimedBy?: string;
}

/** Everything a surface needs to ask what a breakpoint asks. */
export function formView(open: Breakpoint): FormView {
  const { form } = open;
  return {
    id: open.id,
    path: open.path,
    kind: kindOf(form),
    title: formHeadline(form),
    body: form.kind === "approval" ? form.plan : form.message,
    hash: open.hash,
    choices: choicesOf(form),
    fields: fieldsOf(form),
    expected: expectedOf(form),
    openedAt: open.opened_at,
    ...(open.due === undefined ? {} : { due: open.due }),
    escalated: open.escalated === true,
    ...(form.kind === "escalation" ? { priority: form.priority } : {}),
    ...(form.kind === "escalation" && form.owner !== undefined ? { owner: form.owner } : {}),
    ...(open.claimed_by === undefined ? {} : { claimedBy: open.claimed_by }),
  };
}

/** What is asked, in one line. */
export function formHeadline(form: Form): string {
  if (form.kind === "approval")
    return form.version > 1 ? `${form.title} (version ${form.version})` : form.title;
  const lines = form.message.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "");
  // What was answered is in the message too, and its questions are not what is asked.
  if (form.kind === "escalation") return said[0] ?? form.reason;
  const question = said.find((line) => !/^[-*+•\d]/.test(line) && QUESTION.test(line)) ?? "";
  return QUESTION.exec(question)?.[0] ?? said[0] ?? "A question";
}

/** A line up to its first question mark. */
const QUESTION = /^[^?]*\?(?=\s|$)/;

/** One way of answering on a command line. */
export interface AnswerCommand {
  readonly says: string;
  readonly command: string;
}

/**
 * The exact commands that answer a breakpoint. `program` is how this program is called here, as words:
 * `["fermata"]`, or `["npm", "run", "-s", "fermata", "--"]`; `options` follow the answer (`--workspace DIR`).
 */
export function answerCommands(
  open: Breakpoint,
  call: {
    readonly run: string;
    readonly program: readonly string[];
    readonly options: readonly string[];
  },
): readonly AnswerCommand[] {
  const command = (...words: readonly string[]): string =>
    describeCommand([...call.program, "answer", call.run, open.id, ...words, ...call.options]);
  const { form } = open;
  switch (form.kind) {
    case "prompt":
      if (form.input === "text") return [{ says: "answer", command: command("YOUR ANSWER") }];
      return form.input === "form"
        ? [{ says: "answer", command: command(...fieldsOf(form).map(fieldWord)) }]
        : choicesOf(form).map(({ value, label }) => ({
            says: label.toLowerCase(),
            command: command(value),
          }));
    case "approval":
      return planCommands(form, open, command);
    case "stop":
      return [{ says: "continue", command: command("continue") }];
    case "outcome":
      return choicesOf(form).map(({ value, label }) => ({
        says: label.toLowerCase(),
        command: command(value),
      }));
    case "permission":
      return choicesOf(form).map(({ value, label }) => ({
        says: label.toLowerCase(),
        command: command(value, "--shown", open.hash),
      }));
    case "escalation":
      return form.allow.map((choice) => ({
        says: ESCALATION[choice].label.toLowerCase(),
        command: command(...escalationWords(choice, form, open.hash)),
      }));
  }
}

function planCommands(
  form: Extract<Form, { kind: "approval" }>,
  open: Breakpoint,
  command: (...words: readonly string[]) => string,
): readonly AnswerCommand[] {
  const change = { says: "request changes", command: command("--comment", "LINE:WHAT TO CHANGE") };
  return [
    { says: "approve", command: command("--approve", "--shown", open.hash) },
    ...(form.revisable ? [change] : []),
    { says: "reject", command: command("--reject", "REASON") },
  ];
}

function kindOf(form: Form): FormView["kind"] {
  if (form.kind === "prompt") return form.input;
  return form.kind === "approval" ? "plan" : form.kind;
}

function choicesOf(form: Form): readonly Choice[] {
  switch (form.kind) {
    case "prompt":
      return promptChoices(form);
    case "approval":
      return planChoices(form);
    case "stop":
      return [{ value: "continue", label: "Continue" }];
    case "outcome":
      return form.options.map((value) => ({ value, ...(OUTCOMES[value] ?? { label: value }) }));
    case "permission":
      return [...form.options.map(permissionChoice(form)), DISMISS];
    case "escalation":
      return form.allow.map((value) => ({ value, ...ESCALATION[value] }));
  }
}

function permissionChoice(
  form: Extract<Form, { kind: "permission" }>,
): (option: (typeof form.options)[number]) => Choice {
  const word = permissionWord(form.options);
  return (option) => ({
    value: word(option),
    label: option.label,
    hint: PERMISSIONS[option.kind],
  });
}

const PERMISSIONS: Readonly<Record<PermissionKind, string>> = {
  allow_once: "this time only",
  allow_always: "and do not ask for the like again",
  reject_once: "this time only",
  reject_always: "and do not ask for the like again",
};

const DISMISS: Choice = {
  value: "dismiss",
  label: "Dismiss",
  hint: "neither yes nor no: the agent is told that the request is cancelled",
};

const OUTCOMES: Readonly<Record<string, { readonly label: string; readonly hint: string }>> = {
  retry: { label: "Retry", hint: "make a new attempt" },
  done: { label: "Done", hint: "count it as finished, without a result" },
  fail: { label: "Fail", hint: "count it as failed" },
};

function promptChoices(form: Extract<Form, { kind: "prompt" }>): readonly Choice[] {
  switch (form.input) {
    case "info":
      return [{ value: "ok", label: "OK" }];
    case "confirm":
      return [
        { value: "yes", label: "Yes" },
        { value: "no", label: "No" },
      ];
    case "choice":
      return (form.options ?? []).map((option) => ({ value: option, label: option }));
    case "text":
    case "form":
      return [];
  }
}

function planChoices(
  form: Extract<Form, { kind: "approval" }>,
): readonly (Choice & { readonly value: PlanChoice })[] {
  return [
    { value: "approve", label: `Approve version ${form.version}` },
    ...(form.revisable
      ? [
          {
            value: "change" as const,
            label: "Request changes",
            hint: "say what; a new version comes back",
          },
        ]
      : []),
    { value: "reject", label: "Reject", hint: "with a line of reason" },
    ...(form.allow.includes("edit")
      ? [{ value: "edit" as const, label: "Edit", hint: "then approve what you wrote" }]
      : []),
  ];
}

function expectedOf(form: Form): string {
  switch (form.kind) {
    case "prompt":
      return expectedAnswer(form);
    case "approval": {
      const ways = [
        "approve it",
        ...(form.revisable ? ["request changes with the line of each"] : []),
        "reject it with a reason",
      ];
      return sentence(ways);
    }
    case "stop":
      return "Continue when you are ready.";
    case "outcome":
      return sentence(form.options);
    case "permission":
      return sentence(choicesOf(form).map(({ label }) => label));
    case "escalation":
      return sentence(form.allow.map((choice) => ESCALATION[choice].expected));
  }
}

function expectedAnswer(form: Extract<Form, { kind: "prompt" }>): string {
  switch (form.input) {
    case "info":
      return "Acknowledge it.";
    case "confirm":
      return "Yes or no.";
    case "choice":
      return sentence(form.options ?? []);
    case "text":
      return `Text${ruleWords(form.validation)}.`;
    case "form":
      return "Each of these, as NAME=VALUE; what is preset may be left out.";
  }
}

function sentence(ways: readonly string[]): string {
  const all =
    ways.length > 1 ? `${ways.slice(0, -1).join(", ")} or ${ways.at(-1)}` : (ways[0] ?? "");
  return `${all.charAt(0).toUpperCase()}${all.slice(1)}.`;
}
