/** Places for agents: never more than there are, in turn for every run, given back whatever happens. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAgentPool } from "../../../src/engine/embedded/agentPool.ts";
import { drawing } from "../../run/drawing.ts";

function watched(most: number | (() => number)) {
  const pool = createAgentPool(typeof most === "number" ? () => most : most);
  const entered: string[] = [];
  return {
    entered,
    enter: (run: string, name: string) => {
      const place = pool.enter(run);
      void place.ready.then(() => entered.push(name));
      return place;
    },
    settled: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
}

test("as many as there are places enter at once, the next when one leaves", async () => {
  const { enter, entered, settled } = watched(2);
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => enter("run", name));
  assert.deepEqual([a?.free, b?.free, c?.free, d?.free], [true, true, false, false]);
  a?.leave();
  a?.leave();
  await settled();
  assert.deepEqual(entered, ["a", "b", "c"]);
});

test("runs take turns, whatever one of them asks for", async () => {
  const { enter, entered, settled } = watched(1);
  const first = enter("long", "long 0");
  const others = [1, 2, 3].map((n) => enter("long", `long ${n}`));
  const short = enter("short", "short");
  for (const place of [first, ...others, short]) {
    await settled();
    place.leave();
  }
  await settled();
  assert.deepEqual(entered.slice(0, 3), ["long 0", "long 1", "short"]);
});

test("who leaves while waiting never enters, and holds nobody up", async () => {
  const { enter, entered, settled } = watched(1);
  const a = enter("run", "a");
  const b = enter("run", "b");
  enter("run", "c");
  b.leave();
  a.leave();
  await settled();
  assert.deepEqual(entered, ["a", "c"]);
});

test("the number may change while they wait", async () => {
  let most = 1;
  const { enter, entered, settled } = watched(() => most);
  const a = enter("run", "a");
  for (const name of ["b", "c", "d"]) enter("run", name);
  most = 3;
  a.leave();
  await settled();
  assert.deepEqual(entered, ["a", "b", "c", "d"]);
});

test("at random: never too many, and in the end everybody was in", async () => {
  const draw = drawing(11);
  const pool = createAgentPool(() => 3);
  let inside = 0;
  let most = 0;
  const work = async (run: string): Promise<void> => {
    const place = pool.enter(run);
    await place.ready;
    inside += 1;
    most = Math.max(most, inside);
    for (let turns = draw(4); turns > 0; turns--) await Promise.resolve();
    inside -= 1;
    place.leave();
  };
  await Promise.all(Array.from({ length: 300 }, (_, nth) => work(`run ${nth % 7}`)));
  assert.equal(most, 3);
  assert.equal(inside, 0);
  assert.equal(pool.enter("run").free, true);
});
