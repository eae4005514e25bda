import assert from "node:assert/strict";
import { test } from "node:test";
import { compileTemplate } from "../../src/expression/template.ts";
import { createTarget, explode, readBombs, writeBombs, writtenOut } from "./bomb.ts";
import { contextOf, errorOf, rendered } from "./evaluation.ts";

test("every bomb ends as it is recorded, by counting alone", () => {
  const target = createTarget();
  const bombs = readBombs();
  assert.ok(bombs.length >= 100);
  const found = bombs.map((bomb) => ({ ...bomb, ends: explode(writtenOut(bomb), target) }));
  if (process.env.FERMATA_ACCEPT === "1") writeBombs(found);
  const recorded = readBombs();
  for (const [index, { source, ends }] of found.entries()) {
    assert.equal(ends, recorded[index]?.ends, source);
  }
  const limited = found.filter(({ ends }) => ends === "limit");
  assert.ok(limited.length > 200, `only ${limited.length} of ${found.length} run into a limit`);
});

test("an error of a bomb stays short", () => {
  for (const source of [
    "{{ ('x' * 10000).nosuch() }}",
    `{{ ${"a".repeat(50_000)} }}`,
    `{{ '${"x".repeat(900_000)}`,
  ]) {
    assert.ok(errorOf(source).message.length < 300, source.slice(0, 80));
  }
});

test("what an expression may cost does not depend on how much it could read", () => {
  const state = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, { n }]));
  const budget = { steps: 40, bytes: 1000, depth: 20 };
  const tight = contextOf({ state }, { budget });
  assert.equal(rendered("{{ state.k7.n + state.k8.n > 3 and state.k9 is defined }}", tight), true);
  assert.equal(rendered("{{ state }}", tight), state);
  assert.match(errorOf("{{ state | length and state.keys() }}", tight).message, /too many steps/);
});

test("deeply nested data is refused where it is walked, not where it is passed on", () => {
  let deep: readonly unknown[] = [];
  for (let level = 0; level < 20_000; level++) deep = [deep];
  const context = contextOf({ deep: deep as never });
  assert.equal(rendered("{{ deep }}", context), deep);
  for (const source of [
    "{{ deep ~ '' }}",
    "{{ deep == deep[0] }}",
    "{{ [deep] }}",
    "{{ [deep, deep] | sort }}",
  ]) {
    assert.match(errorOf(source, context).message, /nested more than 200 deep/, source);
  }
});

test("ordinary work on large data fits", () => {
  const rows = Array.from({ length: 5000 }, (_, n) => ({
    id: (n * 7919) % 5003,
    name: `row ${n}`,
  }));
  const context = contextOf({ rows, log: "12:00 INFO all is well\n".repeat(1500) });
  for (const source of [
    "{{ rows | sort(attribute='id') | map(attribute='name') | join('\n') }}",
    "{{ rows | tojson(indent=2) }}",
    "{{ rows | selectattr('id', 'gt', 100) | list | length }}",
    "{% for row in rows %}- {{ row.name }}: {{ row.id }}\n{% endfor %}",
    "{{ log | regex_findall('INFO (\\\\w+)') | length }}",
    "{{ log | regex_replace('INFO', 'WARN') | length }}",
    "{{ log | wordwrap(60) | length }}",
    "{{ log.splitlines() | unique | length }}",
  ]) {
    assert.notEqual(rendered(source, context), "", source);
  }
});

test("an expression of ordinary size may nest a good deal", () => {
  assert.ok(compileTemplate(`{{ ${"(".repeat(60)}1${")".repeat(60)} }}`).ok);
  assert.ok(compileTemplate(`{{ 1${" + 1".repeat(200)} }}`).ok);
});
