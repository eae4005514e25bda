/** The seal of the index: no bit of it can change unseen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openImage } from "../../../src/journal/history/image.ts";
import { isSealed } from "../../../src/journal/history/seal.ts";

test("a sealed image is an SQLite file; any flipped bit and any missing byte shows", async () => {
  const { image } = await openImage(undefined, "here");
  const whole = image.bytes();
  image.dispose();
  assert.equal(Buffer.from(whole.subarray(0, 15)).toString(), "SQLite format 3");
  assert.ok(isSealed(whole));
  for (let bit = 0; bit < whole.length * 8; bit += bit < 800 ? 1 : 1009) {
    const broken = whole.slice();
    broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.ok(!isSealed(broken), `bit ${bit}`);
  }
  for (const length of [0, 1, 59, 99, 100, 4096, whole.length - 1])
    assert.ok(!isSealed(whole.subarray(0, length)), `cut to ${length}`);
  assert.ok((await openImage(whole, "here")).kept);
});
