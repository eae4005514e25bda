/** Sizes for people. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes } from "../../../src/views/machine/bytes.ts";

test("sizes have three digits at most and the unit that fits", () => {
  for (const [bytes, text] of [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 KB"],
    [9949, "9.9 KB"],
    [9960, "10 KB"],
    [999_499, "999 KB"],
    [999_500, "1.0 MB"],
    [2_340_000_000, "2.3 GB"],
    [5e15, "5000 TB"],
  ] as const)
    assert.equal(formatBytes(bytes), text);
});
