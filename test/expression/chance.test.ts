import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../src/expression/random.ts";
import { contextOf, errorOf, rendered } from "./evaluation.ts";

test("a generator says the same for the same seed, path and attempt, and only then", () => {
  const three = (seed: string, path: string, attempt: number) => {
    const next = seededRandom(seed, path, attempt);
    return [next(), next(), next()];
  };
  const first = three("seed", "a/b", 1);
  assert.deepEqual(three("seed", "a/b", 1), first);
  // Recorded: a run that was journaled by an older version must draw the same numbers today.
  assert.deepEqual(first, RECORDED);
  for (const other of [
    three("seed2", "a/b", 1),
    three("seed", "a/c", 1),
    three("seed", "a/b", 2),
  ]) {
    assert.notDeepEqual(other, first);
  }
});

const RECORDED: readonly number[] = [0.7089811255290871, 0.6659631620657745, 0.7414650565950064];

test("its numbers are spread evenly over [0, 1)", () => {
  const next = seededRandom("x", "y", 1);
  const buckets = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 10_000; draw++) {
    const bucket = Math.floor(next() * 10);
    buckets[bucket] = (buckets[bucket] ?? Number.NaN) + 1;
  }
  for (const count of buckets) assert.ok(count > 850 && count < 1150, String(buckets));
});

test("uuid, random and the random filter draw from the generator they are given", () => {
  const context = () => contextOf({}, { random: seededRandom("seed", "p", 1) });
  const uuid = rendered("{{ uuid() }}", context());
  assert.match(String(uuid), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.equal(rendered("{{ uuid() }}", context()), uuid);
  assert.equal(rendered("{{ uuid() == uuid() }}", context()), false);
  const drawn = rendered("{% for i in range(200) %}{{ random(1, 3) }}{% endfor %}", context());
  assert.deepEqual([...new Set(String(drawn))].sort(), ["1", "2", "3"]);
  const float = Number(rendered("{{ random(1.0, 2.0) }}", context()));
  assert.ok(float >= 1 && float < 2);
  assert.equal(errorOf("{{ random(3, 1) }}").code, "value");
  assert.equal(rendered("{{ ['a', 'b'] | random }}", contextOf({}, { random: () => 0.99 })), "b");
  assert.equal(rendered("{{ [] | random }}"), undefined);
});

test("env tells only what the host allows", () => {
  const env = (name: string) => (name === "HOME" ? "/home/ada" : undefined);
  const context = contextOf({}, { env });
  assert.equal(rendered("{{ env('HOME') }}", context), "/home/ada");
  assert.equal(rendered("{{ env('PATH') }}", context), null);
  assert.equal(rendered("{{ env('PATH', '/bin') }}", context), "/bin");
});

test("now is the time that the context says", () => {
  assert.equal(rendered("{{ now() }}"), "2024-02-29T13:04:05.678Z");
  assert.equal(rendered("at {{ now() }}"), "at 2024-02-29T13:04:05.678Z");
  assert.equal(rendered("{{ now().date() - timedelta(days=29) }}"), "2024-01-31");
  assert.equal(errorOf("{{ now() + timedelta(days=10**9) }}").code, "value");
});
