/** Inputs and answers from the command line's own files. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readAnswersFile } from "../../../src/hosts/cli/session/answersFile.ts";
import { readInputs } from "../../../src/hosts/cli/session/inputs.ts";
import { callWords, commandLine } from "../../../src/hosts/cli/session/programName.ts";
import { shortHash } from "../../../src/util/hash.ts";

const folder = mkdtempSync(join(tmpdir(), "fermata-inputs-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test("inputs come from options, files and a JSON file; options win", async () => {
  const notes = file("notes.md", "# Notes\n");
  const inputs = file("inputs.json", '{"who": "file", "count": 2}');
  const given = await readInputs({
    inputs,
    input: ["who=Ada=Lovelace", `notes=@${notes}`, "agent=@@task", "empty="],
  });
  assert.deepEqual(given, {
    who: "Ada=Lovelace",
    count: 2,
    notes: "# Notes\n",
    agent: "@task",
    empty: "",
  });
});

test("an answers file is known by the hash of its text", async () => {
  const text = "ask: yes\nplan: { approved: true }\n";
  const policy = await readAnswersFile(file("answers.yaml", text));
  assert.deepEqual(policy, {
    id: shortHash(text),
    answers: { ask: "yes", plan: { approved: true } },
  });
});

test("hints can be typed as they stand", () => {
  const npm = callWords({ FERMATA_FROM_NPM: "1" }, { workspace: "/my repo", trust: true });
  assert.equal(
    commandLine(npm, "resume", "run_1"),
    "npm run -s fermata -- resume run_1 --workspace '/my repo' --trust",
  );
  assert.equal(
    commandLine(npm, "show", "run_1"),
    "npm run -s fermata -- show run_1 --workspace '/my repo'",
  );
  assert.equal(commandLine(callWords({}, {}), "runs"), "fermata runs");
});
