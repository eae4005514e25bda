import assert from "node:assert/strict";
import { test } from "node:test";
import { createSlices } from "../../src/engine/slices.ts";

test("work goes on while a slice lasts, and then others have a turn", async () => {
  let now = 0;
  let turns = 0;
  const turn = async () => {
    turns += 1;
  };
  const inSlices = createSlices({ now: () => now, turn });
  for (let piece = 0; piece < 40; piece++) {
    now += 2;
    await inSlices();
  }
  assert.equal(turns, 10);
});

test("the others' turn is no part of a slice", async () => {
  let now = 0;
  let turns = 0;
  const turn = async () => {
    turns += 1;
    now += 1000;
  };
  const inSlices = createSlices({ now: () => now, turn });
  for (let piece = 0; piece < 8; piece++) {
    now += 4;
    await inSlices();
  }
  assert.equal(turns, 4);
});
