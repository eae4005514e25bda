import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessEntry, ProcessTable } from "../../../src/process/tree/processTable.ts";
import { createTree } from "../../../src/process/tree/tree.ts";

/** `pid parent group session start`, a `*` at the end for one that carries the marker. */
function tableOf(state: { lines: readonly string[] }): ProcessTable {
  const entries = () => state.lines.map((line) => parse(line));
  return {
    list: () => entries().map(({ entry }) => entry),
    carriers: (candidates) =>
      candidates.filter(({ pid }) =>
        entries().some(({ entry, marked }) => marked && entry.pid === pid),
      ),
    find: (pid) => entries().find(({ entry }) => entry.pid === pid)?.entry,
  };
}

function parse(line: string): { readonly entry: ProcessEntry; readonly marked: boolean } {
  const [pid = 0, parent = 0, group = 0, session = 0, start = 0] = line
    .split(" ")
    .map(Number.parseFloat);
  return { entry: { pid, parent, group, session, start }, marked: line.endsWith("*") };
}

/** A guard 10 with the command 20; what `lines` hold is there at the next look. */
function open(...lines: readonly string[]) {
  const state = { lines };
  const tree = createTree({ table: tableOf(state), marker: "m", since: 100, exclude: [10] });
  const root = parse("20 10 20 20 100").entry;
  tree.adopt(root);
  const find = () => tree.find().map(({ pid }) => pid);
  const show = (...next: readonly string[]) => {
    state.lines = next;
  };
  return { tree, find, show };
}

test("descendants are members, the guard and strangers are not", () => {
  const { find } = open(
    "10 1 10 10 100",
    "20 10 20 20 100",
    "21 20 20 20 101",
    "22 21 20 20 101",
    "30 1 30 30 101",
  );
  assert.deepEqual(find(), [20, 21, 22]);
});

test("who shares group or session with a member stays one without its parents", () => {
  const { find } = open("21 1 20 20 101", "22 1 22 20 102");
  assert.deepEqual(find(), [21, 22]);
});

test("who was seen stays a member after it left everything", () => {
  const { tree, find, show } = open("20 10 20 20 100", "21 20 20 20 101");
  tree.watch();
  show("21 1 21 21 101", "22 21 22 22 102");
  assert.deepEqual(find(), [21, 22]);
});

test("an orphan is known by its marker, and its children by it", () => {
  const { find } = open("40 1 40 40 101 *", "41 40 41 41 101", "42 1 42 40 101");
  assert.deepEqual(find(), [40, 41, 42]);
});

test("a carrier in a stranger's group does not make that group ours", () => {
  const { tree, find } = open("50 1 50 50 101", "51 50 50 50 101 *", "52 50 50 50 101");
  assert.deepEqual(find(), [51]);
  assert.equal(tree.owns(50), false);
});

test("a number given to somebody else is no member, and neither is its group", () => {
  const { tree, find, show } = open("20 10 20 20 100", "21 20 21 21 101");
  assert.deepEqual(find(), [20, 21]);
  show();
  assert.deepEqual(find(), []);
  show("21 1 21 21 900", "22 1 21 21 901", "20 1 20 20 902");
  assert.deepEqual(find(), []);
  assert.equal(tree.owns(21), false);
});

test("nothing older than the guard is a member", () => {
  const { find } = open("60 1 60 60 99 *", "61 20 20 20 99");
  assert.deepEqual(find(), []);
});
