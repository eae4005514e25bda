/** The alarm rings once, not early, and notices time that passed while the machine slept. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createAlarm } from "../../../src/engine/embedded/alarm.ts";
import { systemTimer } from "../../../src/engine/embedded/systemTimer.ts";

/** An alarm over the test's clock; `pass` lets both the clock and the timers go on. */
function alarmOf(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const clock = { now: 1_000 };
  const rings: number[] = [];
  const alarm = createAlarm(() => clock.now, systemTimer);
  return {
    clock,
    rings,
    jumped: () => alarm.jumped?.(),
    set: (due: number | undefined) => alarm.set(due, () => rings.push(clock.now)),
    pass: (ms: number) => {
      clock.now += ms;
      t.mock.timers.tick(ms);
    },
  };
}

test("it rings when the time has come, once", (t) => {
  const { rings, set, pass } = alarmOf(t);
  set(1_500);
  pass(499);
  assert.deepEqual(rings, []);
  pass(1);
  pass(10_000);
  assert.deepEqual(rings, [1_500]);
});

test("what is due already rings at the next turn, never within the call", (t) => {
  const { rings, set, pass } = alarmOf(t);
  set(10);
  assert.deepEqual(rings, []);
  pass(0);
  assert.deepEqual(rings, [1_000]);
});

test("a later call replaces the earlier, and undefined takes it back", (t) => {
  const { rings, set, pass } = alarmOf(t);
  set(1_100);
  set(1_200);
  pass(150);
  assert.deepEqual(rings, []);
  set(undefined);
  pass(10_000);
  assert.deepEqual(rings, []);
});

test("a long wait is cut into looks, and beyond what a timer can count", (t) => {
  const { rings, set, pass } = alarmOf(t);
  const month = 30 * 24 * 3_600_000;
  set(1_000 + month);
  for (let minute = 0; minute < 30 * 24 * 60 - 1; minute++) pass(60_000);
  assert.deepEqual(rings, []);
  pass(60_000);
  assert.deepEqual(rings, [1_000 + month]);
});

test("time that passed while the timers slept is seen at the next look", (t) => {
  const { clock, rings, set, pass } = alarmOf(t);
  set(1_000 + 3_600_000);
  clock.now += 3_600_000;
  pass(60_000);
  assert.equal(rings.length, 1);
});

test("a clock that was set back makes it wait, not ring", (t) => {
  const { clock, rings, set, pass } = alarmOf(t);
  set(2_000);
  clock.now -= 500;
  pass(1_000);
  assert.deepEqual(rings, []);
  pass(500);
  assert.deepEqual(rings, [2_000]);
});

test("eight hours of sleep are told as a jump, also to who asks before the timer fires", (t) => {
  const sleep = 8 * 3_600_000;
  const { clock, rings, set, pass, jumped } = alarmOf(t);
  set(1_000 + 3_600_000);
  pass(60_000);
  assert.equal(jumped(), 0);
  clock.now += sleep;
  pass(60_000);
  assert.equal(rings.length, 1);
  assert.equal(jumped(), sleep);
  assert.equal(jumped(), 0, "told once");
  set(clock.now + 3_600_000);
  clock.now += sleep;
  assert.equal(jumped(), sleep);
});

test("a clock that was set back is told as a jump back; a busy process is none", (t) => {
  const { clock, set, pass, jumped } = alarmOf(t);
  set(clock.now + 3_600_000);
  pass(63_000);
  assert.equal(jumped(), 0);
  clock.now -= 3_600_000;
  assert.equal(jumped(), -3_600_000);
  clock.now -= 3_600_000;
  set(undefined);
  assert.equal(jumped(), -3_600_000, "measured before nothing is due any more");
  clock.now += 3_600_000;
  assert.equal(jumped(), 0, "nothing is measured while nothing is due");
});
