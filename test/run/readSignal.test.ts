import assert from "node:assert/strict";
import { test } from "node:test";
import { readSignal } from "../../src/run/readSignal.ts";
import type { Signal } from "../../src/run/signal.ts";
import type { Json } from "../../src/util/json.ts";

const SIGNALS: readonly Signal[] = [
  { type: "answer", breakpoint: "a@1", answer: { approved: true }, by: "me", shown: "h" },
  { type: "answer", breakpoint: "a", answer: null, by: "file", policy: true },
  { type: "signal", name: "go", payload: [1], by: "me" },
  { type: "set", updates: { a: 1 }, by: "me", path: "each[0]" },
  { type: "cancel", by: "me", reason: "enough" },
  { type: "kill", by: "me" },
  { type: "pause", by: "me" },
  { type: "resume", by: "me" },
  { type: "retry", by: "me", path: "a" },
  {
    ...{ type: "stops", session: "s", by: "me", host: "here", pace: "any" },
    places: [{ at: "w:a", condition: "true", log: "x", hits: { when: "from", n: 2 } }],
  },
  { type: "step", session: "s", by: "me", pace: "into", path: "a" },
  { type: "stops_end", session: "s", by: "me" },
];

test("every signal comes through as it was sent", () => {
  for (const signal of SIGNALS) {
    const sent: Json = JSON.parse(JSON.stringify(signal));
    assert.deepEqual(readSignal(sent), signal);
  }
});

test("fields that a type does not have stay outside", () => {
  assert.deepEqual(readSignal({ type: "pause", by: "me", host_died: true, id: "x" }), {
    type: "pause",
    by: "me",
  });
});

test("what is no signal is refused: outcomes, time, unknown types, wrong or missing fields", () => {
  const none: readonly Json[] = [
    null,
    "pause",
    [],
    {},
    {
      type: "outcome",
      path: "a",
      attempt: 1,
      token: "t",
      outcome: { type: "completed", result: 1 },
    },
    { type: "skip", shift: 5, why: "clock" },
    { type: "queued", path: "a", attempt: 1, token: "t" },
    { type: "toString", by: "me" },
    { type: "pause" },
    { type: "pause", by: 7 },
    { type: "step", session: "s", by: "me", pace: "back" },
    { type: "stops", session: "s", by: "me", host: "here", places: [{ condition: "true" }] },
    {
      ...{ type: "stops", session: "s", by: "me", host: "here" },
      places: [{ at: "w:a", hits: { when: "from", n: 0 } }],
    },
    { type: "set", updates: [], by: "me" },
    { type: "answer", breakpoint: "a", by: "me" },
    { type: "answer", breakpoint: "a", answer: 1, by: "me", policy: "yes" },
  ];
  for (const each of none) assert.equal(readSignal(each), undefined, JSON.stringify(each));
});
