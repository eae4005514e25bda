/** Migration of the older dialect: the seeds' files word by word, comments kept, and then strict without a remark. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits } from "../../src/workflow/edit.ts";
import { migrate, todaysName } from "../../src/workflow/mend/migrate.ts";
import { validateWorkflow } from "../../src/workflow/validate.ts";
import { loadFrom, seedFiles } from "./seeds.ts";

const LOOKUPS = {
  agents: ["@task", "@code-standards-reviewer"],
  servers: ["memory", "web"],
  tools: ["memory.save", "memory.add", "web.search"],
};
const seeds = seedFiles();

function migrated(fileName: string) {
  const text = seeds.get(fileName) ?? assert.fail(fileName);
  return { before: text, ...migrate({ fileName, text, load: loadFrom(seeds), lookups: LOOKUPS }) };
}

test("the seeds' files change in three places and nowhere else", () => {
  const main = migrated("interactive-planning.yaml");
  assert.deepEqual(main.changes, [
    { title: "Rename the second `type` to `input`", line: 41 },
    { title: "Rename the second `type` to `input`", line: 127 },
  ]);
  assert.equal(main.name, "interactive-planning.workflow.yaml");
  assert.equal(applyEdits(main.before, main.edits), main.text);
  const task = migrated("research_task.yaml");
  assert.deepEqual(task.changes, [{ title: "Add `search_results` to `needs_state`", line: 43 }]);
  const changed = [main, task].map(({ edits }) => edits.map(({ text }) => text.trim()));
  assert.deepEqual(
    changed.map((lines) => lines.length),
    [2, 1],
  );
});

test("migrated, they validate strictly without a remark, as one bundle", () => {
  const today = new Map(
    [...seeds.keys()].map((name) => {
      const { name: called, text } = migrate({ fileName: name, text: seeds.get(name) ?? "" });
      return [called, text] as const;
    }),
  );
  const fileName = "interactive-planning.workflow.yaml";
  const { bundle, diagnostics } = validateWorkflow({
    fileName,
    text: today.get(fileName) ?? "",
    load: loadFrom(today),
    lookups: LOOKUPS,
  });
  assert.deepEqual(diagnostics, []);
  assert.ok(bundle);
  assert.deepEqual(
    Object.values(bundle.workflows).map(({ strict }) => strict),
    [true, true],
  );
  for (const [name, text] of today) assert.deepEqual(migrate({ fileName: name, text }).changes, []);
});

test("comments and layout stay, `strict: false` goes, and what nobody can guess is left to a person", () => {
  const text = `# about this file
name: old   # its name
version: 1.0.0
strict: false # for now
initial_state: {a: 1,   b: 2}
steps:
  - id: ask   # a question
    type: prompt
    # the kind
    type:  confirm
    message: |
      Well {{ state.b }}?
    needs_state: [ a ]
  - {id: both, type: parallel, branches: [{id: x, steps: [{id: p, type: set_state, updates: {a: 1}}]}, {id: y, steps: [{id: q, type: set_state, updates: {a: 2}}]}]}
`;
  const found = migrate({ fileName: "flows/old.yml", text });
  assert.equal(
    found.text,
    text
      .replace("strict: false # for now\n", "")
      .replace("    type:  confirm", "    input:  confirm")
      .replace("[ a ]", "[ a, b ]"),
  );
  assert.equal(found.name, "old.workflow.yaml");
  assert.equal(applyEdits(text, found.edits), found.text);
  assert.deepEqual([found.ok, found.left.map(({ code }) => code)], [false, ["unordered-writes"]]);
});

test("what is no workflow stays as it is", () => {
  for (const text of ["", "- 1\n", "a: [\n", "strict: false"]) {
    const found = migrate({ fileName: "x.yaml", text });
    assert.equal(applyEdits(text, found.edits), found.text);
    assert.equal(found.ok, false);
  }
  assert.equal(todaysName("a/b.workflow.yml"), "a/b.workflow.yml");
  assert.equal(todaysName("a/b"), "a/b.workflow.yaml");
});
