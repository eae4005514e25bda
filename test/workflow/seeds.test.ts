import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDiagnostic } from "../../src/workflow/diagnostic.ts";
import { validateWorkflow } from "../../src/workflow/validate.ts";
import { loadFrom, seedFiles } from "./seeds.ts";

const files = seedFiles();

function check(fileName: string) {
  const { bundle, diagnostics } = validateWorkflow({
    fileName,
    text: files.get(fileName) ?? assert.fail(`no ${fileName} in the seed`),
    load: loadFrom(files),
    lookups: {
      agents: ["@task", "@code-standards-reviewer"],
      servers: ["memory", "web"],
      tools: ["memory.save", "memory.add", "web.search"],
    },
  });
  return { bundle, lines: diagnostics.map(formatDiagnostic) };
}

test("the seed's main workflow may run, with the warnings of its dialect", () => {
  const { bundle, lines } = check("interactive-planning.yaml");
  assert.ok(bundle);
  assert.deepEqual(lines, [
    "interactive-planning.yaml:41:5: warning: The second `type` of step `gather-requirements` is read as its " +
      "`input`. Did you mean `input`? [second-type]",
    "interactive-planning.yaml:127:9: warning: The second `type` of step `request-approval` is read as its " +
      "`input`. Did you mean `input`? [second-type]",
    "research_task.yaml:43:20: warning: This step reads `state.search_results.sources`, which its `needs_state` " +
      "does not list. Add `search_results` there. [undeclared-read]",
  ]);
});

test("the seed's task alone may run too, and says that its item comes from a foreach", () => {
  const { bundle, lines } = check("research_task.yaml");
  assert.ok(bundle);
  assert.deepEqual(
    lines.map((line) => line.replace(/: warning:.*\[/, " [")),
    ["research_task.yaml:6:14 [item-outside]", "research_task.yaml:43:20 [undeclared-read]"],
  );
});
