/** What each form asks, in words, and the commands that answer it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Form } from "../../src/run/ask/breakpoint.ts";
import { answerCommands, formView } from "../../src/views/breakpointForm.ts";

const CALL = { run: "run_1", program: ["fermata"], options: ["--workspace", "/my repo"] };

function asked(form: Form): string {
  const open = { id: "deploy[0]/ask@1", path: "deploy[0]/ask", form, hash: "abc", opened_at: 5 };
  const { kind, title, choices, expected } = formView(open);
  return [
    `${kind}: ${title}`,
    ...choices.map(
      ({ value, label, hint }) => `- ${value}: ${label}${hint === undefined ? "" : ` (${hint})`}`,
    ),
    expected,
    ...answerCommands(open, CALL).map(({ says, command }) => `${says}: ${command}`),
  ].join("\n");
}

test("a text prompt", () => {
  const form: Form = {
    kind: "prompt",
    input: "text",
    message: "Hello.\nWhat matters?\nSay it.",
    validation: { min_length: 3 },
  };
  assert.equal(
    asked(form),
    `text: What matters?
Text, at least 3 characters.
answer: fermata answer run_1 'deploy[0]/ask@1' 'YOUR ANSWER' --workspace '/my repo'`,
  );
});

test("a prompt's headline is its own question, not one of its examples", () => {
  const message = "I plan **it**.\n\nWhat matters? For example:\n- Is it fast?\n- By when?\n";
  assert.match(asked({ kind: "prompt", input: "text", message }), /^text: What matters\?\n/);
});

test("an escalation's headline says what was escalated and why, whatever the answer asks", () => {
  const message =
    "Improve the text was escalated: Quality 48 is below 50.\n\nThe answer:\n\nReady?";
  const [more, allow, agents] = [{ priority: "high", response: "Ready?" } as const, [], []];
  const form: Form = {
    kind: "escalation",
    message,
    reason: "low",
    iteration: 1,
    ...more,
    allow,
    agents,
  };
  assert.match(
    asked(form),
    /^escalation: Improve the text was escalated: Quality 48 is below 50\.\n/,
  );
});

test("a choice", () => {
  assert.equal(
    asked({
      kind: "prompt",
      input: "choice",
      message: "Where to",
      options: ["Europe", "the moon"],
    }),
    `choice: Where to
- Europe: Europe
- the moon: the moon
Europe or the moon.
europe: fermata answer run_1 'deploy[0]/ask@1' Europe --workspace '/my repo'
the moon: fermata answer run_1 'deploy[0]/ask@1' 'the moon' --workspace '/my repo'`,
  );
});

test("a plan offers what it allows, and approving names its hash", () => {
  const form: Form = {
    kind: "approval",
    title: "The plan",
    plan: "1. Do",
    version: 2,
    allow: ["edit"],
    revisable: true,
  };
  assert.equal(
    asked(form),
    `plan: The plan (version 2)
- approve: Approve version 2
- change: Request changes (say what; a new version comes back)
- reject: Reject (with a line of reason)
- edit: Edit (then approve what you wrote)
Approve it, request changes with the line of each or reject it with a reason.
approve: fermata answer run_1 'deploy[0]/ask@1' --approve --shown abc --workspace '/my repo'
request changes: fermata answer run_1 'deploy[0]/ask@1' --comment 'LINE:WHAT TO CHANGE' --workspace '/my repo'
reject: fermata answer run_1 'deploy[0]/ask@1' --reject REASON --workspace '/my repo'`,
  );
  assert.equal(formView({ id: "a@1", path: "a", form, hash: "h", opened_at: 0 }).body, "1. Do");
});

test("a stop and an unknown outcome", () => {
  assert.match(
    asked({ kind: "stop", message: "Stopped before deploy." }),
    /^stop: Stopped before deploy.\n- continue: Continue/,
  );
  assert.match(
    asked({ kind: "outcome", message: "Nobody knows.", options: ["retry", "done", "fail"] }),
    /- retry: Retry \(make a new attempt\)[\s\S]*Retry, done or fail\./,
  );
});

test("an agent's question offers what the agent does, and to take it back; answers name the hash", () => {
  const form: Form = {
    kind: "permission",
    message: "claude asks to run a command:\nrm -r build",
    options: [
      { id: "y", label: "Yes", kind: "allow_once" },
      { id: "s", label: "Yes, for this session", kind: "allow_always" },
      { id: "d", label: "Yes, in this folder", kind: "allow_always" },
      { id: "n", label: "No", kind: "reject_once" },
    ],
  };
  assert.equal(
    asked(form),
    `permission: claude asks to run a command:
- allow_once: Yes (this time only)
- s: Yes, for this session (and do not ask for the like again)
- d: Yes, in this folder (and do not ask for the like again)
- reject_once: No (this time only)
- dismiss: Dismiss (neither yes nor no: the agent is told that the request is cancelled)
Yes, Yes, for this session, Yes, in this folder, No or Dismiss.
yes: fermata answer run_1 'deploy[0]/ask@1' allow_once --shown abc --workspace '/my repo'
yes, for this session: fermata answer run_1 'deploy[0]/ask@1' s --shown abc --workspace '/my repo'
yes, in this folder: fermata answer run_1 'deploy[0]/ask@1' d --shown abc --workspace '/my repo'
no: fermata answer run_1 'deploy[0]/ask@1' reject_once --shown abc --workspace '/my repo'
dismiss: fermata answer run_1 'deploy[0]/ask@1' dismiss --shown abc --workspace '/my repo'`,
  );
});

test("a form names each field with what it takes, and the command fills in what is preset", () => {
  const form: Form = {
    kind: "prompt",
    input: "form",
    message: "Settings?",
    fields: {
      environment: {
        type: "string",
        required: true,
        label: "Where",
        validation: { enum: ["staging", "production"] },
      },
      replica_count: { type: "number", default: 3, validation: { min: 1, max: 5 } },
      tags: { type: "array", validation: { min_items: 1 } },
    },
  };
  assert.equal(
    asked(form),
    `form: Settings?
Each of these, as NAME=VALUE; what is preset may be left out.
answer: fermata answer run_1 'deploy[0]/ask@1' environment=VALUE replica_count=3 tags=VALUE --workspace '/my repo'`,
  );
  const open = { id: "ask@1", path: "ask", form, hash: "abc", opened_at: 5 };
  assert.deepEqual(
    formView(open).fields.map(({ label, takes }) => `${label}: ${takes}`),
    [
      "Where: a text, one of staging, production",
      "replica count: a number, at least 1, at most 5 (preset: 3)",
      "tags: a list, at least 1 item (optional)",
    ],
  );
});
