import assert from "node:assert/strict";
import { test } from "node:test";
import { createCircuits, type Passage } from "../../src/http/circuit.ts";

function open(passage: Passage): Extract<Passage, { open: true }> {
  return passage.open ? passage : assert.fail("it is not let through");
}

function scene() {
  let at = 0;
  const circuits = createCircuits({ failures: 2, rest: 1000, now: () => at });
  const fail = () => open(circuits.enter("a")).end(false);
  return { circuits, fail, wait: (ms: number) => (at += ms) };
}

test("failures in a row open it, for a while and for one key alone", () => {
  const { circuits, fail, wait } = scene();
  fail();
  open(circuits.enter("a")).end(true);
  fail();
  assert.equal(circuits.stateOf("a"), "closed");
  fail();
  assert.equal(circuits.stateOf("a"), "open");
  wait(400);
  assert.deepEqual(circuits.enter("a"), { open: false, retryAfter: 600 });
  assert.ok(circuits.enter("b").open);
});

test("half open, one call goes through: well closes it, a failure opens it anew", () => {
  const { circuits, fail, wait } = scene();
  fail();
  fail();
  wait(1000);
  assert.equal(circuits.stateOf("a"), "half_open");
  const probe = open(circuits.enter("a"));
  assert.equal(circuits.enter("a").open, false);
  probe.end(false);
  assert.equal(circuits.stateOf("a"), "open");
  wait(1000);
  open(circuits.enter("a")).end(true);
  assert.equal(circuits.stateOf("a"), "closed");
  fail();
  assert.equal(circuits.stateOf("a"), "closed");
});

test("a call that was stopped says nothing of the other side, and lets the next one see", () => {
  const { circuits, fail, wait } = scene();
  fail();
  fail();
  wait(1000);
  const probe = open(circuits.enter("a"));
  probe.end(undefined);
  probe.end(true);
  assert.equal(circuits.stateOf("a"), "half_open");
  assert.ok(circuits.enter("a").open);
});
