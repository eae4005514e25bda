/** The texts of the read-only documents, and foreign text that stays text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { doctorText } from "../../../../src/hosts/vscode/documents/doctorText.ts";
import { markdownTable } from "../../../../src/hosts/vscode/documents/figuresText.ts";
import { transcriptText } from "../../../../src/hosts/vscode/documents/transcriptText.ts";
import { unlinked } from "../../../../src/hosts/vscode/plainText.ts";

test("a transcript says when, which attempt, and what; control characters are visible", () => {
  const at = Date.UTC(2026, 0, 2, 3, 4, 5);
  const text = transcriptText(
    [
      { at, attempt: 1, kind: "stdout", text: "one\ntwo\n" },
      { at: at + 1000, attempt: 2, kind: "text", text: "\u001b[31mred" },
    ],
    "build",
  );
  assert.equal(
    text,
    [
      "── attempt 1 ──",
      "03:04:05  stdout   one",
      "                   two",
      "",
      "── attempt 2 ──",
      "03:04:06  text     ␛[31mred",
      "",
    ].join("\n"),
  );
});

test("a transcript of a failed task ends with why", () => {
  const failed = { code: "command_failed", message: "It exited with 1." } as const;
  const text = transcriptText([{ at: 0, attempt: 1, kind: "stdout", text: "x" }], "a", failed);
  assert.match(text, /x\n── failed: It exited with 1\.\n$/);
});

test("an empty transcript says so", () => {
  assert.equal(transcriptText([], "a/b"), "Nothing was said at a/b yet.\n");
});

test("the doctor's page has what is wrong first, with its fix", () => {
  const findings = [
    { about: "Node", status: "ok", message: "Running on Node 24." },
    { about: "Storage", status: "problem", message: "It is full.", fix: "Free space." },
  ] as const;
  const text = doctorText(findings, "Fermata Doctor");
  assert.equal(
    text,
    "# Fermata Doctor\n\n## Problems\n\n- **Storage**: It is full.\n  - Free space.\n\n## Fine\n\n- **Node**: Running on Node 24.\n",
  );
});

test("foreign text never becomes a link that runs a command", () => {
  assert.equal(unlinked("Press [here](command:evil)\nnow"), "Press [here] (command:evil) now");
});

test("figures stand in columns, as plain as they can be; foreign text in them is no markup", () => {
  const rows = [
    ["agent", "tasks", "cost"],
    ["@task", "12", "$0.02 + unknown"],
    ["[a|b](command:x)", "1", "-"],
  ];
  assert.deepEqual(markdownTable(rows), [
    "| agent                  | tasks |            cost |",
    "| ---------------------- | ----: | --------------: |",
    "| @task                  |    12 | $0.02 + unknown |",
    "| \\[a\\|b\\]\\(command\\:x\\) |     1 |               - |",
  ]);
});
