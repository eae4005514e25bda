import assert from "node:assert/strict";
import { test } from "node:test";
import { linkBundle } from "../../src/workflow/link.ts";
import { loadFrom, seedFiles } from "./seeds.ts";

function file(name: string, steps: string, rest = ""): string {
  return `name: ${name}\nversion: 1.0.0\nsteps:\n${steps}${rest}`;
}

function link(files: Record<string, string>) {
  const [fileName = "", text = ""] = Object.entries(files)[0] ?? [];
  return linkBundle({ fileName, text, load: loadFrom(new Map(Object.entries(files))) });
}

test("the seed's main workflow finds its task in the file beside it", () => {
  const files = seedFiles();
  const fileName = "interactive-planning.yaml";
  const { bundle } = linkBundle({
    fileName,
    text: files.get(fileName) ?? "",
    load: loadFrom(files),
  });
  assert.equal(bundle?.main, "planning:interactive");
  assert.deepEqual(Object.keys(bundle?.workflows ?? {}), [
    "planning:interactive",
    "planning:research_task",
  ]);
  const foreach = bundle?.workflows["planning:interactive"]?.steps[2];
  assert.deepEqual(foreach?.kind === "foreach" && foreach.task, {
    name: "research_task",
    workflow: "planning:research_task",
  });
});

test("a file's own task goes before a workflow of that name", () => {
  const { bundle } = link({
    "a.workflow.yaml": file(
      "a",
      "  - {id: x, type: foreach, items: [1], task: dig}\n",
      "tasks:\n  dig: {steps: [{id: y, type: workflow, workflow: other}]}\n",
    ),
    "dig.yaml": file("dig", "  []\n"),
    "other.yaml": file("other", "  []\n"),
  });
  assert.deepEqual(Object.keys(bundle?.workflows ?? {}), ["a", "other"]);
  const main = bundle?.workflows.a;
  const outer = main?.steps[0];
  assert.deepEqual(outer?.kind === "foreach" && outer.task, {
    name: "dig",
    workflow: "a",
    task: "dig",
  });
  const inner = main?.tasks.dig?.steps[0];
  assert.deepEqual(inner?.kind === "workflow" && inner.workflow, {
    name: "other",
    workflow: "other",
  });
});

test("what a legacy file loads is legacy", () => {
  const sub = file("b", "  []\n");
  const step = "  - {id: x, type: workflow, workflow: b}\n";
  const strictOf = (main: string) =>
    link({ [main]: file("a", step), "b.workflow.yaml": sub }).bundle?.workflows.b?.strict;
  assert.equal(strictOf("a.yaml"), false);
  assert.equal(strictOf("a.workflow.yaml"), true);
});

test("two files of one name are both kept", () => {
  const { bundle } = link({
    "a.workflow.yaml": file("same", "  - {id: x, type: workflow, workflow: b}\n"),
    "b.yaml": file("same", "  []\n"),
  });
  assert.deepEqual(Object.keys(bundle?.workflows ?? {}), ["same", "same (b.yaml)"]);
});

test("a name that leads nowhere, or back, is an error at the name", () => {
  const unknown = link({
    "a.workflow.yaml": file(
      "a",
      "  - {id: x, type: foreach, items: [1], task: digg}\n",
      "tasks:\n  dig: {steps: []}\n",
    ),
  });
  assert.equal(unknown.bundle, undefined);
  assert.deepEqual(
    unknown.diagnostics.map(({ code, suggestion, range }) => [
      code,
      suggestion,
      range.start.column,
    ]),
    [["unknown-task", "dig", 46]],
  );
  const cycle = link({
    "a.workflow.yaml": file("a", "  - {id: x, type: workflow, workflow: b}\n"),
    "b.workflow.yaml": file("b", "  - {id: y, type: workflow, workflow: a}\n"),
  });
  assert.deepEqual(
    cycle.diagnostics.map(({ code, fileName }) => [code, fileName]),
    [["cycle", "b.workflow.yaml"]],
  );
});

test("a workflow that lies too deep is told of at the name that goes too far", () => {
  const chain = (count: number, limits = ""): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [
        `w${n}.workflow.yaml`,
        file(
          `w${n}`,
          n + 1 < count
            ? `  - {id: a, type: workflow, workflow: deep}\n  - {id: b, type: foreach, items: [1], task: w${n + 1}}\n`
            : "  []\n",
          `tasks:\n  deep: {steps: []}\n${n === 0 ? limits : ""}`,
        ),
      ]),
    );
  const told = (files: Record<string, string>) =>
    link(files).diagnostics.map(({ code, severity, fileName }) => [code, severity, fileName]);
  // Tasks of a file are no workflows of their own, and the main file is inside none.
  assert.deepEqual(told(chain(6)), []);
  assert.deepEqual(told(chain(7)), [["too-deep", "warning", "w5.workflow.yaml"]]);
  assert.deepEqual(told(chain(9)), [["too-deep", "warning", "w5.workflow.yaml"]]);
  assert.deepEqual(told(chain(7, "limits: {max_depth: 6}\n")), []);
  const [first] = link(chain(3, "limits: {max_depth: 1}\n")).diagnostics;
  assert.match(first?.message ?? "", /`w2` would begin inside another one.*in w0\.workflow\.yaml/);
});

test("errors of a loaded file carry its name", () => {
  const { bundle, diagnostics } = link({
    "a.workflow.yaml": file("a", "  - {id: x, type: workflow, workflow: b}\n"),
    "b.yaml": "- not a workflow\n",
  });
  assert.equal(bundle, undefined);
  assert.deepEqual(
    diagnostics.map(({ code, fileName }) => [code, fileName]),
    [
      ["unreadable-workflow", "a.workflow.yaml"],
      ["wrong-type", "b.yaml"],
    ],
  );
});
