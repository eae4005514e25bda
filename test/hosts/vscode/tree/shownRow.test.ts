/** Rows of the runs tree that are kept from picture to picture: true after every event, and made anew only where it is needed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { summarize } from "../../../../src/app/runs/summary.ts";
import type { RunEntry } from "../../../../src/hosts/vscode/hostModel.ts";
import { reconcile } from "../../../../src/hosts/vscode/tree/rowNodes.ts";
import { type ShownRow, shownRun } from "../../../../src/hosts/vscode/tree/shownRow.ts";
import type { Recorded } from "../../../../src/run/event.ts";
import { evolve } from "../../../../src/run/evolve/evolve.ts";
import { pastRunOf } from "../../../../src/run/history/pastRun.ts";
import type { RunState } from "../../../../src/run/state.ts";
import { createKeptRows } from "../../../../src/views/runPage/keptRows.ts";
import { playCase } from "../../../run/caseFile.ts";
import { begin, bundleOf, createProgram, simulate } from "../../../run/simulate.ts";

const ITEMS = 60;

test("kept rows show what rows made anew show, after every event, and few are made anew", () => {
  const kept = createKeptRows();
  const settled = new WeakMap();
  let state: RunState | undefined;
  let before: ShownRow | undefined;
  let made = 0;
  let pictures = 0;
  for (const recorded of structuredClone(longRun())) {
    state = evolve(state, recorded);
    kept.note(recorded);
    const now = recorded.at + 1500;
    const row = shownRun(entryOf(state, kept), "me", now, settled);
    assert.deepEqual(
      row,
      shownRun(entryOf(state, createKeptRows()), "me", now),
      recorded.event.type,
    );
    const known = new Set(before ? rowsIn(before) : []);
    made += rowsIn(row).filter((each) => !known.has(each) && isOver(each)).length;
    pictures += 1;
    const { changed } = reconcile(before && reconcile(undefined, before).node, row);
    assert.ok(before === undefined || changed.length < 6, `${changed.map(({ key }) => key)}`);
    before = row;
  }
  assert.ok(pictures > ITEMS * 3, `${pictures}`);
  // Each of the some 120 rows is worded once when it is over, and now and then for its neighbours' sake.
  assert.ok(
    made < ITEMS * 8,
    `${made} rows that were over were worded again in ${pictures} pictures`,
  );
});

test("a long list is folded, a short one is not", () => {
  for (const [items, expanded] of [
    [50, true],
    [51, false],
  ] as const) {
    let state: RunState | undefined;
    for (const recorded of structuredClone(longRun(items))) state = evolve(state, recorded);
    assert.ok(state);
    const row = shownRun(entryOf(state, createKeptRows()), "me", 0);
    const each = row.children?.find(({ label }) => label === "each");
    assert.equal(each?.children?.length, items);
    assert.equal(each?.expanded, expanded, `${items} items`);
  }
});

test("gates can be run again where they have been judged: at their own row, and at the step they are about", () => {
  const gates = [{ name: "held", check: "1 == 1" }];
  const { played } = playCase({
    case: "gates",
    file: {
      steps: [
        { id: "work", type: "delegate", instructions: "Go", gates },
        { id: "check", type: "gate", gates },
        { id: "never", type: "gate", gates, when: false },
        { id: "plain", type: "set_state", updates: {} },
      ],
    },
  });
  const row = shownRun(entryOf(played.state, createKeptRows()), "me", 0);
  const gated = rowsIn(row).filter(({ flags }) => flags.split(" ").includes("gated"));
  assert.deepEqual(
    gated.map(({ path }) => path),
    ["work", "work/gates", "check"],
  );
});

test("a run that another process drives says so until it is over", () => {
  const states: RunState[] = [];
  for (const recorded of structuredClone(longRun(1)))
    states.push(structuredClone(evolve(states.at(-1), recorded)));
  const line = (state: RunState | undefined) => {
    assert.ok(state);
    const entry = entryOf(state, createKeptRows());
    const { label, description, tooltip, flags } = shownRun(
      { ...entry, ownership: "elsewhere" },
      "me",
      0,
    );
    assert.equal(shownRun(entry, "me", 0).description.includes("elsewhere"), false);
    return { label, description, tooltip, takeOver: flags.split(" ").includes("elsewhere") };
  };
  const begun = line(states[0]);
  assert.match(begun.description, /^Running · elsewhere · /);
  assert.match(begun.tooltip, /Another window or terminal drives it/);
  assert.equal(begun.takeOver, true);
  const over = line(states.at(-1));
  assert.doesNotMatch(`${over.description} ${over.tooltip}`, /elsewhere|Another window/);
  assert.equal(over.takeOver, false);
});

function isOver({ status }: ShownRow): boolean {
  return status === "done";
}

function rowsIn(row: ShownRow): readonly ShownRow[] {
  return [row, ...(row.children ?? []).flatMap(rowsIn)];
}

function entryOf(state: RunState, kept: RunEntry["kept"]): RunEntry {
  return {
    ...{ run: "run_1", summary: summarize(pastRunOf(state), "here"), ownership: "here" },
    ...{ state, live: new Map(), kept },
  };
}

/** A loop whose items are done one after another, and a step after it. */
function longRun(count = ITEMS): readonly Recorded[] {
  const program = createProgram();
  const bundle = bundleOf(
    JSON.stringify({
      ...{ name: "long", version: "1.0.0", inputs: { items: { type: "array" } } },
      steps: [
        {
          ...{ id: "each", type: "foreach", items: "{{ inputs.items }}", sequential: true },
          steps: [{ id: "one", type: "delegate", instructions: "{{ item }}" }],
        },
        { id: "end", type: "set_state", updates: {} },
      ],
    }),
  );
  const items = Array.from({ length: count }, (_, index) => `item ${index}`);
  const played = simulate(program, [begin(program, bundle, { items })], {
    outcome: () => ({ type: "completed", result: { response: "fine" } }),
    answer: () => undefined,
  });
  return played.records;
}
