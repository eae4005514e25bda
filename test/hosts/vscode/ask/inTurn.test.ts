/** Questions in turn: forward, back, closed, and the rest left as it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ask, askInTurn } from "../../../../src/hosts/vscode/ask/inTurn.ts";

function script(...steps: readonly (readonly [index: number, said: string])[]): {
  readonly ask: Ask<string>;
  done(): void;
} {
  const left = [...steps];
  return {
    ask: async (index) => {
      const [expected, said] = left.shift() ?? [-1, "closed"];
      assert.equal(index, expected);
      return said === "back" || said === "closed" || said === "rest"
        ? { type: said }
        : { type: "said", value: said };
    },
    done: () => assert.deepEqual(left, []),
  };
}

test("answers come in order", async () => {
  const { ask, done } = script([0, "a"], [1, "b"]);
  assert.deepEqual(await askInTurn(2, ask), { type: "all", answers: ["a", "b"] });
  done();
});

test("back asks the one before again, and forgets what came after", async () => {
  const { ask, done } = script(
    [0, "a"],
    [1, "b"],
    [2, "back"],
    [1, "back"],
    [0, "A"],
    [1, "B"],
    [2, "C"],
  );
  assert.deepEqual(await askInTurn(3, ask), { type: "all", answers: ["A", "B", "C"] });
  done();
});

test("back before the first, closing, and the rest", async () => {
  assert.deepEqual(await askInTurn(1, script([0, "back"]).ask), { type: "back" });
  assert.deepEqual(await askInTurn(2, script([0, "a"], [1, "closed"]).ask), { type: "closed" });
  assert.deepEqual(await askInTurn(3, script([0, "a"], [1, "rest"]).ask), {
    type: "all",
    answers: ["a"],
  });
});

test("nothing to ask is answered at once", async () => {
  assert.deepEqual(await askInTurn(0, script().ask), { type: "all", answers: [] });
});
