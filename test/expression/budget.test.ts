import assert from "node:assert/strict";
import { test } from "node:test";
import { compileTemplate } from "../../src/expression/template.ts";
import { contextOf, errorOf, rendered } from "./evaluation.ts";

const doubled = (times: number, then: string) =>
  `{% set x = [1] %}${"{% set x = [x, x] %}".repeat(times)}${then}`;

const text = "lorem ipsum dolor sit amet ".repeat(20_000);
const context = contextOf({ text, row: "a".repeat(200_000), tail: `b${"a".repeat(50_000)}` });

/** Each of these would take seconds, gigabytes or the stack if it were not counted. */
const BOMBS: readonly string[] = [
  "{{ 'x' * 10**9 }}",
  "{{ [0] * 10**9 }}",
  "{{ range(10**9) }}",
  "{{ 'x' | center(10**9) }}",
  "{{ 'x'.ljust(10**9) }}{{ 'x'.zfill(10**9) }}",
  "{{ '%1000000000d' % 5 }}",
  "{{ '{:1000000000}'.format(5) }}",
  "{{ ('%(a)s' * 100000) % {'a': 'x' * 1000} }}",
  "{{ [1] | batch(10**9, 0) }}",
  "{{ [1] | slice(10**9) }}",
  "{{ ('\t' * 100000).expandtabs(1000) }}",
  "{{ 'x' | indent(10**9) }}",
  doubled(22, "{{ x }}"),
  doubled(22, "{{ x | tojson(2) }}"),
  doubled(22, "{{ x == x }}"),
  doubled(22, "{{ [x, x] | sort }}"),
  doubled(22, "{{ x | unique }}"),
  doubled(22, "{{ x ~ '' }}"),
  doubled(22, "{{ [x] | join }}"),
  "{% set s = 'x' * 1000000 %}{{ [s, s, s, s, s, s, s, s, s, s, s, s, s, s] | sort }}",
  "{% set s = 'x' * 1000000 %}{% for i in range(10000) %}{% if s | float %}{% endif %}{% endfor %}{{ 1 / 0 }}",
  "{{ ('1' * 100000 ~ 'x') | float }}{{ ('=' * 100000 ~ 'A') | base64_decode }}{{ 1 / 0 }}",
  "{{ generate_research_tasks('a' ~ '.' * 90000 ~ 'x', 'a-' * 45000) }}{{ 1 / 0 }}",
  "{{ merge_plan_with_feedback('p', '# ' ~ ':' * 90000 ~ 'x\n- y') }}{{ 1 / 0 }}",
  "{% set s = 'é😀' * 100000 %}{% for i in range(1000) %}{{ '%.3s' % s }}{{ s[:2] }}{% endfor %}",
  `{{ ${"row ~ ".repeat(200)}row }}`,
  "{{ ('%(' * 100000) % 1 }}",
  "{% set s = 'x' %}{% for i in range(50) %}{% set ns = s %}{% endfor %}".repeat(30_000),
  `{% set s = 'xxxxxxxxxx' %}${"{% set s = s ~ s %}".repeat(40)}{{ s }}`,
  "{% for a in range(1000) %}{% for b in range(1000) %}{{ a }}{% endfor %}{% endfor %}",
  "{% for a in range(10000) %}{{ text | upper }}{% endfor %}",
  "{% for a in range(10000) %}{{ 'zzz' in text }}{% endfor %}",
  "{% for a in range(10000) %}{{ text | hash }}{% endfor %}",
  "{% for a in range(10000) %}{{ text | length }}{% endfor %}",
  "{{ row | regex_findall('a') }}",
  "{{ tail | regex_findall('a*?b|a') }}",
  "{{ row | regex_search('((a?){200}a{200}){2}b') }}",
  "{{ row | regex_search('(((a{30}){30}){30})') }}",
  "{{ tail | regex_search('(a|aa|aaa|aaaa)+x') }}{{ tail | regex_search('(.*)(.*)(.*)(.*)c') }}{{ 1 / 0 }}",
  "{% for i in range(10000) %}{{ 'x' | regex_search('[a-z]{' ~ i ~ '}') }}{% endfor %}",
  "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
  "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}{% set ns.x = ns.x + [i] %}{% endfor %}",
  `{{ ${"(".repeat(50_000)}1${")".repeat(50_000)} }}`,
  `{{ ${"[".repeat(50_000)}${"]".repeat(50_000)} }}`,
  `{{ 1${" + 1".repeat(20_000)} }}`,
  `{{ ${"-".repeat(40_000)}1 }}`,
  `{{ ${"not ".repeat(40_000)}1 }}`,
  `{{ text${".a".repeat(20_000)} }}`,
  `{{ text${" | upper".repeat(20_000)} }}`,
  `{{ ${"1 if 1 else ".repeat(10_000)}1 }}`,
  "{% if 1 %}".repeat(20_000),
  `{{ [${"1,".repeat(300_000)}] }}`,
  `{{ dict(${Array.from({ length: 5000 }, (_, n) => `a${n}=1`).join(",")}) }}`,
];

test("every bomb is an error, soon", () => {
  for (const source of BOMBS) {
    const start = performance.now();
    const { message } = errorOf(source, context);
    const took = performance.now() - start;
    assert.ok(message.length < 300, source.slice(0, 80));
    // A hundred milliseconds are the aim; a shared machine under load gets ten times that.
    assert.ok(took < 1000, `${took} ms: ${source.slice(0, 80)}`);
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
