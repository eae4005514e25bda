/** Nodes stay the same for the life of a row, and only what shows something new is drawn again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { reconcile } from "../../../../src/hosts/vscode/tree/rowNodes.ts";

interface Line {
  readonly key: string;
  readonly label: string;
  readonly children: readonly Line[] | undefined;
}

function line(key: string, label: string, children: readonly Line[] | undefined = []): Line {
  return { key, label, children };
}

test("what did not change is not drawn, and keeps its node", () => {
  const first = reconcile(undefined, line("run", "a", [line("x", "1"), line("y", "2")]));
  const second = reconcile(first.node, line("run", "a", [line("x", "1"), line("y", "2")]));
  assert.equal(second.node, first.node);
  assert.deepEqual(second.changed, []);
});

test("a change deep inside draws that row alone", () => {
  const { node } = reconcile(
    undefined,
    line("run", "a", [line("x", "1", [line("z", "0")]), line("y", "2")]),
  );
  const before = node.children?.[0]?.children?.[0];
  const after = reconcile(
    node,
    line("run", "a", [line("x", "1", [line("z", "9")]), line("y", "2")]),
  );
  assert.deepEqual(
    after.changed.map(({ key }) => key),
    ["z"],
  );
  assert.equal(after.changed[0], before);
  assert.equal(before?.row.label, "9");
});

test("a row that came draws its parent once; the others keep their nodes", () => {
  const { node } = reconcile(undefined, line("run", "a", [line("x", "1")]));
  const kept = node.children?.[0];
  const after = reconcile(node, line("run", "a", [line("x", "2"), line("y", "new")]));
  assert.deepEqual(
    after.changed.map(({ key }) => key),
    ["run"],
  );
  assert.equal(after.node.children?.[0], kept);
  assert.equal(kept?.row.label, "2");
});

test("rows that become known are drawn", () => {
  const { node } = reconcile(undefined, { key: "run", label: "a", children: undefined });
  const after = reconcile(node, line("run", "a", [line("x", "1")]));
  assert.deepEqual(
    after.changed.map(({ key }) => key),
    ["run"],
  );
});
